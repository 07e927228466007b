"""Drums hold the snares and kicks that their style is known by, however the rest of the bar turns out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.protocol import CellRef, KeptBars
from model.writing.fill import CellTakes, Filler
from song.edits.takes import replace_cell
from song.notes import Note, Phrase
from song.parts import Part
from song.sections import Cell, Constraints, Density, Section, SectionKind, Song, Take
from tests.model_tests.filling import fill


@settings(max_examples=10, deadline=None)
@given(density=st.floats(0.05, 1), seed=st.integers(0, 1000))
def test_where_a_style_is_half_time_the_snare_is_on_three_and_not_on_two_and_four(
    tiny_filler: Filler, density: float, seed: int
) -> None:
    section = Section(SectionKind.DROP, 16, Constraints(density=Density(drums=density)))
    song, cell = Song(sections=(section,), style={"dubstep": 1.0}), CellRef(0, Part.DRUMS)
    phrase = fill(tiny_filler, song, [cell], takes=2, seed=seed)[cell].takes[0].phrase
    snares = {(n.onset_tick // 384, n.onset_tick % 384) for n in phrase.notes if n.pitch in (37, 38, 39, 40)}
    sounding = {n.onset_tick // 384 for n in phrase.notes}
    for bar in sounding - {7, 15}:
        assert (bar, 192) in snares
        assert not {tick for place, tick in snares if place == bar} & {88, 92, 96, 100, 104, 280, 284, 288, 292, 296}


@settings(max_examples=10, deadline=None)
@given(density=st.floats(0.05, 1), seed=st.integers(0, 1000))
def test_where_a_style_has_a_backbeat_the_snare_is_on_two_and_four_and_not_on_three(
    tiny_filler: Filler, density: float, seed: int
) -> None:
    section = Section(SectionKind.DROP, 16, Constraints(density=Density(drums=density)))
    song, cell = Song(sections=(section,), style={"house": 1.0}), CellRef(0, Part.DRUMS)
    phrase = fill(tiny_filler, song, [cell], takes=2, seed=seed)[cell].takes[0].phrase
    snares = {(n.onset_tick // 384, n.onset_tick % 384) for n in phrase.notes if n.pitch in (37, 38, 39, 40)}
    onsets = {(n.onset_tick // 384, n.onset_tick % 384) for n in phrase.notes}
    for bar in {bar for bar, _ in onsets} - {7, 15}:
        assert (bar, 96) in snares
        assert (bar, 288) in snares or len({tick for place, tick in onsets if place == bar}) == 1
        assert not {tick for place, tick in snares if place == bar} & {184, 188, 192, 196, 200}


@pytest.mark.parametrize(
    ("kind", "style", "snare_beats"), [(SectionKind.DROP, "house", (1, 3)), (SectionKind.BUILD, "trap", (2,))]
)
@settings(max_examples=8, deadline=None)
@given(density=st.floats(0.05, 1), seed=st.integers(0, 1000))
def test_where_a_style_has_four_on_the_floor_a_kick_is_on_every_beat_beside_the_snares(
    tiny_filler: Filler, kind: SectionKind, style: str, snare_beats: tuple[int, ...], density: float, seed: int
) -> None:
    sections = (Section(kind, 12, Constraints(density=Density(drums=density))), Section(SectionKind.DROP, 4))
    song, cell = Song(sections=sections, style={style: 1.0}), CellRef(0, Part.DRUMS)
    phrase = fill(tiny_filler, song, [cell], takes=2, seed=seed)[cell].takes[0].phrase
    held = 0
    for bar in set(range(12)) - {7, 11}:
        struck = {(n.onset_tick - bar * 384, n.pitch) for n in phrase.notes if n.onset_tick // 384 == bar}
        if len({tick for tick, _ in struck}) >= 4:
            held += 1
            assert {(beat * 96, 36) for beat in range(4)} <= struck
            assert all({(beat * 96, drum) for drum in (37, 38, 39, 40)} & struck for beat in snare_beats)
    assert held or density < 0.5


def test_where_a_style_has_a_kick_on_one_every_bar_has_but_for_fills(tiny_filler: Filler) -> None:
    section = Section(SectionKind.DROP, 16, Constraints(density=Density(drums=0.5)))
    song, cell = Song(sections=(section,), style={"dubstep": 1.0}), CellRef(0, Part.DRUMS)
    for take in fill(tiny_filler, song, [cell], takes=4)[cell].takes:
        kicks = {note.onset_tick // 384 for note in take.phrase.notes if note.pitch == 36 and not note.onset_tick % 384}
        assert kicks >= set(range(16)) - {7, 15}


def test_a_bar_full_of_drums_still_has_its_snares_on_the_kicks(tiny_filler: Filler) -> None:
    section = Section(SectionKind.BUILD, 16, Constraints(density=Density(drums=1.0)))
    song, cell = Song(sections=(section,), style={"house": 1.0}), CellRef(0, Part.DRUMS)
    dense = 0
    for take in fill(tiny_filler, song, [cell], takes=8)[cell].takes:
        for bar in set(range(16)) - {7, 15}:
            struck = [(n.onset_tick - bar * 384, n.pitch) for n in take.phrase.notes if n.onset_tick // 384 == bar]
            before = sum(tick < 288 for tick, _ in struck)
            dense += before >= 32
            assert {(beat * 96, 36) for beat in range(4)} <= set(struck)
            assert all({(beat * 96, drum) for drum in (37, 38, 39, 40)} & set(struck) for beat in (1, 3))
    assert dense


def test_kicks_are_held_beside_bars_that_stay_and_in_a_form(tiny_filler: Filler) -> None:
    silence = Phrase(8, (Note(24, 42, 24, 90),))
    constraints = Constraints(density=Density(drums=0.6), form="AB")
    for kept, section in (((0, 3), Section(SectionKind.DROP, 8)), ((), Section(SectionKind.DROP, 8, constraints))):
        cell = CellRef(0, Part.DRUMS)
        song = replace_cell(Song(sections=(section,), style={"house": 1.0}), 0, Part.DRUMS, Cell((Take(silence),), 0))
        steps = tiny_filler.fill(song, [cell], 1, 0, [KeptBars(cell, kept)] if kept else ())
        phrase = next(step.takes[0].phrase for step in steps if isinstance(step, CellTakes))
        kicks = {divmod(note.onset_tick, 384) for note in phrase.notes if note.pitch == 36}
        for bar in set(range(7)) - set(kept):
            assert {(bar, beat * 96) for beat in range(4)} <= kicks
        assert not {bar for bar, _ in kicks} & set(kept)


def test_where_no_feel_is_usual_none_is_forced(tiny_filler: Filler) -> None:
    section = Section(SectionKind.DROP, 16, Constraints(density=Density(drums=0.7)))
    song, cell = Song(sections=(section,), style={"funk": 1.0}), CellRef(0, Part.DRUMS)
    phrase = fill(tiny_filler, song, [cell])[cell].takes[0].phrase
    on_three = {n.onset_tick // 384 for n in phrase.notes if n.pitch in (37, 38, 39, 40) and n.onset_tick % 384 == 192}
    assert len(on_three) < 16
