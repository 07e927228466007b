"""The critic: a bidirectional LSTM that hears a take among the parts around it and says how likely it is real music.

It has a head for each way in which a take may not be real: generated, its bars in another order, at home in another
song, on a transposed bass. Two more say what section kind and what style it sounds like. Whether a take is generated is
weighed by its feature vector too (`critic.measures`), once as what any take may be, once as the takes of one cell are
ranked. Training it is `model.training.critic_train`'s.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import msgspec
import numpy as np
from flax import nnx

from model.checkpoint import fits, named_parameters, parameter_shapes, put_parameters
from model.critic.frames import COLUMNS, MOST_BARS, critic_bars
from model.critic.measures import INFINITE, UNWEIGHED, Weighing, as_arrays, from_arrays, generated_logit
from model.critic.relations import BAR_RELATIONS, FRAME_RELATIONS, relate
from model.language.conditions import KINDS
from model.language.frames import FRAMES_A_BAR
from model.nn.draws import Linear, shapes_of
from model.nn.lstm import LSTMLayer, multiply, scan_gates
from model.nn.sizes import Share, Units
from model.tensors import TensorFile, load_tensors, save_tensors
from song.errors import UserError
from song.parts import Part
from song.styles import STYLES

BATCH = 8
"""Stretches that are scored at once: one size, so that one program is compiled."""
FRAMES_A_STEP = 2
"""Within a bar it steps once an eighth."""
FAULTS = ("generated", "bars shuffled", "part of another song", "bass transposed")
"""The ways in which a take may not be real, each with a head."""
GENERATED = 0
FAULT_SHARES = (0.5, 0.2, 0.15, 0.15)
"""Probability of each, of takes that are not real; the score depends on it, no head does."""
HEADS = len(FAULTS) + len(KINDS) + len(STYLES)
_CLOSED = -1e4
"""Added to an input gate it lets nothing in."""


class CriticConfig(msgspec.Struct, frozen=True):
    """Sizes of the critic."""

    width: Units = 56  # units between the LSTMs, and between pooling and the heads
    within: Units = 32  # units of the LSTM within a bar, each way
    across: Units = 64  # units of the LSTM over the bars, each way
    dropout: Share = 0.3  # share of inputs and of pooled units left out while training


class CriticCard(msgspec.Struct, frozen=True):
    """Facts about a critic, beside the numbers.

    Attributes:
        critic: its sizes.
        weights: digest of the weights whose takes it learned to tell from real music.
        train_steps: optimizer steps taken.
        real: cells of real music that it learned from.
        generated: takes that it learned from.
        licence: what it may be used under.
    """

    critic: CriticConfig
    weights: str = ""
    train_steps: int = 0
    real: int = 0
    generated: int = 0
    licence: str = "CC BY-SA 4.0; see ATTRIBUTION.md"


class CriticNetwork(nnx.Module):
    """Sixteenths in, logits out: a bidirectional LSTM within each bar, and one over the bars.

    Shapes: B takes, K bars, F sixteenths of a bar, S steps of a bar, C columns.
    """

    def __init__(self, config: CriticConfig, *, rngs: nnx.Rngs) -> None:
        self.dropout = config.dropout
        step_columns = FRAMES_A_STEP * COLUMNS + FRAME_RELATIONS
        self.enter = Linear(step_columns, config.width, rngs=rngs)
        self.within_ahead = LSTMLayer(config.width, config.within, rngs=rngs)
        self.within_back = LSTMLayer(config.width, config.within, rngs=rngs)
        self.bar = Linear(4 * config.within + BAR_RELATIONS, config.width, rngs=rngs)
        self.across_ahead = LSTMLayer(config.width, config.across, rngs=rngs)
        self.across_back = LSTMLayer(config.width, config.across, rngs=rngs)
        self.pooled = Linear(4 * config.across, config.width, rngs=rngs)
        self.heads = Linear(config.width, HEADS, rngs=rngs)

    def __call__(self, x_BxKxFxC: jax.Array, there_BxK: jax.Array, key: jax.Array | None = None) -> jax.Array:
        """Judge stretches.

        Args:
            x_BxKxFxC: bars as `frames.critic_bars` gives them, float of any precision.
            there_BxK: bool, which bars are of the stretch and no padding; they come first.
            key: for dropout, while training.

        Returns:
            Logits (B, HEADS): a fault each, section kind, style.
        """
        keys = jax.random.split(key, 4) if key is not None else (None,) * 4
        B, K, F, _ = x_BxKxFxC.shape
        x = x_BxKxFxC.astype(jnp.float32)
        relations = relate(x, there_BxK)
        S = F // FRAMES_A_STEP
        played = x.reshape(B, K, S, -1)
        beside = relations.frames.reshape(B, K, S, FRAMES_A_STEP, -1).mean(3)
        steps = jnp.concatenate([played, beside], axis=-1)
        entered = jax.nn.relu(self.enter(_drop(steps, self.dropout / 3, keys[0])))
        bars = self._bars(_drop(entered, self.dropout, keys[1]))
        bars = jnp.concatenate([bars, relations.bars], axis=-1)
        bars = jax.nn.relu(self.bar(_drop(bars, self.dropout / 3, keys[2])))
        pooled = jax.nn.relu(self.pooled(_drop(self._stretch(bars, there_BxK), self.dropout, keys[3])))
        return self.heads(pooled)

    def _bars(self, steps_BxKxSxW: jax.Array) -> jax.Array:
        """Each bar as the first LSTM reads it: (B, K, 4 * within)."""
        B, K, S, W = steps_BxKxSxW.shape
        read = jnp.swapaxes(steps_BxKxSxW.reshape(B * K, S, W), 0, 1)
        ahead, back = self.within_ahead(read), self.within_back(read[::-1])[::-1]
        states = jnp.concatenate([ahead, back], axis=-1)
        return jnp.concatenate([states.mean(0), states.max(0)], axis=-1).reshape(B, K, -1)

    def _stretch(self, bars_BxKxW: jax.Array, there_BxK: jax.Array) -> jax.Array:
        """The bars as the second LSTM reads them: (B, 4 * across)."""
        read, there_KxBx1 = jnp.swapaxes(bars_BxKxW, 0, 1), there_BxK.T[..., None]
        ahead = _read(self.across_ahead, read, there_KxBx1)
        back = _read(self.across_back, read[::-1], there_KxBx1[::-1])[::-1]
        states = jnp.concatenate([ahead, back], axis=-1)
        mean = jnp.where(there_KxBx1, states, 0).sum(0) / jnp.maximum(there_KxBx1.sum(0), 1)
        most = jnp.where(there_KxBx1, states, -1.0).max(0)
        return jnp.concatenate([mean, most], axis=-1)


def _read(layer: LSTMLayer, x_TxBxI: jax.Array, there_TxBx1: jax.Array) -> jax.Array:
    """A layer's states; what is not there changes nothing, though it comes before the stretch as read from its end."""
    z = multiply(x_TxBxI, layer.w_in[...]) + layer.bias[...]
    is_input_gate = jnp.arange(z.shape[-1]) < z.shape[-1] // 4
    return scan_gates(z + jnp.where(there_TxBx1, 0.0, _CLOSED) * is_input_gate, layer.w_hidden[...])


