"""Masks over the network's choices that make the user's constraints certain: each is true where a choice is allowed.

They run inside the compiled sampling loop, a row of the batch a cell. Grammar: events go forward in time and upward
within an onset. Quota: a bar closes when it has its onsets, and no onset is placed so late that the rest no longer
fits. Scale, range, polyphony and wobble rates are tables made once a cell.
"""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np

from corpus.keys import tonic_shift
from model.features import HALF_TIME, NEAR_BEAT, NEW, SAME_RHYTHM, SIMILAR, SNARES
from model.planning import POSITIONS_AN_ONSET
from model.vocabulary import (
    FIRST_DRUM,
    HOLD,
    NEXT_BAR,
    NO_WOBBLE,
    PITCH_TOKENS,
    POSITION_TOKENS,
    POSITIONS,
    SAME_ONSET,
    WOBBLE_TOKENS,
)
from song.notes import RATES
from song.parts import Part
from song.scales import Key

THIRD_BEAT = POSITIONS // 2
MAX_HOLDS = 8
"""Most changes of wobble under held notes in one bar."""
RESTRAINT = 1.0
"""Nats taken off what would go on repeating an earlier bar, where a bar is asked to be no repetition."""


def pitch_table(part: Part, key: Key, pitch_range: tuple[int, int]) -> np.ndarray:
    """Which pitch tokens a part may use in a key, before the key's shift is added: bool (PITCH_TOKENS,).

    Args:
        part: drums may use every drum.
        key: gives the scale.
        pitch_range: lowest and highest pitch, both inclusive; what of the scale lies between may be used.
    """
    table = np.zeros(PITCH_TOKENS, bool)
    if part is Part.DRUMS:
        table[FIRST_DRUM:HOLD] = True
        return table
    low, high = pitch_range
    shift, scale = tonic_shift(part, key.tonic_class), key.pitch_classes()
    for token in range(FIRST_DRUM):
        pitch = token + shift
        table[token] = low <= pitch <= high and pitch % 12 in scale
    return table


def wobble_table(part: Part, rates: Sequence[str]) -> np.ndarray:
    """Which wobble tokens a part may use: bool (WOBBLE_TOKENS,); none but "no wobble" unless it is a bass."""
    table = np.zeros(WOBBLE_TOKENS, bool)
    table[NO_WOBBLE] = True
    if part is Part.BASS:
        for rate in rates:
            table[1 + RATES.index(rate)] = True
    return table


def latest_onset(limit: jax.Array, remaining: jax.Array) -> jax.Array:
    """The last position for the next onset that leaves room for those after it: (B,)."""
    return limit - 1 - POSITIONS_AN_ONSET * jnp.maximum(remaining - 1, 0)


def position_mask(
    place: jax.Array, limit: jax.Array, remaining: jax.Array, may_stack: jax.Array, hold_until: jax.Array
) -> jax.Array:
    """Which position tokens are allowed.

    Args:
        place: (B,) place reached in the bar, -1 at its start.
        limit: (B,) first place that may hold no onset.
        remaining: (B,) onsets the bar still needs.
        may_stack: (B,) whether another note may start on the onset reached.
        hold_until: (B,) first place, counted from the bar's start, at which no note sounds that may change its wobble;
            0 where none does.

    Returns:
        bool (B, POSITION_TOKENS).
    """
    token = jnp.arange(POSITION_TOKENS)[None, :]
    ahead = (token > place[:, None]) & (token < POSITIONS)
    onset = ahead & (remaining > 0)[:, None] & (token <= latest_onset(limit, remaining)[:, None])
    hold = ahead & (token < hold_until[:, None]) & _room_for_hold(token, limit[:, None], remaining[:, None])
    return (
        onset | hold | ((token == SAME_ONSET) & may_stack[:, None]) | ((token == NEXT_BAR) & (remaining == 0)[:, None])
    )


