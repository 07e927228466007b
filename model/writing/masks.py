"""Masks over the network's choices that make the user's constraints certain: each is true where a choice is allowed.

They run inside the compiled sampling loop, a row of the batch a take. Grammar: events go forward in time and upward
within an onset. Quota: a bar closes when it has its onsets, and no onset is placed so late that the rest no longer
fits. Scale, range, polyphony and wobble rates are tables made once a cell.
"""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np

from model.language.conditions import (
    NEW,
    SAME_RHYTHM,
    SIMILAR,
)
from model.language.events import (
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
from model.writing.planning import POSITIONS_AN_ONSET
from song.notes import RATES
from song.parts import Part
from song.scales import Key, tonic_shift

_SIXTEENTH = POSITIONS // 16
MAX_HOLDS = 8
"""Most changes of wobble under held notes in one bar."""
RESTRAINT, DRUM_RESTRAINT = 2.0, 1.0
"""Nats taken off what would go on repeating an earlier bar, where a bar is asked to be no repetition: less in drums,
whose bars are much alike also where none is the same."""


def pitch_table(part: Part, key: Key, pitch_range: tuple[int, int]) -> np.ndarray:
    """Pitch tokens that a part may use in a key, before the key's shift is added: bool (PITCH_TOKENS,).

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
    """Wobble tokens that a part may use: bool (WOBBLE_TOKENS,); none but "no wobble" unless it is a bass."""
    table = np.zeros(WOBBLE_TOKENS, bool)
    table[NO_WOBBLE] = True
    if part is Part.BASS:
        for rate in rates:
            table[1 + RATES.index(rate)] = True
    return table


def onset_room(limit: jax.Array, quota: jax.Array) -> jax.Array:
    """Positions that each onset still to come is left, (B,): a sixteenth, or what a bar of more has room for.

    Of less room the network would make use: it puts off what it can, and crams the bar's end.

    Args:
        limit: (B,) first place that may hold no onset.
        quota: (B,) onsets of the whole bar.
    """
    return jnp.clip(limit // jnp.maximum(quota, 1), POSITIONS_AN_ONSET, _SIXTEENTH)


def latest_onset(limit: jax.Array, remaining: jax.Array, room: jax.Array) -> jax.Array:
    """The last position for the next onset that leaves room for those after it: (B,), or as the arguments have it.

    Args:
        limit, remaining: (B,) as for `position_mask`, or all (B, 1).
        room: (B,) as of `onset_room`.
    """
    return limit - 1 - room * jnp.maximum(remaining - 1, 0)


def position_mask(
    place: jax.Array,
    limit: jax.Array,
    remaining: jax.Array,
    may_stack: jax.Array,
    hold_until: jax.Array,
    room: jax.Array,
) -> jax.Array:
    """Position tokens that are allowed.

    Args:
        place: (B,) place reached in the bar, -1 at its start.
        limit: (B,) first place that may hold no onset.
        remaining: (B,) onsets the bar still needs.
        may_stack: (B,) whether another note may start on the onset reached.
        hold_until: (B,) first place, counted from the bar's start, at which no note sounds that may change its wobble;
            0 where none does.
        room: (B,) positions that each onset to come is left, as of `onset_room`.

    Returns:
        bool (B, POSITION_TOKENS).
    """
    token = jnp.arange(POSITION_TOKENS)[None, :]
    ahead = (token > place[:, None]) & (token < POSITIONS)
    onset = ahead & (remaining > 0)[:, None] & (token <= latest_onset(limit, remaining, room)[:, None])
    hold = (
        ahead & (token < hold_until[:, None]) & _room_for_hold(token, limit[:, None], remaining[:, None], room[:, None])
    )
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
    room: jax.Array,
    apart: jax.Array,
) -> jax.Array:
    """Pitch tokens that are allowed at the position chosen.

    Args:
        allowed: bool (B, PITCH_TOKENS), those that each row may have there.
        position: (B,) the position token chosen.
        last_pitch: (B,) pitch token of the event before.
        limit, remaining, hold_until, room: (B,), as for `position_mask`.
        apart: (B,) fewest semitones between notes that start together, 1 or more.

    Returns:
        bool (B, PITCH_TOKENS).
    """
    token = jnp.arange(PITCH_TOKENS)[None, :]
    stacks = (position == SAME_ONSET)[:, None]
    note = allowed & jnp.where(stacks, token >= (last_pitch + apart)[:, None], (remaining > 0)[:, None])
    note &= stacks | (position <= latest_onset(limit, remaining, room))[:, None]
    holds = (position < hold_until) & _room_for_hold(position, limit, remaining, room)
    return note | ((token == HOLD) & holds[:, None])


def copy_restraint(echo: jax.Array, label: jax.Array, is_drums: jax.Array) -> jax.Array:
    """Nats taken off each lag's next event in a bar that is asked to be no repetition and has been one so far.

    Left to itself a likely way to go on is the bar before once more, note after note, and music that is chosen for
    being likely repeats more than music does. The first note that differs sets the bar free.

    Args:
        echo: bool (B, L), whether everything in the bar so far is as it was that lag ago.
        label: (B,) the bar's repeat label, of `conditions.LABELS`.
        is_drums: bool (B,).

    Returns:
        nats (B, 2, L), for position and pitch; a bar of the same rhythm keeps its positions.
    """
    everything = (label == NEW) | (label == SIMILAR)
    asked = jnp.stack([everything, everything | (label == SAME_RHYTHM)], -1)
    nats = jnp.where(is_drums, DRUM_RESTRAINT, RESTRAINT)[:, None, None]
    return nats * (asked[:, :, None] & echo[:, None, :])


def _room_for_hold(place: jax.Array, limit: jax.Array, remaining: jax.Array, room: jax.Array) -> jax.Array:
    """True where the onsets still to come fit behind a hold at that place."""
    return (remaining == 0) | (place < latest_onset(limit, remaining, room))
