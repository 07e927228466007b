"""The form of an opened file: its bars in sections, by its markers, else as its music speaks for them."""

from collections.abc import Mapping, Sequence

import msgspec

from corpus.analysis.structure import form_markers, kind_of
from corpus.pieces import PieceSection
from song.limits import MAX_BARS
from song.sections import SectionKind

_BLOCK_BARS = 16
"""Bars of a section where nothing tells of any."""


class Stretch(msgspec.Struct, frozen=True):
    """Bars of a file that become a section; `start_bar` counts from 0, and the name is empty where none was given."""

    start_bar: int
    bars: int
    kind: SectionKind
    name: str = ""


def stretches_of(
    markers: Sequence[tuple[int, str]],
    guessed: Sequence[PieceSection],
    bars: int,
    *,
    is_ours: bool = False,
    kinds: Sequence[tuple[int, str]] = (),
) -> list[Stretch]:
    """The sections of a file, which cover all of its bars.

    Args:
        markers: (bar from 0, text), in order.
        guessed: the sections that its music speaks for, in bars of the file.
        bars: its length, 1 or more.
        is_ours: whether each marker is a section's, even a lone one.
        kinds: the kinds of sections whose markers do not tell them, as (bar, name of the kind).
    """
    named = list(dict(reversed(markers)).items())[::-1] if is_ours else form_markers(markers)
    named = [(bar, name) for bar, name in named if bar < bars]
    stretches = _marked(named, bars, dict(kinds)) if named else _unmarked(guessed, bars)
    pieces = []
    for one in stretches:
        for first in range(0, one.bars, MAX_BARS):
            pieces.append(Stretch(one.start_bar + first, min(MAX_BARS, one.bars - first), one.kind, one.name))
    return pieces


def unused_markers(markers: Sequence[tuple[int, str]], stretches: Sequence[Stretch]) -> list[str]:
    """The texts of the markers that name no section, in order."""
    names = {(one.start_bar, one.name) for one in stretches}
    return [text for bar, text in markers if (bar, " ".join(text.split())) not in names]


def _marked(markers: Sequence[tuple[int, str]], end: int, kinds: Mapping[int, str]) -> list[Stretch]:
    """A section from each marker to the next; one whose name tells no kind is of the kind before it."""
    stretches: list[Stretch] = []
    kind = SectionKind.INTRO
    if markers[0][0] > 0:
        stretches.append(Stretch(0, markers[0][0], kind))
    for index, (bar, name) in enumerate(markers):
        stop = markers[index + 1][0] if index + 1 < len(markers) else end
        kind = next((one for one in SectionKind if one.value == kinds.get(bar)), kind_of(name)) or kind
        stretches.append(Stretch(bar, stop - bar, kind, " ".join(name.split())))
    return stretches


def _unmarked(guessed: Sequence[PieceSection], end: int) -> list[Stretch]:
    """The sections that the music speaks for; where it speaks for none, a break in blocks."""
    stretches: list[Stretch] = []
    at = 0
    for bar, bars, kind in [*((one.start_bar, one.bars, one.kind) for one in guessed), (end, 0, SectionKind.BREAK)]:
        while at < bar:
            length = min(_BLOCK_BARS, bar - at)
            stretches.append(Stretch(at, length, SectionKind.BREAK))
            at += length
        if bars:
            stretches.append(Stretch(bar, bars, kind))
            at = bar + bars
    return stretches
