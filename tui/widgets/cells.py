"""Widths of text in columns of a terminal: the one place where they are counted, cut and padded to.

Sequences that a terminal may draw as one character (keycaps, joined emoji) are drawn without what joins them: terminals
disagree on how wide they are then, and Rich counts whole ones in another way than it cuts them. What is left is as wide
as its characters are together, wherever it is cut.
"""

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


def wrapped(text: str, width: int, most_lines: int) -> list[str]:
    """A text in lines of at most so many columns.

    Args:
        width: 2 or more, so that every character has room.
        most_lines: what does not fit in so many is left out.
    """
    lines, room = [""], width
    for character in drawn(text):
        taken = cell_len(character)
        if taken > room:
            lines.append("")
            room = width
        lines[-1] += character
        room -= taken
    return [line for line in lines if line][:most_lines]


@lru_cache(maxsize=4096)
def cells(text: str) -> tuple[tuple[str, int], ...]:
    """The contents of each column of a text that is drawn: a character with its accents, and which column of it."""
    found: list[tuple[str, int]] = []
    for character in text:
        width = cell_len(character)
        if width == 0 and found:
            base, last = found[-1]
            found[len(found) - last - 1 :] = [(base + character, column) for column in range(last + 1)]
        else:
            found += [(character, column) for column in range(width)]
    return tuple(found)
