"""The network: a conditional LSTM that steps once a note, with a chain of small heads and copy gates.

Shapes: T time, B batch, L lags of look-back, H hidden, V a vocabulary. `step` serves sampling and `__call__` training;
both go through `_embed` and the heads, so they cannot drift apart.
"""

import itertools
from typing import Any

import jax
import jax.numpy as jnp
import msgspec
from flax import nnx

from model.features import BAR_COLUMNS, LAGS, MATCH_LIMIT, STEP_COLUMNS
from model.recurrence import Carry, LSTMLayer
from model.tables import Table
from model.vocabulary import PITCH_TOKENS, POSITION_TOKENS, POSITIONS, REST_SIZES
from song.parts import PARTS
from song.styles import STYLES


class NetworkConfig(msgspec.Struct, frozen=True):
    """Sizes of the network."""

    hidden: int = 256  # units of each LSTM layer
    layers: int = 2  # LSTM layers
    head: int = 160  # units between the LSTM and the later heads
    dropout: float = 0.3  # share of inputs and hidden units dropped in training


class Inputs(msgspec.Struct, frozen=True):
    """What one step sees. Arrays of integers, shape (..., columns) as named; the leading axes are (T, B) or (B,).

    Attributes:
        event: the event before: position token, pitch, duration, velocity, wobble, depth (6 columns); a row of the
            "nothing" values at the start.
        place: place reached in the bar, 0-95, or 96 at its start (1 column).
        bar: the columns of `features.BAR_COLUMNS`.
        quota: the columns of `features.STEP_COLUMNS`.
        lag_position, lag_pitch, lag_match: look-back, one column a lag.
        lag_rest: duration, velocity, wobble and depth of the aligned events, (..., L, 4).
        part: index of the part (no column).
        style: float, shares of styles.
        tempo: float, `features.tempo_features`.
    """

    event: jax.Array
    place: jax.Array
    bar: jax.Array
    quota: jax.Array
    lag_position: jax.Array
    lag_pitch: jax.Array
    lag_match: jax.Array
    lag_rest: jax.Array
    part: jax.Array
    style: jax.Array
    tempo: jax.Array


jax.tree_util.register_pytree_node(
    Inputs,
    lambda inputs: (tuple(getattr(inputs, name) for name in Inputs.__struct_fields__), None),
    lambda _, leaves: Inputs(*leaves),
)

_SPLITS = tuple(itertools.accumulate(REST_SIZES[:-1]))
COPIED = ("position", "pitch", "rest")
"""What a copy gate adds to: one gate a lag for each."""


