"""Readings of what a reader has brought: parts, keys, sections, styles, timing and wobble. Opens no file."""
