"""Places of the sections on the screen: one layout, to scale along the bars, for the arrangement and for the grid."""

from collections.abc import Sequence
from typing import NamedTuple

LEAST_WIDTH = 7
"""The narrowest column, its edge included: below that sections scroll."""


class Column(NamedTuple):
    """The place of a section.

    Attributes:
        section: its index.
        x: the column of its left edge; its contents start one further.
        width: columns with the left edge and without the right one.
    """

    section: int
    x: int
    width: int

    @property
    def inner(self) -> int:
        """Columns of its contents."""
        return self.width - 1


def columns(bars: Sequence[int], width: int, selected: int, left: int = 0) -> tuple[Column, ...]:
    """Columns for the sections that fit, among them the selected one; to scale as far as `LEAST_WIDTH` allows.

    Args:
        bars: the length of each section, 1 or more.
        width: columns there are; one is kept for the right edge of the last section.
        selected: index of the section that has to be seen.
        left: the first column.
    """
    room = width - 1
    count = min(len(bars), max(1, room // LEAST_WIDTH))
    # By pages, so that one step scrolls and the others leave all of it as it is; a neighbour is seen on either side.
    neighbours = 1 if count > 2 else 0
    page = max(1, count - 2 * neighbours)
    first = min(max(0, selected - neighbours) // page * page, len(bars) - count)
    shown = bars[first : first + count]
    placed, x = [], left
    for index, share in enumerate(_shares(shown, room)):
        placed.append(Column(first + index, x, share))
        x += share
    return tuple(placed)


def _shares(bars: Sequence[int], room: int) -> list[int]:
    """The room divided in proportion to the bars, each share at least `LEAST_WIDTH` where there is that much."""
    least = min(LEAST_WIDTH, room // len(bars)) if bars else 0
    fixed: set[int] = set()
    while True:
        free_bars = sum(count for index, count in enumerate(bars) if index not in fixed)
        free_room = room - least * len(fixed)
        narrow = {
            index
            for index, count in enumerate(bars)
            if index not in fixed and free_bars and count * free_room < least * free_bars
        }
        if not narrow:
            break
        fixed |= narrow
    exact = [least if index in fixed else count * free_room / free_bars for index, count in enumerate(bars)]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(bars)), key=lambda index: shares[index] - exact[index])
    for index in by_remainder[: room - sum(shares)]:
        shares[index] += 1
    return shares
