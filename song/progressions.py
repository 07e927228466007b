"""Progressions that styles use, by the steps of the scale, and the draw among them.

Source: the project's notes on dubstep conventions (riffs stay on the tonic and leave it for a bar; melodic styles go
round i VI III VII, i iv VI III, i VII VI V and their rotations; a build leaves the tonic). The moves of each are found
in public progressions or in the starter set, which a test looks up.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from song.dice import Dice
from song.harmony import USUAL_CHORD_BEATS, diatonic_numeral
from song.scales import Key, parse_key
from song.sections import SectionKind, Song

Degrees = tuple[int, ...]
_RIFF_STYLES = frozenset({"dubstep", "riddim", "drum & bass", "trap"})
"""Styles whose drops are riffs; those of the others are led by chords."""
_OWN_STREAM = 1 << 40
"""Apart from the seeds of layouts, so that a progression does not follow from a key."""


class Progression(NamedTuple):
    """A progression with its harmonic rhythm.

    Attributes:
        chords: numerals, as `song.harmony.parse_progression` reads them.
        chord_beats: the length of each chord, of `song.harmony.CHORD_BEATS`.
    """

    chords: str
    chord_beats: int


_RIFF: Sequence[tuple[Degrees, int]] = (
    ((1, 6), 4), ((1, 7), 4), ((1, 1, 6, 7), 4), ((1, 6, 1, 7), 4), ((1, 4), 4), ((1, 6, 7, 6), 4), ((1, 3), 4),
    ((1, 7, 6, 7), 4), ((1, 6, 4, 7), 4), ((1, 6), 8), ((1, 3, 7, 6), 4), ((6, 7, 1, 1), 4),
)  # fmt: skip
_PHRYGIAN_RIFF: Sequence[tuple[Degrees, int]] = (
    ((1, 2), 4), ((1, 2, 1, 7), 4), ((1, 1, 7, 2), 4), ((1, 2, 3, 2), 4), ((1, 6, 2, 2), 4), ((1, 7, 6, 2), 4),
)  # fmt: skip
_SUNG: Sequence[tuple[Degrees, int]] = (
    ((1, 6, 3, 7), 4), ((6, 7, 1, 1), 4), ((6, 3, 7, 1), 4), ((1, 4, 6, 3), 4), ((1, 7, 6, 7), 4), ((6, 4, 1, 7), 4),
    ((1, 3, 7, 6), 4), ((4, 6, 1, 7), 4), ((6, 7, 1, 3), 4), ((1, 6, 4, 7), 4), ((1, 6, 3, 7), 8), ((6, 7, 3, 1), 4),
)  # fmt: skip
_MAJOR: Sequence[tuple[Degrees, int]] = (
    ((1, 5, 6, 4), 4), ((6, 4, 1, 5), 4), ((4, 5, 6, 1), 4), ((1, 4, 6, 5), 4), ((1, 6, 4, 5), 4), ((4, 1, 5, 6), 4),
)  # fmt: skip
_BUILD: Sequence[tuple[Degrees, int]] = (
    ((6, 7), 8), ((6, 6, 7, 7), 8), ((4, 6, 7, 7), 8), ((4, 6), 8), ((6, 4, 7, 7), 8), ((3, 7), 8),
)  # fmt: skip
_PHRYGIAN_BUILD: Sequence[tuple[Degrees, int]] = (((6, 7), 8), ((6, 7, 2, 2), 8), ((6, 2), 8), ((3, 2), 8))
_MAJOR_BUILD: Sequence[tuple[Degrees, int]] = (((4, 5), 8), ((6, 4, 5, 5), 8), ((4, 6, 5, 5), 8))


def progressions(kind: SectionKind, scale: str, sung: bool) -> Sequence[tuple[Degrees, int]]:
    """The steps of the scale, and the beats a chord, that a section may go through; one that stands twice is commoner.

    Args:
        kind: what the section does: drops are riffs where nothing is sung over chords, builds leave the tonic.
        scale: of `song.scales.SCALES`.
        sung: whether the style's drops are led by chords.
    """
    if kind is SectionKind.BUILD:
        return {"major": _MAJOR_BUILD, "phrygian": _PHRYGIAN_BUILD}.get(scale, _BUILD)
    if scale == "major":
        return _MAJOR
    if scale == "phrygian":
        return _PHRYGIAN_RIFF
    return _SUNG if sung or kind is not SectionKind.DROP else _RIFF


def progression_choices(kind: SectionKind, key: Key, style: Mapping[str, float]) -> tuple[str, ...]:
    """The progressions that a section of a kind may be given by its style, each once."""
    rows = progressions(kind, key.scale, is_sung(style))
    return tuple(dict.fromkeys(_numerals(degrees, key) for degrees, _ in rows))


def progression(kind: SectionKind, key: Key, sung: bool, share: float) -> Progression:
    """The progression that a number picks for a section.

    Args:
        kind, sung: as of `progressions`.
        key: gives the scale.
        share: 0 or more and below 1.
    """
    rows = progressions(kind, key.scale, sung)
    degrees, beats = rows[int(share * len(rows))]
    return Progression(_numerals(degrees, key), beats)


def _numerals(degrees: Degrees, key: Key) -> str:
    return " ".join(diatonic_numeral(degree, key.scale) for degree in degrees)


def with_progressions(song: Song, indexes: Collection[int]) -> Song:
    """The song with a progression, drawn by its seed, for some sections.

    Sections that do the same go through the same chords, since that is one of the things by which a song is one. A
    chromatic key gets none: whoever chose it wants no scale.

    Args:
        song: its key, styles and seed hold.
        indexes: the sections.
    """
    dice = Dice(_OWN_STREAM + song.seed)
    shares = {kind: dice.random() for kind in (SectionKind.DROP, SectionKind.BUILD)}
    elsewhere = dice.random()
    sections = list(song.sections)
    for index in indexes:
        section, key = sections[index], parse_key(song.key_of(index))
        chords, beats = None, USUAL_CHORD_BEATS
        if key.scale != "chromatic":
            sung = is_sung(song.style_of(index))
            chords, beats = progression(section.kind, key, sung, shares.get(section.kind, elsewhere))
        asked = replace(section.constraints, chords=chords, chord_beats=beats)
        sections[index] = replace(section, constraints=asked)
    return replace(song, sections=tuple(sections))


def is_sung(style: Mapping[str, float]) -> bool:
    """True where the larger part of a mixture are styles whose drops are led by chords."""
    return sum(share for name, share in style.items() if name in _RIFF_STYLES) < 0.5
