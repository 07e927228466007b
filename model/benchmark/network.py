"""The network of the polyphony benchmark: the project's LSTM over frames, a chain of notes within a frame.

A frame is told as its keys from low to high and an end: every set of keys has exactly one such chain, so that the
probabilities of all sets sum to 1. Shapes: T time, B batch, N chain places, S sources of copying, K keys, D head.
"""

from collections.abc import Mapping
from functools import partial

import jax
import jax.numpy as jnp
import msgspec
from flax import nnx

from model.nn.copy_bonus import pick, place_bonus
from model.nn.draws import Linear
from model.nn.embedding import Embedding
from model.nn.lstm import LSTMLayer

PERIODS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 64)
"""Periods, in frames, of the waves that tell the network where in the piece it is."""
INTERVALS = 16
"""Widest interval, in semitones, for which a choice is also scored by its distance from a note."""


class PolyphonyConfig(msgspec.Struct, frozen=True):
    """Sizes and pieces of the network; what can be left out is there to be measured."""

    keys: int = 88  # keys of the keyboard
    lags: tuple[int, ...] = (1, 2, 4, 8, 16)  # fixed lags of look-back, in frames
    hidden: int = 256  # units of each LSTM layer
    layers: int = 2  # LSTM layers
    head: int = 256  # units of the chain's hidden layer
    seen: int = 48  # columns that a source's frame is seen as
    input_dropout: float = 0.2  # share of input features dropped in training
    dropout: float = 0.4  # share of LSTM units dropped in training
    head_dropout: float = 0.2  # share of the head's units dropped in training
    copy_gates: bool = True  # whether what the past foretells adds to the logits
    intervals: bool = True  # whether a choice is also scored by its distance from a note