def pitch_mask(
    allowed: jax.Array,
    position: jax.Array,
    last_pitch: jax.Array,
    limit: jax.Array,
    remaining: jax.Array,
    hold_until: jax.Array,
) -> jax.Array:
    """Which pitch tokens are allowed at the position chosen.

    Args:
        allowed: bool (B, PITCH_TOKENS), the table of each row.
        position: (B,) the position token chosen.
        last_pitch: (B,) pitch token of the event before.
        limit, remaining, hold_until: as for `position_mask`.

    Returns:
        bool (B, PITCH_TOKENS).
    """
    token = jnp.arange(PITCH_TOKENS)[None, :]
    stacks = (position == SAME_ONSET)[:, None]
    note = allowed & jnp.where(stacks, token > last_pitch[:, None], (remaining > 0)[:, None])
    note &= stacks | (position <= latest_onset(limit, remaining))[:, None]
    holds = (position < hold_until) & _room_for_hold(position, limit, remaining)
    return note | ((token == HOLD) & holds[:, None])


def half_time_positions(mask: jax.Array, place: jax.Array, remaining: jax.Array, feel: jax.Array) -> jax.Array:
    """A position mask that does not pass by the third beat where the feel is half-time: (B, POSITION_TOKENS).

    Args:
        mask: bool (B, POSITION_TOKENS).
        place: (B,) place reached in the bar, -1 at its start.
        remaining: (B,) onsets the bar still needs; the last of them is kept for the beat.
        feel: (B,) the bar's, of `features`.
    """
    token = jnp.arange(POSITION_TOKENS)[None, :]
    waits = (feel == HALF_TIME) & (place < THIRD_BEAT) & (remaining > 0)
    early = (token < THIRD_BEAT) & (remaining == 1)[:, None]
    return mask & ~(waits[:, None] & (token < POSITIONS) & ((token > THIRD_BEAT) | early))


def half_time_pitches(mask: jax.Array, position: jax.Array, reached: jax.Array, feel: jax.Array) -> jax.Array:
    """A pitch mask that has a snare, a clap or a rim on 3 and none on 2 and 4 where the feel is half-time.

    One that is missing or slips in is copied by the bars after it, and the drop is no drop of its genre any more.

    Args:
        mask: bool (B, PITCH_TOKENS).
        position: (B,) the position token chosen.
        reached: (B,) place reached in the bar before.
        feel: (B,) the bar's, of `features`.

    Source: the half-time backbeat of dubstep and trap, a snare on the third beat at 140 BPM.
    """
    place = jnp.where(position == SAME_ONSET, reached, position)
    beat = (place + POSITIONS // 8) // (POSITIONS // 4)
    off = (jnp.abs(place - beat * (POSITIONS // 4)) <= NEAR_BEAT) & ((beat == 1) | (beat == 3))
    is_snare = jnp.isin(jnp.arange(PITCH_TOKENS), jnp.array(SNARES))[None, :]
    half = feel == HALF_TIME
    mask &= ~((half & off)[:, None] & is_snare)
    return mask & (~(half & (position == THIRD_BEAT))[:, None] | is_snare)


def copy_restraint(echo: jax.Array, label: jax.Array) -> jax.Array:
    """What is taken off each lag's next event in a bar that is asked to be no repetition and has been one so far.

    Left to itself a likely way to go on is the bar before once more, note after note, and music that is chosen for
    being likely repeats more than music does. The first note that differs sets the bar free.

    Args:
        echo: bool (B, L), whether everything in the bar so far is as it was that lag ago.
        label: (B,) the bar's repeat label, of `features`.

    Returns:
        nats (B, 2, L), for position and pitch; a bar of the same rhythm keeps its positions.
    """
    everything = (label == NEW) | (label == SIMILAR)
    asked = jnp.stack([everything, everything | (label == SAME_RHYTHM)], -1)
    return RESTRAINT * (asked[:, :, None] & echo[:, None, :])


def _room_for_hold(place: jax.Array, limit: jax.Array, remaining: jax.Array) -> jax.Array:
    """Whether the onsets still to come fit behind a hold at that place."""
    return (remaining == 0) | (place < latest_onset(limit, remaining))
