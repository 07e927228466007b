"""The critic: a bidirectional LSTM that hears a take among the parts around it and says how likely it is real music.

Two more heads say what section kind and what style it sounds like. Training it is `model.critic_train`'s.
"""

import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import msgspec
import numpy as np
from flax import nnx
from safetensors import SafetensorError
from safetensors.numpy import load, save

from model.checkpoint import named_parameters, parameter_shapes, put_parameters
from model.critic_frames import MOST_BARS, STEP_COLUMNS, STEPS_A_BAR, critic_steps
from model.features import KINDS
from model.frames import FRAMES_A_BAR
from model.recurrence import LSTMLayer, scan_gates
from song.errors import UserError
from song.files import write_atomically
from song.parts import Part
from song.styles import STYLES

BATCH = 8
"""Stretches that are scored at once: one size, so that one program is compiled."""
STEPS = MOST_BARS * STEPS_A_BAR
_CLOSED = -1e4
"""Added to an input gate it lets nothing in."""


class CriticConfig(msgspec.Struct, frozen=True):
    """Sizes of the critic."""

    width: int = 64  # units between the frames and the LSTM, and between pooling and the heads
    hidden: int = 64  # units of the LSTM, each way
    dropout: float = 0.3  # share of inputs and of pooled units left out while training


class CriticCard(msgspec.Struct, frozen=True):
    """What is known of a critic beside the numbers.

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
    """Frames in, logits out."""

    def __init__(self, config: CriticConfig, *, rngs: nnx.Rngs) -> None:
        self.dropout = config.dropout
        self.enter = nnx.Linear(STEP_COLUMNS, config.width, rngs=rngs)
        self.forward = LSTMLayer(config.width, config.hidden, rngs=rngs)
        self.backward = LSTMLayer(config.width, config.hidden, rngs=rngs)
        self.pooled = nnx.Linear(4 * config.hidden, config.width, rngs=rngs)
        self.heads = nnx.Linear(config.width, 1 + len(KINDS) + len(STYLES), rngs=rngs)

    def __call__(self, x_BxSxC: jax.Array, there_BxS: jax.Array, key: jax.Array | None = None) -> jax.Array:
        """Judge stretches.

        Args:
            x_BxSxC: steps, float of any precision.
            there_BxS: bool, which steps are of the stretch and no padding; they come first.
            key: for dropout, while training.

        Returns:
            Logits (B, 1 + kinds + styles): real, section kind, style.
        """
        keys = jax.random.split(key, 3) if key is not None else (None, None, None)
        x_SxBxC = jnp.swapaxes(x_BxSxC, 0, 1).astype(jnp.float32)
        there_SxBx1 = there_BxS.T[..., None]
        entered = jax.nn.relu(self.enter(_drop(x_SxBxC, self.dropout / 3, keys[0])))
        entered = _drop(entered, self.dropout, keys[1])
        ahead = _read(self.forward, entered, there_SxBx1)
        back = _read(self.backward, entered[::-1], there_SxBx1[::-1])[::-1]
        states = jnp.concatenate([ahead, back], axis=-1)
        mean = jnp.where(there_SxBx1, states, 0).sum(0) / jnp.maximum(there_SxBx1.sum(0), 1)
        most = jnp.where(there_SxBx1, states, -1.0).max(0)
        pooled = jax.nn.relu(self.pooled(_drop(jnp.concatenate([mean, most], axis=-1), self.dropout, keys[2])))
        return self.heads(pooled)


def _read(layer: LSTMLayer, x_SxBxI: jax.Array, there_SxBx1: jax.Array) -> jax.Array:
    """A layer's states; what is not there changes nothing, though it comes before the stretch as read from its end."""
    z = x_SxBxI @ layer.w_in[...] + layer.bias[...]
    is_input_gate = jnp.arange(z.shape[-1]) < z.shape[-1] // 4
    return scan_gates(z + jnp.where(there_SxBx1, 0.0, _CLOSED) * is_input_gate, layer.w_hidden[...])


def _drop(x: jax.Array, share: float, key: jax.Array | None) -> jax.Array:
    if key is None or share == 0:
        return x
    # What is left out is so for a whole row: a column that comes and goes would be told from the steps beside it.
    return jnp.where(jax.random.bernoulli(key, 1 - share, x.shape[-2:]), x / (1 - share), 0)


class Judgement(msgspec.Struct, frozen=True):
    """What the critic makes of a take.

    Attributes:
        real: how likely it is real music, 0-1, as likely as not being 0.5.
        kinds: how likely each section kind is: float64 (kinds,).
        styles: how likely each style is: float64 (styles,).
    """

    real: float
    kinds: np.ndarray
    styles: np.ndarray


