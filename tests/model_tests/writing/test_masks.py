"""Masks over the choices of a step, each held to the rule that it stands for."""

import jax.numpy as jnp
import numpy as np
import pytest

from model.language.conditions import (
    NEW,
    SAME_LABELS,
    SAME_RHYTHM,
)
from model.language.events import (
    FIRST_DRUM,
    HOLD,
    NEXT_BAR,
    NO_WOBBLE,
    PITCH_TOKENS,
    POSITIONS,
    SAME_ONSET,
    WOBBLE_TOKENS,
)
from model.writing.masks import (
    DRUM_RESTRAINT,
    RESTRAINT,
    copy_restraint,
    latest_onset,
    onset_room,
    pitch_mask,
    pitch_table,
    position_mask,
    wobble_table,
)
from model.writing.planning import POSITIONS_AN_ONSET
from song.notes import RATES
from song.parts import PARTS, Part
from song.scales import parse_key, tonic_shift

HIDDEN = 0
"""The label of a bar that may repeat or not."""


EVERY_NOTE = jnp.arange(PITCH_TOKENS)[None] != HOLD


def one(value: int) -> jnp.ndarray:
    return jnp.array([value])


def positions(
    place: int = -1,
    limit: int = POSITIONS,
    remaining: int = 1,
    may_stack: bool = False,
    hold_until: int = 0,
    room: int = POSITIONS_AN_ONSET,
) -> list[int]:
    """The position tokens that are allowed."""
    stacks = jnp.array([may_stack])
    mask = position_mask(one(place), one(limit), one(remaining), stacks, one(hold_until), one(room))
    return np.flatnonzero(mask[0]).tolist()


def pitches(
    position: int,
    last_pitch: int = 0,
    limit: int = POSITIONS,
    remaining: int = 1,
    hold_until: int = 0,
    room: int = POSITIONS_AN_ONSET,
    apart: int = 1,
) -> set[int]:
    """The pitch tokens that are allowed."""
    arrays = (one(value) for value in (position, last_pitch, limit, remaining, hold_until, room, apart))
    return set(np.flatnonzero(pitch_mask(EVERY_NOTE, *arrays)[0]).tolist())


@pytest.mark.parametrize("key", ["C minor", "F# phrygian", "Bb major"])
@pytest.mark.parametrize("part", [Part.BASS, Part.CHORDS, Part.LEAD])
def test_a_pitch_is_allowed_where_it_sounds_in_range_and_in_the_scale(part: Part, key: str) -> None:
    scale = parse_key(key)
    allowed = np.flatnonzero(pitch_table(part, scale, (40, 52)))
    sounding = allowed + tonic_shift(part, scale.tonic_class)
    assert sounding.tolist() == [pitch for pitch in range(40, 53) if pitch % 12 in scale.pitch_classes()]


def test_drums_may_use_every_drum_and_nothing_else() -> None:
    allowed = np.flatnonzero(pitch_table(Part.DRUMS, parse_key("C minor"), (0, 0)))
    assert allowed.tolist() == list(range(FIRST_DRUM, HOLD))


@pytest.mark.parametrize("part", PARTS)
def test_the_bass_alone_may_wobble_and_at_the_rates_asked_for(part: Part) -> None:
    allowed = np.flatnonzero(wobble_table(part, ("1/8", "1/4T"))).tolist()
    rates = sorted(1 + RATES.index(rate) for rate in ("1/8", "1/4T")) if part is Part.BASS else []
    assert allowed == [NO_WOBBLE, *rates]
    assert len(wobble_table(part, ())) == WOBBLE_TOKENS


def test_a_bar_closes_when_it_has_its_onsets_and_not_before() -> None:
    assert NEXT_BAR not in positions(remaining=1)
    assert positions(place=40, remaining=0) == [NEXT_BAR]


def test_an_onset_lies_after_the_place_reached_and_leaves_room_for_the_others() -> None:
    assert positions(place=10, remaining=1) == list(range(11, POSITIONS))
    three = positions(remaining=3, limit=72)
    assert three == list(range(72 - 2 * POSITIONS_AN_ONSET))
    assert latest_onset(one(72), one(3), one(POSITIONS_AN_ONSET)).tolist() == [three[-1]]


def test_onsets_to_come_are_left_a_sixteenth_each_or_what_a_bar_of_more_has_room_for() -> None:
    assert onset_room(jnp.array([96, 96, 96, 96, 72]), jnp.array([1, 16, 24, 32, 16])).tolist() == [6, 6, 4, 3, 4]
    for limit, quota in ((96, 16), (96, 23), (96, 32), (72, 24), (48, 5)):
        room = int(onset_room(one(limit), one(quota))[0])
        assert int(latest_onset(one(limit), one(quota), one(room))[0]) >= 0, "the first still has a place"
    assert positions(remaining=4, limit=96, room=6) == list(range(96 - 3 * 6))


def test_another_note_may_start_on_the_same_onset_where_it_may_stack() -> None:
    assert positions(place=20, remaining=0, may_stack=True) == [SAME_ONSET, NEXT_BAR]


def test_a_hold_stays_under_the_note_and_before_the_onsets_to_come() -> None:
    assert positions(place=4, remaining=0, hold_until=8) == [5, 6, 7, NEXT_BAR]
    last = int(latest_onset(one(12), one(3), one(POSITIONS_AN_ONSET))[0])
    assert pitches(last - 1, remaining=3, limit=12, hold_until=POSITIONS) >= {HOLD, 60}
    assert HOLD not in pitches(last, remaining=3, limit=12, hold_until=POSITIONS)
    assert pitches(7, remaining=0, hold_until=8) == {HOLD}
    assert pitches(8, remaining=0, hold_until=8) == set()


def test_notes_on_one_onset_rise_in_pitch() -> None:
    assert min(pitches(SAME_ONSET, last_pitch=60)) == 61
    assert min(pitches(12, last_pitch=60)) == 0, "a new onset begins anywhere"


def test_notes_on_one_onset_are_so_far_apart_as_is_asked_and_others_are_free() -> None:
    assert min(pitches(SAME_ONSET, last_pitch=60, apart=3)) == 63
    assert {60, 61} <= pitches(12, last_pitch=60, apart=3)


def test_a_pitch_outside_the_rows_table_is_never_allowed() -> None:
    table = jnp.arange(PITCH_TOKENS)[None] == 43
    mask = pitch_mask(table, one(0), one(0), one(POSITIONS), one(1), one(0), one(6), one(1))
    assert np.flatnonzero(mask[0]).tolist() == [43]


def test_only_what_repeats_so_far_is_held_back() -> None:
    echo = jnp.array([[True, False, True, False]] * 4)
    labels = jnp.array([NEW, SAME_RHYTHM, SAME_LABELS[2], HIDDEN])
    restraint = copy_restraint(echo, labels, jnp.zeros(4, bool))
    off = [RESTRAINT, 0, RESTRAINT, 0]
    nothing = [0, 0, 0, 0]
    assert restraint.tolist() == [[off, off], [nothing, off], [nothing, nothing], [nothing, nothing]]
    drums = copy_restraint(echo, labels, jnp.array([True, False] * 2))
    share = np.array([DRUM_RESTRAINT / RESTRAINT, 1] * 2)[:, None, None]
    assert drums.tolist() == (np.asarray(restraint) * share).tolist()
