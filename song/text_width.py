"""Widths of text in columns of a terminal: the one place where they are counted, cut and padded to.

Sequences that a terminal may draw as one character (keycaps, joined emoji) are drawn without what joins them: terminals
disagree on how wide they are then, and Rich counts whole ones in another way than it cuts them. What is left is as wide
as its characters are together, wherever it is cut.
"""

from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len, set_cell_size

from song.terminal_text import inert

_JOINER, _EMOJI_VARIATION = "\u200d", "\ufe0f"


@lru_cache(maxsize=4096)
def drawn(text: str) -> str:
    """A text as it is drawn: inert, and without what joins characters."""
    if _JOINER in text or _EMOJI_VARIATION in text:
        text = text.replace(_JOINER, "").replace(_EMOJI_VARIATION, "")
    return inert(text)


@lru_cache(maxsize=4096)
def width_of(text: str) -> int:
    """The width of a text as it is drawn."""
    return cell_len(drawn(text))


def fitted(text: str, width: int) -> str:
    """A text in exactly so many columns, cut off or filled up with blanks on its right; half a character is a blank.

    Args:
        width: 0 or more.
    """
    return set_cell_size(drawn(text), width)


def padded(text: str, width: int) -> str:
    """A text filled up with blanks on its right to so many columns; a longer one as it is."""
    return drawn(text) + " " * (width - width_of(text))


def tabulate(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines below a heading, every column as wide as it needs to be."""
    everything = [heading, *rows]
    widths = [max(map(width_of, column)) for column in zip(*everything, strict=True)]
    return ["  ".join(map(padded, row, widths)).rstrip() for row in everything]
