"""The network: a conditional LSTM that steps once a note, with a chain of small heads and copy gates.

Shapes: T time, B batch, L lags of look-back, H hidden, D units of a head, W columns of the context.
`__call__` serves training.
Sampling takes the same steps with folded tables (`model.writing.folded_network`); `step` is what a test holds it to.
"""

import itertools
from collections.abc import Sequence
from typing import Annotated, Any, Literal, NamedTuple

import jax
import jax.numpy as jnp
import msgspec
from flax import nnx

from model.context import Context, ContextReader
from model.language.conditions import BAR_COLUMNS, LAGS, MATCH_LIMIT, STEP_COLUMNS
from model.language.events import PITCH_TOKENS, POSITION_TOKENS, POSITIONS, REST_SIZES
from model.language.frames import FRAMES_A_BAR, POSITIONS_A_FRAME
from model.nn.copy_bonus import place_bonus
from model.nn.draws import Linear
from model.nn.embedding import Embedding, look_up
from model.nn.lstm import Carry, LSTMLayer, multiply
from model.nn.sizes import Share, Units
from song.parts import PARTS
from song.styles import STYLES


class NetworkConfig(msgspec.Struct, frozen=True):
    """Sizes and pieces of the network; a piece that can be left out can be measured by leaving it out."""

    hidden: Units = 256  # units of each LSTM layer
    layers: Annotated[int, msgspec.Meta(ge=1, le=8)] = 2  # LSTM layers
    head: Units = 160  # units between the LSTM and the later heads
    dropout: Share = 0.3  # share of inputs and hidden units dropped in training
    context: Literal["bilstm", "lstm", "none"] = "bilstm"  # what reads the music around
    context_hidden: Units = 64  # units of the context's LSTM, each way
    look_back: bool = True  # whether the part's own past is an input
    copy_gates: bool = True  # whether what that past foretells adds to the logits


class Inputs(msgspec.Struct, frozen=True):
    """Inputs of one step: integers where nothing else is said; the leading axes "..." are (T, B) or (B,).

    Attributes:
        event: (..., 6), the event before: position token, pitch, duration, velocity, wobble, depth; a row of the
            "nothing" values at the start.
        place: place reached in the bar, 0-95, or 96 at its start (no further axis).
        bar: (..., columns of `conditions.BAR_COLUMNS`).
        quota: (..., columns of `conditions.STEP_COLUMNS`).
        lag_position, lag_pitch, lag_match: (..., L), look-back.
        lag_rest: (..., L, 4), duration, velocity, wobble and depth of the aligned events.
        frame: the frame of the context that has been reached (no further axis).
        part: index of the part (no further axis).
        style: float (..., STYLES), shares of styles.
        tempo: float (..., 2), as `conditions.tempo_features` gives it.
    """

    event: jax.Array
    place: jax.Array
    bar: jax.Array
    quota: jax.Array
    lag_position: jax.Array
    lag_pitch: jax.Array
    lag_match: jax.Array
    lag_rest: jax.Array
    frame: jax.Array
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
"""Logits that copy gates add to: one gate a lag for each."""


class Heads(NamedTuple):
    """Everything computed from a state alone, before anything is chosen.

    Attributes:
        position: logits (..., POSITION_TOKENS), copy bonus and context included.
        pitch, rest: (..., D), before their activation.
        strength: (..., COPIED, L), the copy gates; zero without them.
    """

    position: jax.Array
    pitch: jax.Array
    rest: jax.Array
    strength: jax.Array


