"""Text of MIDI files: UTF-8, on one line."""

from unicodedata import category

# Control characters, line and paragraph breaks, and half surrogates, which UTF-8 has no bytes for.
_UNWRITABLE = ("Cc", "Zl", "Zp", "Cs")


def midi_text(words: str) -> bytes:
    """Words as a MIDI file has them: a blank stands for what cannot be written on one line."""
    return "".join(" " if category(letter) in _UNWRITABLE else letter for letter in words).encode()
