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
from model.features import BACKBEAT, BAR_COLUMNS, HALF_TIME, KICK, NEAR_BEAT, NEW, SAME_RHYTHM, SIMILAR, SNARES
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

BEAT = POSITIONS // 4
MAX_HOLDS = 8
"""Most changes of wobble under held notes in one bar."""
RESTRAINT, DRUM_RESTRAINT = 2.0, 1.0
"""Nats taken off what would go on repeating an earlier bar, where a bar is asked to be no repetition: less in drums,
whose bars are much alike also where none is the same."""


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


def groove_positions(
    mask: jax.Array, place: jax.Array, remaining: jax.Array, groove: jax.Array, last_pitch: jax.Array
) -> jax.Array:
    """A position mask that does not pass by a beat on which the drums hold a snare or a kick: (B, POSITION_TOKENS).

    Half-time has its snare on 3, a backbeat on 2 and 4; four on the floor has a kick on every beat, a drop of dubstep
    on the first. The last onsets of a bar are kept for the beats to come, and a kick that came first on a snare's beat
    waits for it.

    Args:
        mask: bool (B, POSITION_TOKENS).
        place: (B,) place reached in the bar, -1 at its start.
        remaining: (B,) onsets the bar still needs.
        groove: (B,) what the bar holds, of `held_groove`.
        last_pitch: (B,) pitch token of the event before.
    """
    token = jnp.arange(POSITION_TOKENS)[None, :]
    next_beat, to_come = _looked_up(_BEATS_AHEAD, groove, place).T
    waits = ((to_come > 0) & (remaining > 0))[:, None] & (token < POSITIONS)
    early = (token < next_beat[:, None]) & (remaining <= to_come)[:, None]
    mask &= ~(waits & ((token > next_beat[:, None]) | early))
    owes = owes_snare(place, groove, last_pitch)
    return jnp.where((owes & mask[:, SAME_ONSET])[:, None], token == SAME_ONSET, mask)


def owes_snare(place: jax.Array, groove: jax.Array, last_pitch: jax.Array) -> jax.Array:
    """Whether a kick came first where a snare is held, which has to follow on the same onset: bool (B,)."""
    return _looked_up(_HELD, groove, place)[:, 0] & (last_pitch == KICK)


def groove_pitches(
    mask: jax.Array, position: jax.Array, reached: jax.Array, groove: jax.Array, last_pitch: jax.Array
) -> jax.Array:
    """A pitch mask that has a snare, a clap or a rim on the beats of the feel and none on the others, and its kicks.

    One that is missing or slips in is copied by the bars after it, and the drop is no drop of its genre any more. On a
    backbeat a kick may come first, as in house; where a kick is held it comes first.

    Args:
        mask: bool (B, PITCH_TOKENS).
        position: (B,) the position token chosen.
        reached: (B,) place reached in the bar before.
        groove: (B,) what the bar holds, of `held_groove`.
        last_pitch: (B,) pitch token of the event before.

    Source: the half-time backbeat of dubstep and trap, a snare on the third beat at 140 BPM; the backbeat of house and
    drum & bass on the second and fourth; the four kicks of house.
    """
    stacks = position == SAME_ONSET
    place = jnp.where(stacks, reached, position)
    token = jnp.arange(PITCH_TOKENS)[None, :]
    is_snare, is_kick = jnp.isin(token[0], jnp.array(SNARES))[None, :], token == KICK
    snare, kick, off, kick_may = _looked_up(_HELD, groove, place).T[:, :, None]
    mask &= ~(off & is_snare)
    first, after_kick = ~stacks[:, None], (stacks & (last_pitch == KICK))[:, None]
    mask &= ~(first & kick) | is_kick
    mask &= ~(first & snare & ~kick) | is_snare | (kick_may & is_kick)
    return mask & (~(after_kick & snare) | is_snare)


def held_groove(feel: np.ndarray, kicks: np.ndarray, quotas: np.ndarray) -> np.ndarray:
    """What drums hold in each bar as one number, int (bars,): the feel, and for each beat with a kick _FEELS * 2**beat.

    A bar of fewer onsets than held beats holds its snares alone.

    Args:
        feel: (bars,), of `features`.
        kicks: bool (bars, 4), beats that are to have a kick.
        quotas: (bars,) onsets of each bar.
    """
    groove = feel + _FEELS * (kicks @ (1 << np.arange(4)))
    return np.where(_BEATS_AHEAD[groove, 0, 1] <= quotas, groove, feel)


def _grooves() -> tuple[np.ndarray, np.ndarray]:
    """The tables of the grooves, from each place plus one.

    Returns:
        int (grooves, POSITION_TOKENS + 1, 2), the next beat that is held, and how many are to come.
        bool (grooves, POSITION_TOKENS + 1, 4), whether a snare is held there, a kick; whether no snare may fall there;
            whether a snare may wait for a kick.
    """
    ahead = np.zeros((_FEELS << 4, POSITION_TOKENS + 1, 2), np.int32)
    held = np.zeros((_FEELS << 4, POSITION_TOKENS + 1, 4), bool)
    for groove in range(len(held)):
        feel, kicks = groove % _FEELS, [beat for beat in range(4) if groove // _FEELS >> beat & 1]
        snares = {HALF_TIME: (2,), BACKBEAT: (1, 3)}.get(feel, ())
        without = {HALF_TIME: (1, 3), BACKBEAT: (2,)}.get(feel, ())
        for place in range(-1, POSITIONS):
            to_come = [beat * BEAT for beat in sorted({*kicks, *snares}) if beat * BEAT > place]
            near = [beat for beat in without if abs(place - beat * BEAT) <= NEAR_BEAT]
            on = place // BEAT if place % BEAT == 0 else None
            ahead[groove, place + 1] = min(to_come, default=0), len(to_come)
            held[groove, place + 1] = on in snares, on in kicks, bool(near), feel == BACKBEAT
    return ahead, held


def _looked_up(table: np.ndarray, groove: jax.Array, place: jax.Array) -> jax.Array:
    return jnp.asarray(table).at[groove, place + 1].get(mode="promise_in_bounds")


_FEELS = BAR_COLUMNS["feel"]
_BEATS_AHEAD, _HELD = _grooves()


def copy_restraint(echo: jax.Array, label: jax.Array, is_drums: jax.Array) -> jax.Array:
    """What is taken off each lag's next event in a bar that is asked to be no repetition and has been one so far.

    Left to itself a likely way to go on is the bar before once more, note after note, and music that is chosen for
    being likely repeats more than music does. The first note that differs sets the bar free.

    Args:
        echo: bool (B, L), whether everything in the bar so far is as it was that lag ago.
        label: (B,) the bar's repeat label, of `features`.
        is_drums: bool (B,).

    Returns:
        nats (B, 2, L), for position and pitch; a bar of the same rhythm keeps its positions.
    """
    everything = (label == NEW) | (label == SIMILAR)
    asked = jnp.stack([everything, everything | (label == SAME_RHYTHM)], -1)
    nats = jnp.where(is_drums, DRUM_RESTRAINT, RESTRAINT)[:, None, None]
    return nats * (asked[:, :, None] & echo[:, None, :])


def _room_for_hold(place: jax.Array, limit: jax.Array, remaining: jax.Array) -> jax.Array:
    """Whether the onsets still to come fit behind a hold at that place."""
    return (remaining == 0) | (place < latest_onset(limit, remaining))
