"""Trains the critic: batches of real, generated and corrupted cells, Optax steps, an average of the weights kept."""

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import msgspec
import numpy as np
import optax
from flax import nnx

from model import descent
from model.critic import CriticConfig, CriticNetwork, pad_steps
from model.critic_corruption import CORRUPTIONS, shuffle_bars, swap_part, transpose_bass
from model.critic_data import UNKNOWN_KIND, Example
from model.critic_frames import MOST_BARS, critic_steps, hide_later_parts
from model.features import KINDS
from model.frames import FRAMES_A_BAR, hide_part
from song.errors import UserError
from song.parts import PARTS, Part

_TRANSPOSITIONS = (-6, -4, -3, -2, -1, 1, 2, 3, 4, 6)
"""Not by a fourth or a fifth, which may well be right."""
_LENGTHS = (4, 8, 8, 16, 16, 16)
_SHORTEST = 4
_TRIES = 8


class CriticSettings(msgspec.Struct, frozen=True):
    """A training run of the critic."""

    critic: CriticConfig = CriticConfig()
    train_steps: int = 1300  # optimizer steps
    rows: int = 64  # cells in a batch
    real: float = 0.42  # share of them that is real music
    generated: float = 0.3  # share that is generated, where there is any; the rest is corrupted
    corruptions: tuple[str, ...] = CORRUPTIONS  # in what ways
    learning_rate: float = 3e-3  # the highest, reached after the warm-up
    warmup_steps: int = 50  # steps over which the learning rate rises
    weight_decay: float = 0.02  # pull of the weights towards zero
    clip: float = 1.0  # longest gradient that is taken as it is
    average: float = 0.99  # share of the running average of weights that a step leaves; the average is what is kept
    smoothing: float = 0.05  # how far from certain the critic is asked to be
    tell: float = 0.3  # weight of the section kind's and of the style's loss beside that of being real
    seed: int = 0  # of weights and batches


class CriticBatch(NamedTuple):
    """B cells to learn from.

    Attributes:
        x: float16 (B, STEPS, STEP_COLUMNS), their steps.
        there: bool (B, STEPS), which steps are no padding.
        real: float32 (B,), 1 for real music as it is.
        kind: int32 (B,), index of the section kind, or UNKNOWN_KIND.
        style: float32 (B, styles), all zero where it is not known.
    """

    x: np.ndarray
    there: np.ndarray
    real: np.ndarray
    kind: np.ndarray
    style: np.ndarray


class CriticBatches:
    """Draws batches; batch n depends on the seed and n alone.

    Every part and source has its own pool, and real, generated and corrupted cells of a pool come in the same shares,
    so that neither part nor source tells which is which.
    """

    def __init__(self, examples: Sequence[Example], settings: CriticSettings) -> None:
        """Set up.

        Raises:
            UserError: where there is nothing real to learn from.
        """
        self._settings = settings
        self._real: dict[tuple[Part, str], list[Example]] = {}
        self._generated: dict[tuple[Part, str], list[Example]] = {}
        for example in examples:
            pools = self._real if example.real else self._generated
            pools.setdefault((example.part, example.source), []).append(example)
        if not self._real:
            raise UserError("there is no real music to learn from: name folders with MIDI files that have parts")
        self._pools = sorted(self._real, key=lambda pool: (PARTS.index(pool[0]), pool[1]))
        # Between evenly and by size: a small source is heard often, but not the same song all the time.
        sizes = np.array([len(self._real[pool]) for pool in self._pools], float) ** 0.5
        self._shares = sizes / sizes.sum()
        self._of_part = {part: [one for (own, _), some in self._real.items() if own is part for one in some]
                         for part in PARTS}  # fmt: skip

    def batch(self, number: int) -> CriticBatch:
        """Batch number `number`, from 0."""
        rng = np.random.default_rng([self._settings.seed, number])
        rows = [self._draw(rng) for _ in range(self._settings.rows)]
        x, there = pad_steps([steps for steps, _, _ in rows], len(rows))
        return CriticBatch(
            x,
            there,
            np.array([real for _, _, real in rows], np.float32),
            np.array([one.kind if real else UNKNOWN_KIND for _, one, real in rows], np.int32),
            np.array([one.style * real for _, one, real in rows], np.float32),
        )

    def _draw(self, rng: np.random.Generator) -> tuple[np.ndarray, Example, bool]:
        pool = self._pools[int(rng.choice(len(self._pools), p=self._shares))]
        share = float(rng.random()) - self._settings.real
        generated = self._generated.get(pool)
        real = share < 0
        if generated and 0 <= share < self._settings.generated:
            example = generated[int(rng.integers(len(generated)))]
            frames = _cropped(example.frames, rng)
        else:
            example = self._real[pool][int(rng.integers(len(self._real[pool])))]
            frames = _cropped(example.frames, rng)
            if not real:
                frames, real = self._corrupted(example, frames, rng)
        return critic_steps(_with_less_known(frames, example.part, rng), example.part), example, real

    def _corrupted(self, example: Example, frames: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, bool]:
        others = self._of_part[example.part]
        for _ in range(_TRIES):
            other = others[int(rng.integers(len(others)))]
            if other.group == example.group:
                continue
            ways = self._settings.corruptions
            made = corrupt(frames, example.part, ways[int(rng.integers(len(ways)))], other.frames, rng)
            if made is not None:
                return made, False
        # A loop of one bar beside nothing cannot be made wrong: it is told as what it is.
        return frames, True


