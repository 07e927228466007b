"""Training of the critic: batches of real, generated and corrupted cells, Optax steps, an average of the weights kept.

Every real cell of a batch comes with itself made wrong and with a take of the same part and collection, so that each
head learns from what differs, not from what kinds of music there happen to be on either side.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import msgspec
import numpy as np
import optax
from flax import nnx

from model.critic.frames import MOST_BARS, critic_bars, hide_later_parts
from model.critic.judge import FAULTS, GENERATED, CriticConfig, CriticNetwork, pad_bars
from model.language.conditions import KINDS
from model.language.frames import FRAMES_A_BAR, hide_part
from model.nn.optimizer import as_vector, init_state, make_optimizer, make_step
from model.training.critic_corruption import CORRUPTIONS, SHUFFLED, SWAPPED, SWAPPED_KEY, TRANSPOSED, corrupt
from model.training.critic_examples import UNKNOWN_CLASS, Example
from song.errors import UserError
from song.parts import PARTS, Part
from song.styles import STYLES

FAULT_OF = {SHUFFLED: 1, SWAPPED: 2, SWAPPED_KEY: 2, TRANSPOSED: 3}
"""Index in `FAULTS` of each corruption."""
_LENGTHS = (4, 8, 8, 16, 16, 16)
_SHORTEST = 4


class CriticSettings(msgspec.Struct, frozen=True):
    """A training run of the critic."""

    critic: CriticConfig = CriticConfig()
    train_steps: int = 1300  # optimizer steps
    rows: int = 32  # real cells in a batch; with each come a take and `wrong` cells, where they can be had
    wrong: int = 2  # ways in which each is corrupted
    corruptions: tuple[str, ...] = CORRUPTIONS  # of these ways
    learning_rate: float = 3e-3  # the highest, reached after the warm-up
    warmup_steps: int = 50  # steps over which the learning rate rises
    weight_decay: float = 0.02  # pull of the weights towards zero
    clip: float = 1.0  # longest gradient that is taken as it is
    average: float = 0.99  # share of the running average of weights that a step leaves; the average is what is kept
    smoothing: float = 0.05  # how far from certain the critic is asked to be
    tell: float = 0.3  # weight of the section kind's and of the style's loss beside that of a fault
    seed: int = 0  # of weights and batches


class CriticBatch(NamedTuple):
    """B cells to learn from.

    Attributes:
        x: float16 (B, MOST_BARS, FRAMES_A_BAR, COLUMNS), their bars.
        there: bool (B, MOST_BARS), which bars are no padding.
        fault: float32 (B, faults), 1 for the fault that a cell has, if any.
        counts: float32 (B, faults), how much a cell counts in learning each fault: real cells where another stands
            against them.
        kind: int32 (B,), index of the section kind, or UNKNOWN_CLASS.
        style: float32 (B, styles), all zero where it is not known.
    """

    x: np.ndarray
    there: np.ndarray
    fault: np.ndarray
    counts: np.ndarray
    kind: np.ndarray
    style: np.ndarray


class CriticBatches:
    """Draws batches; batch n depends on the seed and n alone.

    Every part and source has its own pool, and what stands against a real cell comes from the same one, so that neither
    part nor source tells which is which.
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
        """The batch of a number, from 0."""
        rng = np.random.default_rng([self._settings.seed, number])
        most = self._settings.rows * (2 + self._settings.wrong)
        bars: list[np.ndarray] = []
        fault, counts = np.zeros((2, most, len(FAULTS)), np.float32)
        kind = np.full(most, UNKNOWN_CLASS, np.int32)
        style = np.zeros((most, len(STYLES)), np.float32)
        for _ in range(self._settings.rows):
            pool = self._pools[int(rng.choice(len(self._pools), p=self._shares))]
            example = _one_of(self._real[pool], rng)
            frames = _with_less_known(_cropped(example.frames, rng), example.part, rng)
            own = len(bars)
            kind[own], style[own] = example.kind, example.style
            bars.append(critic_bars(frames, example.part))
            for index, wrong in self._against(pool, example, frames, rng):
                fault[len(bars), index] = 1
                counts[len(bars), index] += 1
                counts[own, index] += 1
                bars.append(critic_bars(wrong, example.part))
        x, there = pad_bars(bars, most)
        return CriticBatch(x, there, fault, counts, kind, style)

    def _against(
        self, pool: tuple[Part, str], example: Example, frames: np.ndarray, rng: np.random.Generator
    ) -> Iterator[tuple[int, np.ndarray]]:
        """The cells that stand against a real one, as (fault, frames): a take, and the cell itself made wrong."""
        takes = self._generated.get(pool)
        if takes:
            yield GENERATED, _with_less_known(_cropped(_one_of(takes, rng).frames, rng), example.part, rng)
        made = 0
        for way in rng.permutation(len(self._settings.corruptions)).tolist():
            corruption = self._settings.corruptions[way]
            other = _one_of(self._of_part[example.part], rng)
            if made == self._settings.wrong or other.group == example.group:
                continue
            wrong = corrupt(frames, example.part, corruption, other.frames, rng)
            if wrong is not None:
                made += 1
                yield FAULT_OF[corruption], wrong


def _one_of(examples: Sequence[Example], rng: np.random.Generator) -> Example:
    return examples[int(rng.integers(len(examples)))]


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
    parameters, network_of = as_vector(network)
    optimizer = make_optimizer(
        train_steps=settings.train_steps,
        learning_rate=settings.learning_rate,
        warmup_steps=settings.warmup_steps,
        weight_decay=settings.weight_decay,
        clip=settings.clip,
    )
    state = init_state(parameters, optimizer)

    def cost(network: CriticNetwork, batch: CriticBatch, key: jax.Array) -> jax.Array:
        return _loss(network, batch, settings, key)

    step = make_step(cost, network_of, optimizer, average=settings.average, seed=settings.seed)
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
    return network_of(np.asarray(state.average)), taken


def _loss(network: CriticNetwork, batch: CriticBatch, settings: CriticSettings, key: jax.Array) -> jax.Array:
    logits = network(jnp.asarray(batch.x), jnp.asarray(batch.there), key)
    faults, kinds, styles = jnp.split(logits, [len(FAULTS), len(FAULTS) + len(KINDS)], axis=-1)
    target = jnp.abs(batch.fault - settings.smoothing)
    costs = optax.sigmoid_binary_cross_entropy(faults, target) * batch.counts
    fault = (costs.sum(0) / jnp.maximum(batch.counts.sum(0), 1)).sum()
    kind = optax.softmax_cross_entropy_with_integer_labels(kinds, jnp.maximum(batch.kind, 0))
    style = optax.softmax_cross_entropy(styles, batch.style)
    kind_known, style_known = batch.kind != UNKNOWN_CLASS, batch.style.sum(-1) > 0
    return fault + settings.tell * (_mean_where(kind, kind_known) + _mean_where(style, style_known))


def _mean_where(values: jax.Array, where: jax.Array) -> jax.Array:
    return jnp.where(where, values, 0).sum() / jnp.maximum(where.sum(), 1)