class Critic:
    """Judges takes with one set of weights."""

    def __init__(self, network: CriticNetwork, card: CriticCard, digest: str = "") -> None:
        """Set up.

        Args:
            network: what judges.
            card: what is known of it.
            digest: first 16 hex digits of the SHA-256 of its file.
        """
        self.card, self.digest = card, digest
        graph, self._parameters = nnx.split(network)
        self._judge = partial(_judge, graph)

    def judge(self, takes: Sequence[tuple[Part, np.ndarray]]) -> list[Judgement]:
        """Judge takes, each by itself: what is judged beside it makes no difference.

        Args:
            takes: for each its part and its frames, as `critic_frames.take_frames` gives them.
        """
        stretches = [
            (index, critic_steps(frames[first : first + MOST_BARS * FRAMES_A_BAR], part))
            for index, (part, frames) in enumerate(takes)
            for first in range(0, len(frames), MOST_BARS * FRAMES_A_BAR)
        ]
        logits = np.zeros((len(takes), 1 + len(KINDS) + len(STYLES)))
        steps = np.zeros(len(takes))
        for start in range(0, len(stretches), BATCH):
            some = stretches[start : start + BATCH]
            x, there = pad_steps([rows for _, rows in some], BATCH)
            judged = np.asarray(self._judge(self._parameters, x, there), np.float64)
            for (index, rows), row in zip(some, judged, strict=False):
                logits[index] += row * len(rows)
                steps[index] += len(rows)
        return [_judgement(row) for row in logits / np.maximum(steps, 1)[:, None]]

    def warm(self) -> None:
        """Compile what judging needs."""
        self._judge(self._parameters, *pad_steps([], BATCH))


@partial(jax.jit, static_argnums=0)
def _judge(graph: Any, parameters: Any, x: jax.Array, there: jax.Array) -> jax.Array:
    logits: jax.Array = nnx.merge(graph, parameters)(x, there)
    return logits


def pad_steps(stretches: Sequence[np.ndarray], rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Stretches as one batch: float16 (rows, STEPS, STEP_COLUMNS) and bool (rows, STEPS)."""
    x = np.zeros((rows, STEPS, STEP_COLUMNS), np.float16)
    there = np.zeros((rows, STEPS), bool)
    for row, stretch in enumerate(stretches):
        x[row, : len(stretch)] = stretch
        there[row, : len(stretch)] = True
    return x, there


def _judgement(logits: np.ndarray) -> Judgement:
    kinds, styles = logits[1 : 1 + len(KINDS)], logits[1 + len(KINDS) :]
    return Judgement(float(1 / (1 + np.exp(-logits[0]))), _softmax(kinds), _softmax(styles))


def _softmax(logits: np.ndarray) -> np.ndarray:
    likely = np.exp(logits - logits.max())
    return np.asarray(likely / likely.sum())


def critic_path(weights_path: Path) -> Path:
    """Where the critic of weights lies: NAME.critic.safetensors beside NAME.safetensors."""
    return weights_path.with_name(f"{weights_path.stem}.critic.safetensors")


def save_critic(path: Path, network: CriticNetwork, card: CriticCard) -> None:
    """Write a critic, in half precision, its card within the file.

    Raises:
        UserError: where it cannot be written.
    """
    flat = {name: np.asarray(value, np.float16) for name, value in named_parameters(network).items()}
    write_atomically(path, save(flat, {"card": msgspec.json.encode(card).decode()}))


def load_critic(weights_path: Path) -> Critic | None:
    """The critic of weights, or None where there is none beside them.

    Raises:
        UserError: where its file is damaged or cannot be read.
    """
    path = critic_path(weights_path)
    if not path.exists():
        return None
    try:
        data = path.read_bytes()
        card = msgspec.json.decode(_metadata(data), type=CriticCard)
        flat = load(data)
    except OSError as error:
        raise UserError(f"cannot read the critic {path}: {error.strerror}") from error
    except (msgspec.DecodeError, SafetensorError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise UserError(f"the critic {path} is damaged: {reason}; install Dropsmith again or delete it") from error
    network = nnx.eval_shape(lambda: CriticNetwork(card.critic, rngs=nnx.Rngs(0)))
    if {name: value.shape for name, value in flat.items()} != parameter_shapes(network):
        raise UserError(f"the critic {path} is of another version; train it anew with `dropsmith train --critic`")
    put_parameters(network, flat)
    return Critic(network, card, hashlib.sha256(data).hexdigest()[:16])


def _metadata(data: bytes) -> str:
    """The card in the head of a safetensors file: eight bytes of length, then JSON."""
    length = int.from_bytes(data[:8], "little")
    head = msgspec.json.decode(data[8 : 8 + length], type=dict[str, dict[str, Any]])
    card = head.get("__metadata__", {}).get("card")
    if not isinstance(card, str):
        raise ValueError("it has no card")
    return card
