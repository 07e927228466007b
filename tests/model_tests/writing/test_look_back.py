"""The sampler's memory of its last bars, held to look-back as training works it out from whole music."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from model.language.conditions import LAGS, NO_PITCH, NO_POSITION, known_rest, note_pitch
from model.language.conditions import look_back as look_back_at_once
from model.language.events import (
    BAR,
    HOLD,
    NEXT_BAR,
    PITCH,
    PLACE,
    POSITION,
    REST_SIZES,
    SAME_ONSET,
    encode_phrase,
)
from model.writing.look_back import EVENTS_A_BAR, empty, look_back, remember
from song.notes import Note, Phrase, Wobble
from song.parts import Part

NOTHING = jnp.array([REST_SIZES])
ahead, keep = jax.jit(look_back), jax.jit(remember)


def music(part: Part, seed: int) -> Phrase:
    """Six bars, the last four of which repeat the first two but for a note here and there."""
    dice = np.random.default_rng(seed)
    notes: dict[tuple[int, int], Note] = {}
    for bar in range(6):
        for place, pitch in [(0, 40), (24, 43), (24, 47), (48, 40), (84 - 12 * (bar % 2), 45)]:
            if dice.random() < 0.8:
                pitch += 12 * int(dice.integers(2)) if dice.random() < 0.2 else 0
                tick = bar * 384 + place * 4
                notes[tick, pitch] = Note(tick, pitch, int(dice.choice([24, 48, 96])), int(dice.integers(1, 128)))
    notes[0, 40] = Note(0, 40, 96, 100)
    wobbles = (Wobble(0, 48, "1/8", 0.5), Wobble(48, 48, "1/16", 1.0)) if part is Part.BASS else ()
    return Phrase(6, tuple(sorted(notes.values())), wobbles)


@pytest.mark.parametrize("part", [Part.DRUMS, Part.BASS, Part.CHORDS])
def test_step_by_step_it_foretells_what_training_sees_at_once(part: Part) -> None:
    events = encode_phrase(part, music(part, seed=4), 0)
    rest = known_rest(part, events, True, True)
    aligned, position, _ = look_back_at_once(events)
    there = aligned >= 0
    wanted = (
        position,
        np.where(there, note_pitch(events)[aligned], NO_PITCH),
        np.where(there[..., None], rest[aligned], np.array(REST_SIZES)),
    )
    assert len({*position.ravel().tolist()} & {SAME_ONSET, NEXT_BAR, NO_POSITION}) == 3
    assert part is not Part.BASS or (events[:, PITCH] == HOLD).any()
    past, written, place, pitch = empty(1), 0, -1, NO_PITCH
    for n, event in enumerate(events):
        found = ahead(past, jnp.array([event[BAR]]), jnp.array([place]), jnp.array([pitch]))
        for one, other in zip(found, wanted, strict=True):
            np.testing.assert_array_equal(one[0], other[n], err_msg=f"event {n}")
        is_bar_line = bool(event[POSITION] == NEXT_BAR)
        place, pitch = int(event[PLACE]), NO_PITCH if is_bar_line else int(event[PITCH])
        past = keep(
            past,
            jnp.array([written]),
            jnp.array([is_bar_line]),
            jnp.array([place]),
            jnp.array([pitch]),
            jnp.array([rest[n]]),
        )
        written = 0 if is_bar_line else written + 1


def test_an_empty_past_foretells_nothing_and_silent_bars_foretell_their_line() -> None:
    start, nothing = jnp.array([-1]), jnp.array([NO_PITCH])
    past = empty(1)
    position, pitch, rest = ahead(past, jnp.array([0]), start, nothing)
    assert position.tolist() == [[NO_POSITION] * len(LAGS)]
    for _ in range(2):
        past = keep(past, jnp.array([0]), jnp.array([True]), start, nothing, NOTHING)
    position, pitch, rest = ahead(past, jnp.array([2]), start, nothing)
    assert position.tolist() == [[NEXT_BAR if lag <= 2 else NO_POSITION for lag in LAGS]]
    assert (np.asarray(pitch) == NO_PITCH).all()
    assert (np.asarray(rest) == np.array(REST_SIZES)).all()


def test_of_a_bar_with_too_many_events_the_first_and_the_last_are_remembered() -> None:
    past, rest = empty(1), jnp.array([[0, 4, 0, 0]])
    for n in range(EVENTS_A_BAR + 6):
        past = keep(past, jnp.array([n]), jnp.array([False]), jnp.array([n]), jnp.array([60]), rest)
    past = keep(past, jnp.array([99]), jnp.array([True]), jnp.array([-1]), jnp.array([NO_PITCH]), NOTHING)
    bar_back = LAGS.index(1)
    next_after = [
        int(ahead(past, jnp.array([1]), jnp.array([place]), jnp.array([60]))[0][0, bar_back])
        for place in (0, EVENTS_A_BAR - 3, EVENTS_A_BAR - 2, EVENTS_A_BAR + 5)
    ]
    assert next_after == [1, EVENTS_A_BAR - 2, EVENTS_A_BAR + 5, NEXT_BAR]
