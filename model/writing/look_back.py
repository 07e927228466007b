"""In-loop JAX version of `conditions.look_back`: a sampled row's memory of its own last bars, and the events that these
foretell.

An event is packed into one number that orders events of a bar by place and pitch, so that the next one is a minimum.
Bars move along as one closes, so that the bar two back is always at one place and nothing is gathered or scattered.

Shapes: B batch, L lags, S bars remembered beside the present one, E events a bar.
"""

import jax
import jax.numpy as jnp
import numpy as np

from model.language.conditions import LAGS, NO_PITCH, NO_POSITION
from model.language.events import NEXT_BAR, REST_SIZES, SAME_ONSET

EVENTS_A_BAR = 64
"""More events of a bar than these are not remembered, but for the last."""
_BITS = (8, 5, 4, 5, 3)
"""Bits of pitch, duration, velocity, wobble and depth below those of the place."""
_REST_BITS = sum(_BITS[1:])
_EMPTY = np.uint32(0xFFFFFFFF)


def empty(batch: int) -> jax.Array:
    """A past in which nothing happened, uint32 (B, 1 + S, E): the present bar, then those before it, the last first."""
    return jnp.full((batch, 1 + max(LAGS), EVENTS_A_BAR), _EMPTY)


def remember(
    past: jax.Array, written: jax.Array, is_bar_line: jax.Array, place: jax.Array, pitch: jax.Array, rest: jax.Array
) -> jax.Array:
    """The past after one more event.

    Args:
        past: uint32 (B, 1 + S, E), as `empty` begins it.
        written: (B,) events of the present bar before this one.
        is_bar_line: (B,) whether it is the bar's line.
        place, pitch: (B,) of a note or hold.
        rest: (B, 4), each below its size or equal to it.

    Returns:
        uint32 (B, 1 + S, E).
    """
    packed = place.astype(jnp.uint32)
    for bits, value in zip(_BITS, (pitch, *rest.T), strict=True):
        packed = (packed << bits) | value.astype(jnp.uint32)
    bars, events = jnp.arange(past.shape[1])[:, None], jnp.arange(EVENTS_A_BAR)
    here = (bars == 0) & (events == jnp.minimum(written, EVENTS_A_BAR - 1)[:, None, None])
    moved = jnp.pad(past[:, :-1], ((0, 0), (1, 0), (0, 0)), constant_values=_EMPTY)
    return jnp.where(is_bar_line[:, None, None], moved, jnp.where(here, packed[:, None, None], past))


def look_back(
    past: jax.Array, bar: jax.Array, place: jax.Array, pitch: jax.Array
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """The events that come next if the part goes on as it did each lag ago: position, pitch (B, L) and rest (B, L, 4).

    Args:
        past: uint32 (B, 1 + S, E), as `remember` keeps it.
        bar: (B,) bars finished since the start.
        place: (B,) place reached in the bar, -1 at its start.
        pitch: (B,) pitch of the event that reached it.
    """
    reached = ((place << _BITS[0]) | pitch).astype(jnp.uint32)
    after = jnp.where(place < 0, 0, (reached + 1) << _REST_BITS)
    coming = jnp.where(past >= after[:, None, None], past, _EMPTY).min(-1)
    packed = jnp.stack([coming[:, lag] for lag in LAGS], -1)
    found, known = packed != _EMPTY, bar[:, None] >= jnp.array(LAGS)
    values, left = [], packed
    for bits in reversed(_BITS):
        values.append((left & ((1 << bits) - 1)).astype(jnp.int32))
        left = left >> bits
    there = left.astype(jnp.int32)
    position = jnp.where(there == place[:, None], SAME_ONSET, there)
    position = jnp.where(known, jnp.where(found, position, NEXT_BAR), NO_POSITION)
    rest = jnp.where(found[..., None], jnp.stack(values[3::-1], -1), jnp.array(REST_SIZES))
    return position, jnp.where(found, values[4], NO_PITCH), rest
