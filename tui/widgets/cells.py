"""The columns of a text on the screen: its lines of a width, and the contents of each column.

How wide a text is, is counted in `song.text_width`, whose functions are here too for what draws.
"""

from functools import lru_cache

from rich.cells import cell_len

from song.text_width import drawn, fitted, padded, width_of

__all__ = ["cells", "drawn", "fitted", "padded", "width_of", "wrapped"]


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