class Network(nnx.Module):
    """The conditional LSTM."""

    def __init__(self, config: NetworkConfig, *, rngs: nnx.Rngs) -> None:
        self.config = config

        def table(rows: int, columns: int) -> Embedding:
            return Embedding(rows, columns, rngs=rngs)

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
        self.style = Linear(len(STYLES) + 2, 16, rngs=rngs)
        lag_columns = 32 + 48 + 6
        features = 32 + 48 + 36 + 24 + 12 + 8 * len(BAR_COLUMNS) + 16 * len(STEP_COLUMNS) + 16
        features += lag_columns * len(LAGS) * config.look_back
        self.context: ContextReader | None = nnx.data(
            None
            if config.context == "none"
            else ContextReader(config.context_hidden, config.context == "bilstm", config.hidden, rngs=rngs)
        )
        features += self.context.width if self.context else 0
        sizes = [features] + [config.hidden] * config.layers
        self.layers = nnx.List([LSTMLayer(sizes[n], sizes[n + 1], rngs=rngs) for n in range(config.layers)])
        hidden, head = config.hidden, config.head
        self.to_position = Linear(hidden, POSITION_TOKENS, rngs=rngs)
        self.to_pitch_head = Linear(hidden, head, rngs=rngs)
        self.pitch_from_position = table(POSITION_TOKENS + 1, head)
        self.to_pitch = Linear(head, PITCH_TOKENS, rngs=rngs)
        self.to_rest_head = Linear(hidden, head, rngs=rngs)
        self.rest_from_position = table(POSITION_TOKENS + 1, head)
        self.rest_from_pitch = table(PITCH_TOKENS + 1, head)
        self.to_rest = Linear(head, sum(REST_SIZES), rngs=rngs)
        if self.context is not None:
            self.pitch_from_context = Linear(self.context.width, head, use_bias=False, rngs=rngs)
            self.rest_from_context = Linear(self.context.width, head, use_bias=False, rngs=rngs)
        if config.copy_gates:
            self.gates = Linear(hidden, len(LAGS) * len(COPIED), rngs=rngs)
            self.gate_from_match = Embedding(MATCH_LIMIT + 1, len(COPIED), rngs=rngs, scale=0.0)

    def read_context(self, frames_BxFxC: jax.Array) -> Context | None:
        """The music around as the network reads it, once for all steps; None where it has no eye for it."""
        return None if self.context is None else self.context(frames_BxFxC)

    def _embed(self, inputs: Inputs, context: Context | None) -> jax.Array:
        """Every input as one vector of features, shape (..., features)."""
        event, lead = inputs.event, inputs.event.shape[:-1]
        pieces = [self.position(event[..., 0]), self.pitch(event[..., 1])]
        pieces += [table(event[..., 2 + n]) for n, table in enumerate(self.rest)]
        pieces += [self.place(inputs.place), self.part(inputs.part)]
        pieces += [table(inputs.bar[..., n]) for n, table in enumerate(self.bar)]
        pieces += [table(inputs.quota[..., n]) for n, table in enumerate(self.quota)]
        pieces.append(self.style(jnp.concatenate([inputs.style, inputs.tempo], axis=-1)))
        if self.config.look_back:
            for lags in (
                self.position(inputs.lag_position), self.pitch(inputs.lag_pitch), self.match(inputs.lag_match),
            ):  # fmt: skip
                pieces.append(lags.reshape(*lead, -1))
        if context is not None:
            pieces.append(context.at(inputs.frame))
        return jnp.concatenate(pieces, axis=-1)

    def heads(self, h: jax.Array, inputs: Inputs, context: Context | None) -> Heads:
        """The heads of the event to come, before anything of it is chosen.

        Args:
            h: hidden states (..., H).
            inputs: those of the same steps.
            context: as `read_context` gives it.
        """
        linear = {"position": self.to_position, "pitch": self.to_pitch_head, "rest": self.to_rest_head}
        if self.config.copy_gates:
            linear["gates"] = self.gates
        if self.context is not None:
            linear["query"] = self.context.to_query
        made = dict(zip(linear, _apply(h, list(linear.values())), strict=True))
        position = made["position"]
        strength = jnp.zeros((*h.shape[:-1], len(COPIED), len(LAGS)), h.dtype)
        if self.config.copy_gates:
            from_match = jnp.swapaxes(self.gate_from_match(inputs.lag_match), -1, -2)
            strength = made["gates"].reshape(from_match.shape) + from_match
            position += place_bonus(strength[..., 0, :], inputs.lag_position, POSITION_TOKENS)
        if context is not None:
            scores = jnp.repeat(context.score_bar(made["query"], inputs.frame), POSITIONS_A_FRAME, axis=-1)
            position += jnp.pad(scores, [(0, 0)] * (scores.ndim - 1) + [(0, POSITION_TOKENS - POSITIONS)])
        return Heads(position, made["pitch"], made["rest"], strength)

    def look_at(self, position: jax.Array, inputs: Inputs, context: Context | None) -> jax.Array | None:
        """The music around at the position chosen, for the later heads: (..., W), or None without context.

        Args:
            position: int (T, B) or (B,), the position token chosen.
            inputs: those of the same steps.
            context: as `read_context` gives it.
        """
        if context is None:
            return None
        there = inputs.frame - inputs.frame % FRAMES_A_BAR + position // POSITIONS_A_FRAME
        return context.at(jnp.where(position < POSITIONS, there, inputs.frame))

    def pitch_and_rest(
        self, heads: Heads, inputs: Inputs, position: jax.Array, there: jax.Array | None
    ) -> tuple[jax.Array, jax.Array]:
        """Logits of the pitch, and the head of the rest, once the position is chosen.

        Args:
            heads: as `heads` gives them.
            inputs: those of the same steps.
            position: int (T, B) or (B,), the position token chosen.
            there: (..., W), the music around at that position as `look_at` gives it; None without context.

        Returns:
            Logits of the pitch (..., PITCH_TOKENS), and the head of the rest before it knows the pitch (..., D).
        """
        from_position = [self.pitch_from_position.rows[...], self.rest_from_position.rows[...]]
        both = jnp.concatenate([heads.pitch, heads.rest], axis=-1)
        both += look_up(jnp.concatenate(from_position, axis=-1), position)
        if there is not None:
            both += jnp.concatenate(_apply(there, [self.pitch_from_context, self.rest_from_context]), axis=-1)
        pitch, rest = jnp.split(both, 2, axis=-1)
        (logits,) = _apply(jnp.tanh(pitch), [self.to_pitch])
        agrees = inputs.lag_position == position[..., None]
        tokens = jnp.where(agrees, inputs.lag_pitch, PITCH_TOKENS)
        return logits + place_bonus(heads.strength[..., 1, :], tokens, PITCH_TOKENS), rest

    def rest_logits(
        self, heads: Heads, rest: jax.Array, inputs: Inputs, position: jax.Array, pitch: jax.Array
    ) -> tuple[jax.Array, jax.Array, jax.Array, jax.Array]:
        """Logits of duration, velocity, wobble and depth, given position and pitch: each (..., its size).

        Args:
            heads: as `heads` gives them.
            rest: (..., D), the head of the rest as `pitch_and_rest` gives it.
            inputs: those of the same steps.
            position, pitch: int (T, B) or (B,), the tokens chosen.
        """
        (logits,) = _apply(jnp.tanh(rest + self.rest_from_pitch(pitch)), [self.to_rest])
        agrees = (inputs.lag_position == position[..., None]) & (inputs.lag_pitch == pitch[..., None])
        duration, velocity, wobble, depth = (
            some + place_bonus(heads.strength[..., 2, :], jnp.where(agrees, inputs.lag_rest[..., n], size), size)
            for n, (some, size) in enumerate(zip(jnp.split(logits, _SPLITS, axis=-1), REST_SIZES, strict=True))
        )
        return duration, velocity, wobble, depth

    def __call__(self, inputs: Inputs, context: Context | None, dropout_keys: jax.Array | None = None) -> jax.Array:
        """Hidden states over whole sequences from a zero state, (T, B, H); apply the heads to them.

        Args:
            inputs: with leading axes (T, B).
            context: as `read_context` gives it.
            dropout_keys: one a row (B,), drops features and units while training; None leaves all in place.
        """
        x = self._drop(self._embed(inputs, context), dropout_keys, 0)
        for n, layer in enumerate(self.layers, 1):
            x = self._drop(layer(x), dropout_keys, n)
        return x

    def _drop(self, x_TxBxI: jax.Array, keys_B: jax.Array | None, place: int) -> jax.Array:
        if keys_B is None:
            return x_TxBxI

        def kept(key: jax.Array) -> jax.Array:
            return jax.random.bernoulli(jax.random.fold_in(key, place), keep, x_TxBxI.shape[-1:])

        keep = 1 - self.config.dropout
        # One mask for a whole sequence: noise that changes at each step would drown what the state carries. Each row
        # draws its own, so that it is the same whichever device has the row.
        return x_TxBxI * (jax.vmap(kept)(keys_B) / keep)

    def step(
        self, carry: tuple[Carry, ...], inputs: Inputs, context: Context | None
    ) -> tuple[tuple[Carry, ...], jax.Array]:
        """One step of sampling: the new state, and the hidden state to apply the heads to, (B, H)."""
        x, states = self._embed(inputs, context), []
        for layer, state in zip(self.layers, carry, strict=True):
            state = layer.step(state, x)
            states.append(state)
            x = state[0]
        return tuple(states), x


def _apply(x: jax.Array, linear: Sequence[nnx.Linear]) -> list[jax.Array]:
    """Apply linear layers, all with a bias or all without, to the same (..., I): one product for all of them."""
    y = multiply(x, jnp.concatenate([layer.kernel[...] for layer in linear], axis=1))
    if linear[0].bias is not None:
        y += jnp.concatenate([layer.bias[...] for layer in linear])
    ends = list(itertools.accumulate(layer.out_features for layer in linear))
    return jnp.split(y, ends[:-1], axis=-1)


def count_parameters(network: Network) -> int:
    """The number of learned parameters."""
    parameters: Any = nnx.state(network, nnx.Param)
    return sum(leaf.size for leaf in jax.tree.leaves(parameters))