class Network(nnx.Module):
    """The conditional LSTM."""

    def __init__(self, config: NetworkConfig, *, rngs: nnx.Rngs) -> None:
        self.config = config

        def table(rows: int, columns: int) -> Table:
            return Table(rows, columns, rngs=rngs)

        self.position = table(POSITION_TOKENS + 1, 32)
        self.pitch = table(PITCH_TOKENS + 1, 48)
        self.rest = nnx.List(
            [table(rows + 1, columns) for rows, columns in zip(REST_SIZES, (12, 8, 12, 4), strict=True)]
        )
        self.place = table(POSITIONS + 1, 24)
        self.part = table(len(PARTS), 12)
        self.bar = nnx.List([table(rows, 8) for rows in BAR_COLUMNS.values()])
        self.quota = nnx.List([table(rows, 16) for rows in STEP_COLUMNS.values()])
        self.match = table(MATCH_LIMIT + 1, 6)
        self.style = nnx.Linear(len(STYLES) + 2, 16, rngs=rngs)
        lag_columns = 32 + 48 + 6
        features = 32 + 48 + 36 + 24 + 12 + 8 * len(BAR_COLUMNS) + 16 * len(STEP_COLUMNS) + 16
        features += lag_columns * len(LAGS)
        sizes = [features] + [config.hidden] * config.layers
        self.layers = nnx.List([LSTMLayer(sizes[n], sizes[n + 1], rngs=rngs) for n in range(config.layers)])
        # One mask for a whole sequence: noise that changes at each step would drown what the state carries.
        self.dropout = nnx.Dropout(config.dropout, broadcast_dims=(0,))
        hidden, head = config.hidden, config.head
        self.to_position = nnx.Linear(hidden, POSITION_TOKENS, rngs=rngs)
        self.to_pitch_head = nnx.Linear(hidden, head, rngs=rngs)
        self.pitch_from_position = table(POSITION_TOKENS + 1, head)
        self.to_pitch = nnx.Linear(head, PITCH_TOKENS, rngs=rngs)
        self.to_rest_head = nnx.Linear(hidden, head, rngs=rngs)
        self.rest_from_position = table(POSITION_TOKENS + 1, head)
        self.rest_from_pitch = table(PITCH_TOKENS + 1, head)
        self.to_rest = nnx.Linear(head, sum(REST_SIZES), rngs=rngs)
        self.gates = nnx.Linear(hidden, len(LAGS) * len(COPIED), rngs=rngs)
        self.gate_from_match = Table(MATCH_LIMIT + 1, len(COPIED), rngs=rngs, scale=0.0)

    def _embed(self, inputs: Inputs) -> jax.Array:
        """Every input as one vector of features, shape (..., features)."""
        event, lead = inputs.event, inputs.event.shape[:-1]
        pieces = [self.position(event[..., 0]), self.pitch(event[..., 1])]
        pieces += [table(event[..., 2 + n]) for n, table in enumerate(self.rest)]
        pieces += [self.place(inputs.place), self.part(inputs.part)]
        pieces += [table(inputs.bar[..., n]) for n, table in enumerate(self.bar)]
        pieces += [table(inputs.quota[..., n]) for n, table in enumerate(self.quota)]
        pieces.append(self.style(jnp.concatenate([inputs.style, inputs.tempo], axis=-1)))
        for lags in (self.position(inputs.lag_position), self.pitch(inputs.lag_pitch), self.match(inputs.lag_match)):
            pieces.append(lags.reshape(*lead, -1))
        return jnp.concatenate(pieces, axis=-1)

    def position_logits(self, h: jax.Array, inputs: Inputs) -> jax.Array:
        """Logits of the position token, copy bonus included: (..., POSITION_TOKENS)."""
        return self.to_position(h) + self._bonus(h, inputs, 0, inputs.lag_position, POSITION_TOKENS)

    def pitch_logits(self, h: jax.Array, inputs: Inputs, position: jax.Array) -> jax.Array:
        """Logits of the pitch, given the position token chosen: (..., PITCH_TOKENS)."""
        hidden = jnp.tanh(self.to_pitch_head(h) + self.pitch_from_position(position))
        agrees = inputs.lag_position == position[..., None]
        tokens = jnp.where(agrees, inputs.lag_pitch, PITCH_TOKENS)
        return self.to_pitch(hidden) + self._bonus(h, inputs, 1, tokens, PITCH_TOKENS)

    def rest_logits(
        self, h: jax.Array, inputs: Inputs, position: jax.Array, pitch: jax.Array
    ) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
        """Logits of duration, velocity, wobble and depth, given position and pitch: each (..., its size)."""
        hidden = jnp.tanh(self.to_rest_head(h) + self.rest_from_position(position) + self.rest_from_pitch(pitch))
        agrees = (inputs.lag_position == position[..., None]) & (inputs.lag_pitch == pitch[..., None])
        logits = jnp.split(self.to_rest(hidden), _SPLITS, axis=-1)
        out = []
        for n, size in enumerate(REST_SIZES):
            tokens = jnp.where(agrees, inputs.lag_rest[..., n], size)
            out.append(logits[n] + self._bonus(h, inputs, 2, tokens, size))
        return out[0], out[1], out[2], out[3]

    def _bonus(self, h: jax.Array, inputs: Inputs, what: int, tokens: jax.Array, size: int) -> jax.Array:
        """What the copy gates add to logits: for each lag its gate's strength on the token it foretells.

        A token equal to `size` foretells nothing (its one-hot row is zero).
        """
        gates = self.gates(h).reshape(*h.shape[:-1], len(COPIED), len(LAGS))[..., what, :]
        strength = gates + self.gate_from_match(inputs.lag_match)[..., what]
        return jnp.einsum("...l,...lv->...v", strength, jax.nn.one_hot(tokens, size, dtype=h.dtype))

    def __call__(self, inputs: Inputs, dropout_key: jax.Array | None = None) -> jax.Array:
        """Hidden states over whole sequences from a zero state, (T, B, H); apply the heads to them.

        Args:
            inputs: with leading axes (T, B).
            dropout_key: drops features and units while training; None leaves all in place.
        """
        rngs = None if dropout_key is None else nnx.Rngs(dropout=dropout_key)
        x = self._drop(self._embed(inputs), rngs)
        for layer in self.layers:
            x = self._drop(layer(x), rngs)
        return x

    def _drop(self, x: jax.Array, rngs: nnx.Rngs | None) -> jax.Array:
        return x if rngs is None else self.dropout(x, deterministic=False, rngs=rngs)

    def start(self, batch: int) -> tuple[Carry, ...]:
        """The state before the first step."""
        zero = jnp.zeros((batch, self.config.hidden))
        return tuple((zero, zero) for _ in self.layers)

    def step(self, carry: tuple[Carry, ...], inputs: Inputs) -> tuple[tuple[Carry, ...], jax.Array]:
        """One step of sampling: the new state, and the hidden state to apply the heads to, (B, H)."""
        x, states = self._embed(inputs), []
        for layer, state in zip(self.layers, carry, strict=True):
            state = layer.step(state, x)
            states.append(state)
            x = state[0]
        return tuple(states), x


def count_parameters(network: Network) -> int:
    """How many numbers the network has learned."""
    parameters: Any = nnx.state(network, nnx.Param)
    return sum(leaf.size for leaf in jax.tree.leaves(parameters))