def corrupt(
    frames: np.ndarray, part: Part, corruption: str, other: np.ndarray, rng: np.random.Generator
) -> np.ndarray | None:
    """Frames made wrong, or None where they cannot be so in this way.

    Args:
        frames: float16 (bars * FRAMES_A_BAR, FRAME_COLUMNS), of a real cell.
        part: the part that is judged; what is transposed is the bass, which it is or has beside it.
        corruption: one of `CORRUPTIONS`.
        other: frames of the same part of another song.
        rng: draws orders and transpositions.
    """
    if corruption == "bars shuffled":
        return shuffle_bars(frames, part, rng)
    if corruption == "part of another song":
        return swap_part(frames, part, other)
    if part is Part.DRUMS:
        return None
    return transpose_bass(frames, int(rng.choice(_TRANSPOSITIONS)))


def _cropped(frames: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    bars = len(frames) // FRAMES_A_BAR
    wanted = min(bars, int(rng.choice(_LENGTHS)), MOST_BARS)
    first = int(rng.integers((bars - wanted) // _SHORTEST + 1)) * _SHORTEST
    return frames[first * FRAMES_A_BAR : (first + wanted) * FRAMES_A_BAR]


def _with_less_known(frames: np.ndarray, part: Part, rng: np.random.Generator) -> np.ndarray:
    """The frames as they are known while a part is written: later parts mostly hidden, now and then one before it."""
    copy = hide_later_parts(frames, part) if rng.random() < 0.7 else frames.copy()
    for other in PARTS:
        if other is not part and rng.random() < 0.1:
            hide_part(copy, other)
    return copy


def train_critic(
    examples: Sequence[Example],
    settings: CriticSettings,
    *,
    on_report: Callable[[int, float], None] = lambda train_step, loss: None,
    until: float = float("inf"),
) -> tuple[CriticNetwork, int]:
    """Train a critic.

    Args:
        examples: real and generated cells; corrupted ones are made of the real ones.
        settings: the run.
        on_report: told (steps taken, mean loss since the last report) every fifty steps.
        until: the `time.monotonic()` at which to stop.

    Returns:
        The network with averaged weights, and the steps taken.

    Raises:
        UserError: where there is nothing to learn from, or the loss is no longer a number.
    """
    batches = CriticBatches(examples, settings)
    network = CriticNetwork(settings.critic, rngs=nnx.Rngs(settings.seed))
    graph, parameters = nnx.split(network)
    optimizer = descent.make_optimizer(
        train_steps=settings.train_steps,
        learning_rate=settings.learning_rate,
        warmup_steps=settings.warmup_steps,
        weight_decay=settings.weight_decay,
        clip=settings.clip,
    )
    state = descent.start(parameters, optimizer)

    def cost(parameters: Any, batch: CriticBatch, key: jax.Array) -> jax.Array:
        return _loss(nnx.merge(graph, parameters), batch, settings, key)

    step = descent.make_step(cost, optimizer, average=settings.average, seed=settings.seed)
    losses: list[jax.Array] = []
    taken = 0
    while taken < settings.train_steps and time.monotonic() < until:
        state, loss = step(state, batches.batch(taken))
        losses.append(loss)
        taken += 1
        if taken % 50 == 0 or taken == settings.train_steps:
            recent = float(np.mean(jax.device_get(losses)))
            if not np.isfinite(recent):
                raise UserError(f"training the critic broke down at step {taken}: the loss is no number")
            on_report(taken, recent)
            losses = []
    return nnx.merge(graph, state.average), taken


def _loss(network: CriticNetwork, batch: CriticBatch, settings: CriticSettings, key: jax.Array) -> jax.Array:
    logits = network(jnp.asarray(batch.x), jnp.asarray(batch.there), key)
    target = jnp.abs(batch.real - settings.smoothing)
    real = optax.sigmoid_binary_cross_entropy(logits[:, 0], target).mean()
    kind_known, style_known = batch.kind != UNKNOWN_KIND, batch.style.sum(-1) > 0
    kind = optax.softmax_cross_entropy_with_integer_labels(logits[:, 1 : 1 + len(KINDS)], jnp.maximum(batch.kind, 0))
    style = optax.softmax_cross_entropy(logits[:, 1 + len(KINDS) :], batch.style)
    return real + settings.tell * (_mean_where(kind, kind_known) + _mean_where(style, style_known))


def _mean_where(values: jax.Array, where: jax.Array) -> jax.Array:
    return jnp.where(where, values, 0).sum() / jnp.maximum(where.sum(), 1)
