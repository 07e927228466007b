"""The one writer of bar conditions, for music that is learned from and for planned cells alike."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from model.language.conditions import BAR_COLUMNS, KINDS, MAJOR, MINOR, bars_left, section_place
from song.parts import Part
from song.sections import SectionKind


class PlacedSection(NamedTuple):
    """A section whose kind is known, by where it lies.

    Attributes:
        start_bar: its first bar, counted from the first bar that conditions are written for; below 0 where it began
            before.
        bars: its length.
        kind: what it does.
        place_known: False where the music is a loose phrase of such a section, from nobody knows where in it.
    """

    start_bar: int
    bars: int
    kind: SectionKind
    place_known: bool = True


def bar_conditions(
    part: Part,
    labels: np.ndarray,
    sections: Iterable[PlacedSection] = (),
    *,
    first_bar: int = 0,
    feels: np.ndarray | int = 0,
    minor: bool | None = None,
    wobbles: bool | None = None,
) -> np.ndarray:
    """Write the bar conditions of a part.

    Args:
        part: whose bars they are.
        labels: int (bars,), repeat labels, values of `LABELS`.
        sections: those whose kinds are known; elsewhere the kind is unknown.
        first_bar: where the first bar lies in its piece, from 0: a phrase's eight bars are counted from there.
        feels: int (bars,), the feel of each bar of drums, 0 where it is unknown; of other parts none is told.
        minor: whether the mode is minor, None where it is unknown; drums have none.
        wobbles: whether the bass wobbles in any of the bars, None where it is unknown; of other parts none is told.

    Returns:
        int16 (bars, columns of BAR_COLUMNS).
    """
    bars = len(labels)
    columns = {name: np.zeros(bars, np.int16) for name in BAR_COLUMNS}
    columns["phrase_place"][:] = (first_bar + np.arange(bars)) % 8
    for section in sections:
        for bar in range(max(section.start_bar, 0), min(section.start_bar + section.bars, bars)):
            columns["kind"][bar] = KINDS.index(section.kind) + 1
            if section.place_known:
                place = bar - section.start_bar
                columns["phrase_place"][bar] = place % 8
                columns["section_place"][bar] = section_place(place)
                columns["bars_left"][bar] = bars_left(section.bars - place)
    columns["label"][:] = labels
    if part is Part.DRUMS:
        columns["feel"][:] = feels
    elif minor is not None:
        columns["mode"][:] = MINOR if minor else MAJOR
    if part is Part.BASS and wobbles is not None:
        columns["wobble_wanted"][:] = 1 + wobbles
    return np.stack(list(columns.values()), axis=1)
