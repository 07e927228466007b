"""Drums hold the snares and kicks that their style is known by, however the rest of the bar turns out."""

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.language.conditions import BACKBEAT, BACKBEAT_TOKENS, HALF_TIME, KICK_TOKEN, NEAR_BEAT, OTHER_FEEL
from model.language.events import FIRST_DRUM, HOLD, PITCH_TOKENS, POSITION_TOKENS, POSITIONS, SAME_ONSET
from model.protocol import CellRef, KeptBars
from model.writing.backbeat_masks import BEAT, backbeat_pitches, backbeat_positions, held_beats, owes_snare
from model.writing.fill import CellTakes, Filler
from song.edits.takes import replace_cell
from song.notes import Note, Phrase
from song.parts import Part
from song.sections import Cell, Constraints, Density, Section, SectionKind, Song, Take
from tests.model_tests.filling import fill

HAT = FIRST_DRUM + 6
ON_EVERY_BEAT = (0, 1, 2, 3)


def held(feel: int, *kicks: int, quota: int = 16) -> np.ndarray:
    return held_beats(np.array([feel]), np.isin(np.arange(4), kicks)[None], np.array([quota]))


def positions(
    holding: np.ndarray, place: int, remaining: int, last_pitch: int = HAT, may_stack: bool = True
) -> list[int]:
    """All positions after a place reached, as far as the mask leaves them."""
    token = np.arange(POSITION_TOKENS)
    mask = jnp.array([(token > place) & ((token != SAME_ONSET) | may_stack)])
    arrays = (jnp.array([value]) for value in (place, remaining))
    found = backbeat_positions(mask, *arrays, jnp.array(holding), jnp.array([last_pitch]))
    return np.flatnonzero(found[0]).tolist()


def drums(holding: np.ndarray, position: int, reached: int = -1, last_pitch: int = HAT) -> set[int]:
    """All drums, as far as the mask leaves them at a position."""
    token = np.arange(PITCH_TOKENS)
    mask = jnp.array([(token >= FIRST_DRUM) & (token < HOLD)])
    arrays = (jnp.array([value]) for value in (position, reached))
    found = backbeat_pitches(mask, *arrays, jnp.array(holding), jnp.array([last_pitch]))
    return set(np.flatnonzero(found[0]).tolist())


def test_a_bar_of_few_onsets_holds_its_snares_alone() -> None:
    four = held(BACKBEAT, *ON_EVERY_BEAT)
    assert four != held(BACKBEAT)
    assert held(BACKBEAT, *ON_EVERY_BEAT, quota=4) == four
    assert held(BACKBEAT, *ON_EVERY_BEAT, quota=3) == held(BACKBEAT)
    assert held(OTHER_FEEL, quota=0) == OTHER_FEEL


def test_no_onset_passes_by_a_beat_that_is_held() -> None:
    assert max(token for token in positions(held(HALF_TIME), -1, 8) if token < POSITIONS) == 2 * BEAT
    assert max(token for token in positions(held(BACKBEAT), -1, 8) if token < POSITIONS) == BEAT
    assert max(token for token in positions(held(BACKBEAT), 3 * BEAT, 8) if token < POSITIONS) == POSITIONS - 1
    assert positions(held(OTHER_FEEL), 10, 8) == list(range(11, POSITION_TOKENS))


def test_the_last_onsets_of_a_bar_are_kept_for_the_beats_to_come() -> None:
    onsets = [token for token in positions(held(BACKBEAT), -1, 2) if token < POSITIONS]
    assert onsets == [BEAT], "two onsets are left, and two snares"
    assert len([token for token in positions(held(BACKBEAT), -1, 3) if token < POSITIONS]) == BEAT + 1


def test_a_kick_that_came_first_on_a_snares_beat_waits_for_it() -> None:
    holding = held(BACKBEAT)
    assert positions(holding, BEAT, 4, last_pitch=KICK_TOKEN) == [SAME_ONSET]
    assert SAME_ONSET not in positions(holding, BEAT, 4, last_pitch=KICK_TOKEN, may_stack=False)
    owed = [
        bool(owes_snare(jnp.array([place]), jnp.array(holding), jnp.array([last]))[0])
        for place, last in ((BEAT, KICK_TOKEN), (BEAT, HAT), (2 * BEAT, KICK_TOKEN))
    ]
    assert owed == [True, False, False]
    assert drums(holding, SAME_ONSET, reached=BEAT, last_pitch=KICK_TOKEN) == set(BACKBEAT_TOKENS)


def test_snares_fall_on_the_beats_of_the_feel_and_near_no_other() -> None:
    assert drums(held(HALF_TIME), 2 * BEAT) == set(BACKBEAT_TOKENS)
    for place in (BEAT, BEAT - NEAR_BEAT, 3 * BEAT + NEAR_BEAT):
        assert not drums(held(HALF_TIME), place) & set(BACKBEAT_TOKENS)
    assert set(BACKBEAT_TOKENS) < drums(held(HALF_TIME), BEAT + NEAR_BEAT + 1)
    assert drums(held(BACKBEAT), BEAT) == {KICK_TOKEN, *BACKBEAT_TOKENS}, "a kick may come first, as in house"
    assert not drums(held(BACKBEAT), 2 * BEAT) & set(BACKBEAT_TOKENS)


def test_a_kick_that_is_held_comes_first() -> None:
    four = held(BACKBEAT, *ON_EVERY_BEAT)
    assert [drums(four, beat * BEAT) for beat in ON_EVERY_BEAT] == [{KICK_TOKEN}] * 4
    assert HAT in drums(four, 7)
    assert drums(held(OTHER_FEEL, 0), 0) == {KICK_TOKEN}
    assert drums(held(OTHER_FEEL), 0) == set(range(FIRST_DRUM, HOLD))


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
    section = Section(SectionKind.BUILD, 16, Constraints(density=Density(drums=1.0), temperature=2.0))
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
