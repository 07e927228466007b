"""The plans that control is measured on: random songs that ask for everything, and songs that differ in one thing."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from msgspec.structs import replace

from song.harmony import CHORD_BEATS
from song.notes import RATES, SHAPES
from song.parts import PART_SPECS, PARTS, Part
from song.progressions import progression
from song.scales import SCALES, TONIC_NAMES, parse_key
from song.sections import (
    Constraints,
    Density,
    PartForms,
    PitchRanges,
    Section,
    SectionKind,
    Song,
    WobbleRange,
    number_sections,
)
from song.styles import STYLES
from song.theme import FIRST_DROP, NO_THEME, QUOTES

_T = TypeVar("_T")

_LENGTHS = (1, 2, 3, 4, 4, 6, 8, 8, 8, 12, 16, 16)
_SECTIONS = 5
_NUMERALS = ("i", "I", "bII", "iv7", "V7", "VImaj7", "VII", "ii°", "III+", "i5", "Vsus4", "iadd9", "bVII", "vi")
_FORMS = ("A", "AB", "AAB", "AABA", "ABAC", "ABCD")

LEVELS: dict[str, tuple[str, ...]] = {
    "density": ("0.25", "0.5", "0.75"),
    "style": ("dubstep", "drum & bass", "house", "rock", "classical"),
    "section kind": tuple(kind.value for kind in SectionKind),
}
"""Things asked for in the measurement of asking, with their values: one value a song, all else being equal."""
_ASKING_BARS = 8
_PLAIN = Constraints(wobble=WobbleRange(("1/4", "1/8", "1/8T", "1/16"), 0.85))


def random_song(seed: int) -> Song:
    """A song of five sections whose every constraint is drawn at random.

    Args:
        seed: 0 or more.
    """
    rng = np.random.default_rng([seed, 4])
    names = rng.choice(len(STYLES), int(rng.integers(1, 3)), replace=False)
    # Forms of parts have a generator of their own: whatever they are, a seed's song is the same in all else.
    forms_rng = np.random.default_rng([seed, 5])
    key = _key(rng)
    song = Song(
        title=f"Plan {seed}",
        style={STYLES[name]: 1 / len(names) for name in names},
        key=key,
        seed=seed,
        sections=tuple(_with_part_forms(_random_section(rng, key), forms_rng) for _ in range(_SECTIONS)),
        theme=int(rng.choice([FIRST_DROP, FIRST_DROP, NO_THEME, *range(1, _SECTIONS + 1)])),
    )
    return number_sections(song)


def asking_song(asked: str, level: str) -> Song:
    """A song of one section, plain but for one thing.

    Args:
        asked: a key of `LEVELS`.
        level: one of its values.
    """
    density = float(level) if asked == "density" else 0.5
    kind = SectionKind(level) if asked == "section kind" else SectionKind.DROP
    constraints = Constraints(density=Density(*[density] * len(PARTS)), wobble=_PLAIN.wobble)
    style = level if asked == "style" else "dubstep"
    return Song(style={style: 1.0}, sections=(Section(kind, _ASKING_BARS, constraints),))


def _key(rng: np.random.Generator) -> str:
    scales = list(SCALES)
    return f"{TONIC_NAMES[int(rng.integers(12))]} {scales[int(rng.integers(len(scales)))]}"


def _random_section(rng: np.random.Generator, song_key: str) -> Section:
    def one_of(values: Sequence[_T]) -> _T:
        return values[int(rng.integers(len(values)))]

    start = float(rng.integers(70, 181))
    rates = tuple(sorted(rng.choice(len(RATES), int(rng.integers(0, 6)), replace=False).tolist()))
    kind = one_of(tuple(SectionKind))
    key = _key(rng) if rng.random() < 0.3 else None
    return Section(
        kind=kind,
        bars=one_of(_LENGTHS),
        constraints=Constraints(
            tempo_bpm=(start, start + float(rng.choice([0, 0, 10, -10]))),
            density=Density(*np.round(rng.uniform(0, 1, len(PARTS)), 2).tolist()),
            wobble=WobbleRange(
                tuple(RATES[index] for index in rates), round(float(rng.uniform(0, 1)), 2), one_of(SHAPES)
            ),
            key=key,
            form=one_of(_FORMS) if rng.random() < 0.4 else None,
            form_bars=int(rng.integers(1, 5)),
            temperature=round(float(rng.uniform(0.5, 1.5)), 2),
            style={one_of(STYLES): 1.0} if rng.random() < 0.2 else None,
            ranges=PitchRanges(*(_range(rng, part) for part in (Part.BASS, Part.CHORDS, Part.LEAD))),
            chords=_chords(rng, kind, key or song_key),
            chord_beats=one_of(CHORD_BEATS),
            passing=one_of((None, None, True, False)),
            theme=one_of((None, None, *QUOTES)),
        ),
    )


def _with_part_forms(section: Section, rng: np.random.Generator) -> Section:
    """The section, each of its parts now and then with a form of its own or with none."""
    own = ("", *_FORMS)
    forms = PartForms(*(own[int(rng.integers(len(own)))] if rng.random() < 0.2 else None for _ in PARTS))
    return replace(section, constraints=replace(section.constraints, forms=forms))


def _chords(rng: np.random.Generator, kind: SectionKind, key: str) -> str | None:
    """A progression that the kind may be given, one of any chords, or None."""
    share = rng.random()
    if share < 0.3:
        return None
    if share < 0.7:
        return progression(kind, parse_key(key), bool(rng.random() < 0.5), float(rng.random())).chords
    return " ".join(_NUMERALS[index] for index in rng.integers(0, len(_NUMERALS), int(rng.integers(1, 6))))


def _range(rng: np.random.Generator, part: Part) -> tuple[int, int] | None:
    """An octave or more of a part's range, or None for all of it."""
    if rng.random() < 0.7:
        return None
    spec = PART_SPECS[part]
    low = int(rng.integers(spec.low, spec.high - 11))
    return low, int(rng.integers(low + 12, spec.high + 1))