def _drop(x: jax.Array, share: float, key: jax.Array | None) -> jax.Array:
    if key is None or share == 0:
        return x
    # What is left out is so for a whole row: a column that comes and goes would be told from the steps beside it.
    kept = jax.random.bernoulli(key, 1 - share, (x.shape[0], *(1,) * (x.ndim - 2), x.shape[-1]))
    return jnp.where(kept, x / (1 - share), 0)


class CriticInput(NamedTuple):
    """A take as the critic is given it.

    Attributes:
        part: whose it is.
        frames: float16 (bars * FRAMES_A_BAR, FRAME_COLUMNS), as `frames.take_frames` gives them.
        measures: float64 (numbers,), as `measures.measure` gives them; None: it is judged by its frames alone.
    """

    part: Part
    frames: np.ndarray
    measures: np.ndarray | None = None


class Judgement(msgspec.Struct, frozen=True):
    """The critic's verdict on a take.

    Attributes:
        real: how likely it is real music, 0-1, as likely as not being 0.5.
        faults: for each of `FAULTS` how likely the take has it, if it has that one or none: float64 (faults,).
        kinds: how likely each section kind is: float64 (kinds,).
        styles: how likely each style is: float64 (styles,).
        merit: how likely it is real music, not generated, by what sets real music apart from takes written for the
            same cell, 0-1: takes of a cell are ranked by it. Between cells far more differs, and most of that is no
            merit.
    """

    real: float
    faults: np.ndarray
    kinds: np.ndarray
    styles: np.ndarray
    merit: float


