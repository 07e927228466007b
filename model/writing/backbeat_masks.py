"""Masks that hold a style's snares and kicks on their beats, beside those of `model.writing.masks`."""

import jax
import jax.numpy as jnp
import numpy as np

from model.language.conditions import (
    BACKBEAT,
    BACKBEAT_TOKENS,
    BAR_COLUMNS,
    HALF_TIME,
    KICK_TOKEN,
    NEAR_BEAT,
)
from model.language.events import (
    PITCH_TOKENS,
    POSITION_TOKENS,
    POSITIONS,
    SAME_ONSET,
)

BEAT = POSITIONS // 4


def backbeat_positions(
    mask: jax.Array, place: jax.Array, remaining: jax.Array, held: jax.Array, last_pitch: jax.Array
) -> jax.Array:
    """A position mask that does not pass by a beat on which the drums hold a snare or a kick: (B, POSITION_TOKENS).

    Half-time has its snare on 3, a backbeat on 2 and 4; four on the floor has a kick on every beat, a drop of dubstep
    on the first. The last onsets of a bar are kept for the beats to come, and a kick that came first on a snare's beat
    waits for it.

    Args:
        mask: bool (B, POSITION_TOKENS).
        place: (B,) place reached in the bar, -1 at its start.
        remaining: (B,) onsets the bar still needs.
        held: (B,) what the bar holds, of `held_beats`.
        last_pitch: (B,) pitch token of the event before.
    """
    token = jnp.arange(POSITION_TOKENS)[None, :]
    next_beat, to_come = _looked_up(_BEATS_AHEAD, held, place).T
    waits = ((to_come > 0) & (remaining > 0))[:, None] & (token < POSITIONS)
    early = (token < next_beat[:, None]) & (remaining <= to_come)[:, None]
    mask &= ~(waits & ((token > next_beat[:, None]) | early))
    owes = owes_snare(place, held, last_pitch)
    return jnp.where((owes & mask[:, SAME_ONSET])[:, None], token == SAME_ONSET, mask)


def owes_snare(place: jax.Array, held: jax.Array, last_pitch: jax.Array) -> jax.Array:
    """True where a kick came first on a snare's beat, so that the snare has to follow on the same onset: bool (B,).

    Args:
        place: int (B,), place reached in the bar, -1 at its start.
        held: int (B,), what the bar holds, of `held_beats`.
        last_pitch: int (B,), pitch token of the event before.
    """
    return _looked_up(_HELD, held, place)[:, 0] & (last_pitch == KICK_TOKEN)


def backbeat_pitches(
    mask: jax.Array, position: jax.Array, reached: jax.Array, held: jax.Array, last_pitch: jax.Array
) -> jax.Array:
    """A pitch mask that has a snare, a clap or a rim on the beats of the feel and none on the others, and its kicks.

    One that is missing or slips in is copied by the bars after it, and the drop is no drop of its genre any more. On a
    backbeat a kick may come first, as in house; where a kick is held it comes first.

    Args:
        mask: bool (B, PITCH_TOKENS).
        position: (B,) the position token chosen.
        reached: (B,) place reached in the bar before.
        held: (B,) what the bar holds, of `held_beats`.
        last_pitch: (B,) pitch token of the event before.

    Returns:
        bool (B, PITCH_TOKENS).

    Source: the half-time backbeat of dubstep and trap, a snare on the third beat at 140 BPM; the backbeat of house and
    drum & bass on the second and fourth; the four kicks of house.
    """
    stacks = position == SAME_ONSET
    place = jnp.where(stacks, reached, position)
    token = jnp.arange(PITCH_TOKENS)[None, :]
    is_snare, is_kick = jnp.isin(token[0], jnp.array(BACKBEAT_TOKENS))[None, :], token == KICK_TOKEN
    snare, kick, off, kick_may = _looked_up(_HELD, held, place).T[:, :, None]
    mask &= ~(off & is_snare)
    first, after_kick = ~stacks[:, None], (stacks & (last_pitch == KICK_TOKEN))[:, None]
    mask &= ~(first & kick) | is_kick
    mask &= ~(first & snare & ~kick) | is_snare | (kick_may & is_kick)
    return mask & (~(after_kick & snare) | is_snare)


def held_beats(feel: np.ndarray, kicks: np.ndarray, quotas: np.ndarray) -> np.ndarray:
    """Held beats of each bar of drums as one number, int (bars,): the feel, and for each kick _FEELS * 2**beat.

    A bar of fewer onsets than held beats holds its snares alone.

    Args:
        feel: int (bars,), a feel of `conditions`, 0 where none is known.
        kicks: bool (bars, 4), beats that are to have a kick.
        quotas: int (bars,), onsets of each bar.
    """
    held = feel + _FEELS * (kicks @ (1 << np.arange(4)))
    return np.where(_BEATS_AHEAD[held, 0, 1] <= quotas, held, feel)


def _held_tables() -> tuple[np.ndarray, np.ndarray]:
    """The tables that held beats are looked up in, from each place plus one.

    Returns:
        int (values of `held_beats`, POSITION_TOKENS + 1, 2), the next beat that is held, and how many are to come.
        bool (values of `held_beats`, POSITION_TOKENS + 1, 4), whether a snare is held there, a kick; whether no snare
            may fall there; whether a snare may wait for a kick.
    """
    ahead = np.zeros((_FEELS << 4, POSITION_TOKENS + 1, 2), np.int32)
    there = np.zeros((_FEELS << 4, POSITION_TOKENS + 1, 4), bool)
    for held in range(len(there)):
        feel, kicks = held % _FEELS, [beat for beat in range(4) if held // _FEELS >> beat & 1]
        snares = {HALF_TIME: (2,), BACKBEAT: (1, 3)}.get(feel, ())
        without = {HALF_TIME: (1, 3), BACKBEAT: (2,)}.get(feel, ())
        for place in range(-1, POSITIONS):
            to_come = [beat * BEAT for beat in sorted({*kicks, *snares}) if beat * BEAT > place]
            near = [beat for beat in without if abs(place - beat * BEAT) <= NEAR_BEAT]
            on = place // BEAT if place % BEAT == 0 else None
            ahead[held, place + 1] = min(to_come, default=0), len(to_come)
            there[held, place + 1] = on in snares, on in kicks, bool(near), feel == BACKBEAT
    return ahead, there


def _looked_up(table: np.ndarray, held: jax.Array, place: jax.Array) -> jax.Array:
    return jnp.asarray(table).at[held, place + 1].get(mode="promise_in_bounds")


_FEELS = BAR_COLUMNS["feel"]
_BEATS_AHEAD, _HELD = _held_tables()
