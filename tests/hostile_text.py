"""A text that holds all that must not reach a terminal as it is."""

HOSTILE = "a\x1b[2Jb\x1b]0;title\x07c\x9bd\x00e\u202ef\u200bg\u2066h\nij\tk\x7f\ufeff\u3164"
"""A name with escape sequences, C1, NUL, overrides of direction, zero-width characters and line breaks."""