class Critic:
    """Judges takes with one set of weights."""

    def __init__(
        self,
        network: CriticNetwork,
        card: CriticCard,
        weighing: Weighing = UNWEIGHED,
        digest: str = "",
    ) -> None:
        """Set up.

        Args:
            network: judges the frames of takes.
            card: the facts about it.
            weighing: weighs the feature vectors of takes.
            digest: first 16 hex digits of the SHA-256 of its file.
        """
        self.card, self.digest = card, digest
        self._weighing = weighing
        graph, self._parameters = nnx.split(network)
        self._judge = partial(_judge, graph)

    def judge(self, takes: Sequence[CriticInput]) -> list[Judgement]:
        """Judge takes, each by itself: what is judged beside it makes no difference."""
        judged = []
        for row, take in zip(self._hear(takes), takes, strict=True):
            alone, beside = (generated_logit(fitted, take.part, take.measures) for fitted in self._weighing)
            heard = row[GENERATED]
            row[GENERATED] = _agreed(heard, alone)
            judged.append(_judgement(row, _agreed(heard, alone if beside is None else beside)))
        return judged

    def _hear(self, takes: Sequence[CriticInput]) -> np.ndarray:
        """The network's logits of takes, means over their bars: float64 (takes, HEADS)."""
        stretches = [
            (index, critic_bars(take.frames[first : first + MOST_BARS * FRAMES_A_BAR], take.part))
            for index, take in enumerate(takes)
            for first in range(0, len(take.frames), MOST_BARS * FRAMES_A_BAR)
        ]
        logits = np.zeros((len(takes), HEADS))
        bars = np.zeros(len(takes))
        for start in range(0, len(stretches), BATCH):
            some = stretches[start : start + BATCH]
            x, there = pad_bars([rows for _, rows in some], BATCH)
            judged = np.asarray(self._judge(self._parameters, x, there), np.float64)
            for (index, rows), row in zip(some, judged, strict=False):
                logits[index] += row * len(rows)
                bars[index] += len(rows)
        return np.asarray(logits / np.maximum(bars, 1)[:, None])

    def warm(self) -> None:
        """Compile what judging needs."""
        self._judge(self._parameters, *pad_bars([], BATCH))


@partial(jax.jit, static_argnums=0)
def _judge(graph: Any, parameters: Any, x: jax.Array, there: jax.Array) -> jax.Array:
    logits: jax.Array = nnx.merge(graph, parameters)(x, there)
    return logits


def pad_bars(stretches: Sequence[np.ndarray], rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Put stretches side by side as one batch.

    Args:
        stretches: float16 (bars, FRAMES_A_BAR, COLUMNS) each, of MOST_BARS bars or fewer, as `frames.critic_bars` gives
            them.
        rows: stretches of the batch, the given ones and blank ones after them.

    Returns:
        float16 (rows, MOST_BARS, FRAMES_A_BAR, COLUMNS), the bars; bool (rows, MOST_BARS), true where there is one.
    """
    x = np.zeros((rows, MOST_BARS, FRAMES_A_BAR, COLUMNS), np.float16)
    there = np.zeros((rows, MOST_BARS), bool)
    for row, stretch in enumerate(stretches):
        x[row, : len(stretch)] = stretch
        there[row, : len(stretch)] = True
    return x, there


def _agreed(heard: float, weighed: float | None) -> float:
    """One logit of the network's and the measures': both hear much of the same, and their sum would be too certain."""
    return heard if weighed is None else (heard + weighed) / 2


def _judgement(logits: np.ndarray, against_merit: float) -> Judgement:
    faults = logits[: len(FAULTS)]
    kinds, styles = np.split(logits[len(FAULTS) :], [len(KINDS)])
    # A head's logit is how much likelier the take is under its fault than as real music.
    against = np.logaddexp.reduce(faults + np.log(FAULT_SHARES))
    real, merit = _sigmoid(-np.array([against, against_merit])).tolist()
    return Judgement(real, _sigmoid(faults), _softmax(kinds), _softmax(styles), merit)


def _sigmoid(logits: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-logits)))


def _softmax(logits: np.ndarray) -> np.ndarray:
    likely = np.exp(logits - logits.max())
    return np.asarray(likely / likely.sum())


def critic_path(weights_path: Path) -> Path:
    """Where the critic of weights lies: NAME.critic.safetensors beside NAME.safetensors."""
    return weights_path.with_name(f"{weights_path.stem}.critic.safetensors")


def save_critic(path: Path, network: CriticNetwork, card: CriticCard, weighing: Weighing) -> None:
    """Write a critic, its network in half precision, its card within the file.

    Raises:
        UserError: where it cannot be written.
    """
    flat = {name: np.asarray(value, np.float16) for name, value in named_parameters(network).items()}
    save_tensors(path, flat | as_arrays(weighing), {"card": msgspec.json.encode(card).decode()}, infinite=INFINITE)


def load_critic(weights_path: Path) -> Critic | None:
    """The critic of weights, or None where there is none beside them.

    Raises:
        UserError: where its file is damaged or cannot be read.
    """
    path = critic_path(weights_path)
    if not path.exists():
        return None
    card, weighing, file = load_tensors(
        path, "the critic", "install Dropsmith again or delete it", _parts_of, infinite=INFINITE
    )
    network = shapes_of(lambda rngs: CriticNetwork(card.critic, rngs=rngs))
    if not fits(file, parameter_shapes(network)):
        raise UserError(f"the critic {path} is of another version; train it anew with `dropsmith train --critic`")
    put_parameters(network, file.arrays)
    return Critic(network, card, weighing, file.digest)


def _parts_of(file: TensorFile) -> tuple[CriticCard, Weighing, TensorFile]:
    """A critic's card, what weighs the numbers, and the file without what that was made of."""
    if "card" not in file.metadata:
        raise ValueError("it has no card")
    card = msgspec.json.decode(file.metadata["card"], type=CriticCard)
    flat = dict(file.arrays)
    return card, from_arrays(flat), msgspec.structs.replace(file, arrays=flat)
