"""Any song that the types and ranges allow, small, for Hypothesis.

Strategies are made once each: to make them anew for every draw takes far longer than the draw.
"""

from functools import cache

import msgspec
from hypothesis import strategies as st

from song.harmony import CHORD_BEATS
from song.notes import RATES, SHAPES, Note, Phrase, Wobble
from song.parts import PART_SPECS, PARTS, Part
from song.scales import SCALES
from song.sections import (
    GAPS,
    Cell,
    Cells,
    Constraints,
    Density,
    PartForms,
    PartPatches,
    PitchRanges,
    Section,
    SectionKind,
    Song,
    Take,
    WobbleRange,
    number_sections,
)
from song.styles import STYLES
from song.theme import QUOTES
from song.time import TICKS_PER_BAR

titles = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
keys = st.builds(
    "{}{} {}".format, st.sampled_from("ABCDEFG"), st.sampled_from(["", "#", "b"]), st.sampled_from(sorted(SCALES))
)
bpm = st.floats(40, 300) | st.sampled_from([40.0, 140.0, 300.0])
tempi = st.tuples(bpm, bpm) | bpm.map(lambda steady: (steady, steady))
shares = st.floats(0, 1)


rates, shapes, kinds = st.sampled_from(RATES), st.sampled_from(SHAPES), st.sampled_from(SectionKind)


@cache
def note_tuples(part: Part, bars: int) -> st.SearchStrategy[tuple[Note, ...]]:
    """Sorted notes in a part's range; they may overlap, repeat, and ring past the bars."""
    spec = PART_SPECS[part]
    note = st.builds(
        Note,
        onset_tick=st.integers(0, bars * TICKS_PER_BAR - 1),
        pitch=st.integers(spec.low, spec.high),
        duration_ticks=st.integers(1, 2 * TICKS_PER_BAR),
        velocity=st.integers(1, 127),
    )
    return st.lists(note, max_size=12).map(lambda found: tuple(sorted(found)))


@cache
def wobble_bounds(bars: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, bars * TICKS_PER_BAR - 1), max_size=8, unique=True)


@st.composite
def wobble_tuples(draw: st.DrawFn, bars: int) -> tuple[Wobble, ...]:
    """Sorted wobbles, none overlapping another; the last may run past the bars."""
    bounds = sorted(draw(wobble_bounds(bars)))
    return tuple(
        Wobble(start, end - start, draw(rates), draw(shares), draw(shapes))
        for start, end in zip(bounds[::2], [*bounds[1::2], 2 * bars * TICKS_PER_BAR][: len(bounds[::2])], strict=True)
    )


@cache
def take_lists(part: Part, bars: int) -> st.SearchStrategy[list[Take]]:
    """None, one or two takes."""
    wobbles = wobble_tuples(bars) if part is Part.BASS else st.just(())
    phrase = st.builds(Phrase, st.just(bars), note_tuples(part, bars), wobbles)
    some_bars = st.lists(st.integers(0, bars - 1), unique=True).map(lambda found: tuple(sorted(found)))
    take = st.builds(
        Take,
        phrase,
        seed=st.integers(0, 2**31),
        engine=st.sampled_from(["hand", "0.1.0"]),
        edited=some_bars,
        kept=some_bars,
    )
    return st.lists(take, max_size=2)


chosen = {count: st.integers(0, count - 1) for count in (1, 2)}


@st.composite
def _cells(draw: st.DrawFn, part: Part, bars: int) -> Cell:
    takes = tuple(draw(take_lists(part, bars)))
    return Cell(takes, draw(chosen[len(takes)]) if takes else None, draw(st.booleans()))


@cache
def cells(part: Part, bars: int) -> st.SearchStrategy[Cell]:
    """An empty cell, or one of one or two takes."""
    return _cells(part, bars)


constraints = st.builds(
    Constraints,
    tempo_bpm=tempi,
    density=st.builds(Density, shares, shares, shares, shares),
    wobble=st.builds(WobbleRange, st.lists(rates, unique=True).map(tuple), shares, shapes),
    key=st.none() | keys,
    form=st.none() | st.text("ABCD", min_size=1, max_size=4),
    forms=st.builds(PartForms, drums=st.none() | st.text("ABCD", max_size=4), bass=st.none() | st.just("AB")),
    form_bars=st.integers(1, 8),
    temperature=st.floats(0.1, 2),
    style=st.none() | st.just({"trap": 1.0}),
    ranges=st.sampled_from([PitchRanges(), PitchRanges(bass=(36, 48), lead=(60, 60))]),
    gap=st.sampled_from([None, *GAPS.values()]),
    chords=st.sampled_from([None, "i VI III VII", "I bII7", "v°"]),
    chord_beats=st.sampled_from(CHORD_BEATS),
    passing=st.sampled_from([None, True, False]),
    theme=st.sampled_from([None, *QUOTES]),
)
section_bars, names = st.integers(1, 3), st.just("") | titles
some_parts = st.lists(st.sampled_from(PARTS), unique=True).map(lambda found: tuple(p for p in PARTS if p in found))


@st.composite
def sections(draw: st.DrawFn) -> Section:
    """A section of 1-3 bars."""
    bars = draw(section_bars)
    filled = Cells(**{part.value: draw(cells(part, bars)) for part in PARTS})
    return Section(draw(kinds), bars, draw(constraints), filled, draw(names))


songs = st.builds(
    Song,
    title=titles,
    style=st.dictionaries(st.sampled_from(STYLES), st.floats(0.1, 1), min_size=1, max_size=3),
    key=keys,
    seed=st.integers(0, 2**31 - 1),
    sub=st.booleans(),
    sections=st.lists(sections(), max_size=3).map(tuple),
    theme=st.integers(-1, 4),
    patches=st.sampled_from([PartPatches(), PartPatches(bass="growl", lead="my-own_2")]),
).map(number_sections)
"""Every part of these is heard."""
mixed_songs = st.builds(
    lambda song, muted, solo: msgspec.structs.replace(song, muted=muted, solo=solo), songs, some_parts, some_parts
)


def filled(song: Song, index: int, part: Part, phrase: Phrase) -> Song:
    """The song with one phrase in a cell, put there without the checks and fittings of an edit."""
    section = song.sections[index]
    cell = Cell((Take(phrase),), 0)
    section = msgspec.structs.replace(section, cells=msgspec.structs.replace(section.cells, **{part.value: cell}))
    return msgspec.structs.replace(song, sections=(*song.sections[:index], section, *song.sections[index + 1 :]))
