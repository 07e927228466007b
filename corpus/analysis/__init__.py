"""Analysis of what a reader has brought: parts, keys, sections, styles, timing and wobble.

Opens no file, and imports neither readers nor library nor starter set; all of these may import it.
"""
