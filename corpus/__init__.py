"""The music to learn from: readers of files, analysis of what they hold, the user's library and the starter set.

Nothing is trained here. Imports `song` alone of our packages; `model` and `tui` may import it.
"""