@partial(jax.custom_vjp, nondiff_argnums=(2,))
def place_intervals(scores: jax.Array, base: jax.Array, keys: int) -> jax.Array:
    """Scores of intervals around a key, laid on the keyboard.

    Args:
        scores: float32 (..., 2R + 1), of the intervals from R semitones below the key to R above it.
        base: int (...,), the key; it may lie beyond the keyboard's ends.
        keys: keys of the keyboard.

    Returns:
        float32 (..., keys), 0 for keys farther than R away.
    """
    return pick(scores, jnp.arange(keys) - base[..., None] + scores.shape[-1] // 2)


def _intervals_forward(scores: jax.Array, base: jax.Array, keys: int) -> tuple[jax.Array, tuple[jax.Array, int]]:
    return place_intervals(scores, base, keys), (base, scores.shape[-1])


def _intervals_backward(keys: int, saved: tuple[jax.Array, int], gradient: jax.Array) -> tuple[jax.Array, None]:
    base, width = saved
    return pick(gradient, jnp.arange(width) - width // 2 + base[..., None]), None


place_intervals.defvjp(_intervals_forward, _intervals_backward)


class PolyphonyNetwork(nnx.Module):
    """LSTM layers over frames; a small network over the chain of each next frame's notes."""

    def __init__(self, config: PolyphonyConfig, *, rngs: nnx.Rngs) -> None:
        self.config = config
        keys, head, sources = config.keys, config.head, len(config.lags) + 2
        self.see = Linear(keys, config.seen, use_bias=False, rngs=rngs)
        features = 3 * keys + sources * (config.seen + 2) + 2 * len(PERIODS) + 1
        sizes = [features] + [config.hidden] * config.layers
        self.layers = nnx.List([LSTMLayer(sizes[n], sizes[n + 1], rngs=rngs) for n in range(config.layers)])
        self.from_state = Linear(config.hidden, head, rngs=rngs)
        self.from_chain = Linear(2 * keys + 1, head, use_bias=False, rngs=rngs)
        self.from_held = Embedding(keys + 2, head, rngs=rngs, scale=0.1)
        self.from_sources = Linear(4 * sources, head, use_bias=False, rngs=rngs)
        self.to_token = Linear(head, keys + 1, rngs=rngs)
        if config.copy_gates:
            self.gates = Linear(head, 2 * sources, rngs=rngs)
        if config.intervals:
            zeros = nnx.initializers.zeros_init()
            self.to_intervals = Linear(head, 2 * (2 * INTERVALS + 1), kernel_init=zeros, rngs=rngs)

    def states(self, batch: Mapping[str, jax.Array], key: jax.Array | None = None) -> jax.Array:
        """Read the frames so far.

        Args:
            batch: arrays (T, B, ...), as `model.benchmark.batches.collate` gives them.
            key: a scalar random key, which drops features and units while training; None leaves all in place.

        Returns:
            The last layer's states, float32 (T, B, H).
        """
        config = self.config
        there = jnp.asarray(batch["seen"], jnp.float32)
        seen = self.see(there).reshape(*there.shape[:2], -1)
        angles = batch["time"][..., None] * (2 * jnp.pi / jnp.asarray(PERIODS))
        match = jnp.log1p(batch["match"].astype(jnp.float32))
        x = jnp.concatenate(
            [
                batch["frame"].astype(jnp.float32),
                jnp.log1p(batch["age"].astype(jnp.float32)),
                batch["mean"] * 3,
                seen,
                match.reshape(*match.shape[:2], -1) * 0.5,
                jnp.sin(angles),
                jnp.cos(angles),
                jnp.log1p(batch["time"][..., None].astype(jnp.float32)) * 0.25,
            ],
            axis=-1,
        )
        x = _drop(x, config.input_dropout, key, 0)
        for n, layer in enumerate(self.layers):
            h = layer(x)
            x = _drop(h if n == 0 else h + x, config.dropout, key, n + 1)
        return x

    def log_probabilities(
        self, h_TxBxH: jax.Array, batch: Mapping[str, jax.Array], key: jax.Array | None = None
    ) -> jax.Array:
        """Log-probabilities of every next token of the chain; impossible ones are far below.

        A token is a key above the one before it, or K, the frame's end.

        Args:
            h_TxBxH: float32, as `states` gives them.
            batch: arrays (T, B, ...), as `model.benchmark.batches.collate` gives them.
            key: a scalar random key, which drops units while training; None leaves all in place.

        Returns:
            float32 (T, B, N, K + 1).
        """
        config, keys = self.config, self.config.keys
        tokens = batch["tokens"].astype(jnp.int32)
        before = jnp.concatenate([jnp.full_like(tokens[..., :1], -1), tokens[..., :-1]], axis=-1)
        last = jax.nn.one_hot(before, keys)
        agrees = batch["agrees"].astype(jnp.float32)
        says = batch["next_token"].astype(jnp.int32)
        match = jnp.log1p(batch["match"].astype(jnp.float32))[:, :, None]
        hints = jnp.concatenate([agrees, says == keys, agrees * match[..., 0], agrees * match[..., 1]], axis=-1)
        start = (before < 0)[..., None].astype(jnp.float32)
        hidden = (
            self.from_state(h_TxBxH)[:, :, None]
            + self.from_chain(jnp.concatenate([jnp.cumsum(last, axis=-2), last, start], axis=-1))
            + self.from_held(says[..., 0] + 1)
            + self.from_sources(hints)
        )
        hidden = _drop(jax.nn.relu(hidden), config.head_dropout, key, len(self.layers) + 1)
        logits = self.to_token(hidden)
        if config.copy_gates:
            agreed, otherwise = jnp.split(self.gates(hidden), 2, axis=-1)
            logits += place_bonus(jnp.where(agrees > 0, agreed, otherwise), says, keys + 1)
        if config.intervals:
            from_last, from_held = jnp.split(self.to_intervals(hidden), 2, axis=-1)
            held = jnp.where(says[..., 0] == keys, -2 * INTERVALS, says[..., 0])
            around = place_intervals(from_last, before, keys) + place_intervals(from_held, held, keys)
            logits += jnp.pad(around, [(0, 0)] * 3 + [(0, 1)])
        possible = jnp.arange(keys + 1) > before[..., None]
        return jax.nn.log_softmax(jnp.where(possible, logits, -1e9), axis=-1)

    def frame_nats(self, batch: Mapping[str, jax.Array], key: jax.Array | None = None) -> jax.Array:
        """Nats of every next frame as a whole, zero where there is none.

        Args:
            batch: arrays (T, B, ...), as `model.benchmark.batches.collate` gives them.
            key: a scalar random key, which drops features and units while training; None leaves all in place.

        Returns:
            float32 (T, B).
        """
        tokens = batch["tokens"].astype(jnp.int32)
        log_p = self.log_probabilities(self.states(batch, key), batch, key)
        chosen = jnp.take_along_axis(log_p, jnp.maximum(tokens, 0)[..., None], axis=-1)[..., 0]
        return -jnp.where(tokens >= 0, chosen, 0).sum(-1)


def _drop(x: jax.Array, rate: float, key: jax.Array | None, n: int) -> jax.Array:
    """Drop features while training, with one mask for all of a sequence: noise that changes would drown the state."""
    if key is None or not rate:
        return x
    kept = jax.random.bernoulli(jax.random.fold_in(key, n), 1 - rate, (1, *x.shape[1:]))
    return jnp.where(kept, x / (1 - rate), 0)
