"""Hand-built features: intervals between parts, similarity between bars.

A network this small does not find a product of two inputs, or two bars that are alike eight bars apart, in a few
hundred songs by itself. Nothing here is learned.

Shapes: B takes, K bars, F sixteenths of a bar, C columns of a sixteenth, L distances in bars.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from model.critic.frames import CLASS_COLUMNS, CLASSES, PLAYED, WRITTEN_HERE
from model.language.frames import FRAMES_A_BAR, WIDTHS, content_columns
from song.parts import PARTS, Part

FARTHEST = 8
"""Bars are compared up to so many bars away, on both sides."""
_PITCHED = tuple(part for part in PARTS if part is not Part.DRUMS)
_WIDEST = max(WIDTHS.values())
_UNITS = (2, 4, 8, 16)
"""Lengths of phrases, in bars, that a bar has its place in."""

FRAME_RELATIONS = len(_PITCHED) * CLASSES + len(PARTS)
"""Numbers of a sixteenth."""
BAR_RELATIONS = 2 * 3 * FARTHEST + sum(_UNITS) + 3 + 4 * len(PARTS) + len(_PITCHED) * CLASSES
"""Numbers of a bar."""


class Relations(NamedTuple):
    """The features of takes, by sixteenth and by bar.

    Attributes:
        frames: float32 (B, K, F, FRAME_RELATIONS), the intervals from each pitched part up to the part that is judged,
            and with which parts' onsets its own fall together.
        bars: float32 (B, K, BAR_RELATIONS), how far a bar is like those around it, for the part itself, its rhythm and
            what is beside it; the bar's place; onsets alone and together; intervals.
    """

    frames: jax.Array
    bars: jax.Array


def relate(x_BxKxFxC: jax.Array, there_BxK: jax.Array) -> Relations:
    """The relations within takes.

    Args:
        x_BxKxFxC: sixteenths as `frames.critic_bars` gives them.
        there_BxK: bool, which bars are of the take and no padding; they come first.
    """
    is_own_BxP = x_BxKxFxC[:, 0, 0, WRITTEN_HERE]
    played = x_BxKxFxC[..., PLAYED]
    of_part = {part: played[..., content_columns(part)] for part in PARTS}
    own = jnp.zeros((*played.shape[:-1], _WIDEST))
    for index, part in enumerate(PARTS):
        own = own.at[..., : WIDTHS[part]].add(is_own_BxP[:, None, None, index : index + 1] * of_part[part])
    owner = jnp.concatenate(
        [jnp.repeat(is_own_BxP[:, index : index + 1], WIDTHS[part], 1) for index, part in enumerate(PARTS)], axis=1
    )
    others = played * (1 - owner[:, None, None, :])
    onsets_BxKxFxP, own_onsets_BxKxF = _onsets(of_part, is_own_BxP)
    intervals = _intervals(of_part, is_own_BxP)
    together = own_onsets_BxKxF[..., None] * onsets_BxKxFxP * (1 - is_own_BxP[:, None, None, :])
    frames = jnp.concatenate([intervals, together], axis=-1)
    alone = own_onsets_BxKxF[..., None] * (1 - onsets_BxKxFxP)
    left = (1 - own_onsets_BxKxF[..., None]) * onsets_BxKxFxP
    counts = [one.sum(2) / 8 for one in (together, alone, left, onsets_BxKxFxP)]
    bars = jnp.concatenate(
        [
            _likeness(own, there_BxK),
            _likeness(own_onsets_BxKxF[..., None], there_BxK),
            _likeness(others, there_BxK),
            _places(there_BxK),
            *counts,
            intervals.sum(2) / FRAMES_A_BAR,
        ],
        axis=-1,
    )
    return Relations(frames, jnp.where(there_BxK[..., None], bars, 0))


def _onsets(of_part: dict[Part, jax.Array], is_own_BxP: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Where each part strikes, drums being their kick, and where the judged part does, with any of its drums."""
    drums = of_part[Part.DRUMS]
    strikes = [drums[..., 0], *(of_part[part][..., 0] for part in _PITCHED)]
    any_drum = [drums.max(-1), *strikes[1:]]
    own = (jnp.stack(any_drum, axis=-1) * is_own_BxP[:, None, None, :]).sum(-1)
    return jnp.stack(strikes, axis=-1), own


def _intervals(of_part: dict[Part, jax.Array], is_own_BxP: jax.Array) -> jax.Array:
    """Intervals that sound from a part below up to the judged one: (B, K, F, parts * CLASSES), pitch classes apart."""
    classes = {part: of_part[part][..., CLASS_COLUMNS] for part in _PITCHED}
    own = jnp.stack([is_own_BxP[:, None, None, PARTS.index(part), None] * classes[part] for part in _PITCHED]).sum(0)
    found = []
    for part in _PITCHED:
        other = classes[part] * (1 - is_own_BxP[:, None, None, None, PARTS.index(part)])
        found += [(own * jnp.roll(other, distance, axis=-1)).max(-1) for distance in range(CLASSES)]
    return jnp.stack(found, axis=-1)


def _likeness(content_BxKxFxW: jax.Array, there_BxK: jax.Array) -> jax.Array:
    """Similarity of a bar to those some bars before and after, -1 to 1, and 0 where there is nothing to compare.

    Returns:
        (B, K, 2 * FARTHEST): bars before, nearest first, then bars after.
    """
    B, K = there_BxK.shape
    sounds = jnp.abs(content_BxKxFxW).max(-1) > 0
    before, after = [], []
    for distance in range(1, FARTHEST + 1):
        if distance >= K:
            nothing = jnp.zeros((B, K))
            before.append(nothing)
            after.append(nothing)
            continue
        now, then = content_BxKxFxW[:, distance:], content_BxKxFxW[:, :-distance]
        either = sounds[:, distance:] | sounds[:, :-distance]
        same = (either & (jnp.abs(now - then).max(-1) == 0)).sum(-1)
        known = there_BxK[:, distance:] & either.any(-1)
        alike = jnp.where(known, 2 * same / jnp.maximum(either.sum(-1), 1) - 1, 0.0)
        before.append(jnp.pad(alike, ((0, 0), (distance, 0))))
        after.append(jnp.pad(alike, ((0, 0), (0, distance))))
    return jnp.stack([*before, *after], axis=-1)


def _places(there_BxK: jax.Array) -> jax.Array:
    """Where each bar stands: its place in phrases of some lengths, whether it is first or last, and of how many."""
    B, K = there_BxK.shape
    number = jnp.arange(K)
    bars = there_BxK.sum(1, keepdims=True)
    units = [jnp.broadcast_to(jax.nn.one_hot(number % unit, unit), (B, K, unit)) for unit in _UNITS]
    ends = jnp.stack([jnp.broadcast_to(number == 0, (B, K)), number == bars - 1, bars / 16 + 0 * number], axis=-1)
    return jnp.concatenate([*units, ends.astype(jnp.float32)], axis=-1)
