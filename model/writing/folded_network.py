"""The network as sampling steps it: what `network.Network` computes for one event, in fewer and larger operations.

A network this small is bound by the number of operations in a step, and for a single take by the weights that it reads.
So weights are put together once, when they are loaded: an embedding times the LSTM's input weights becomes a look-up,
conditions become a row a bar, what the music around adds a row a sixteenth, and what is computed from one state becomes
one product. Training stays with `network`; a test holds the two together.

Shapes as there, and Z = 4H, the LSTM's gates before their activation; W the context's width, D units of a head.
"""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from model.context import KEY, Context
from model.language.conditions import BAR_COLUMNS, LAGS, MATCH_LIMIT, STEP_COLUMNS
from model.language.events import PITCH_TOKENS, POSITION_TOKENS, POSITIONS, REST_SIZES
from model.language.frames import FRAMES_A_BAR, POSITIONS_A_FRAME
from model.network import COPIED, Heads, Network
from model.nn.copy_bonus import place_bonus
from model.nn.lstm import Carry, new_state

CHOICES = len(REST_SIZES)
WIDEST = max(REST_SIZES)
"""Duration, velocity, wobble and depth are chosen side by side, each padded to the widest of them."""
_IMPOSSIBLE = -1e30


class StepInputs(NamedTuple):
    """Inputs of a step beside the conditions, integers: the fields of `network.Inputs` of these names.

    Attributes:
        event: (B, 6).
        place, frame: (B,).
        quota: (B, 2).
        lag_position, lag_pitch, lag_match: (B, L).
        lag_rest: (B, L, 4).
    """

    event: jax.Array
    place: jax.Array
    quota: jax.Array
    lag_position: jax.Array
    lag_pitch: jax.Array
    lag_match: jax.Array
    lag_rest: jax.Array
    frame: jax.Array


class FoldedNetwork(NamedTuple):
    """A network's weights put together for sampling.

    Attributes:
        rows: (R, Z), every table that is looked up at each step, times its share of the first layer's input weights.
        layers: for each layer, weights (inputs + H, Z) of its input and its own state; the first one's input is looked
            up.
        biases: for each layer but the first, (Z,).
        heads: (H, POSITION_TOKENS + 2 D + gates + KEY) and its bias: all heads that the state alone decides.
        gates_from_match: (MATCH_LIMIT + 1, COPIED).
        from_position: (POSITION_TOKENS + 1, 2 D), for the pitch head and the head of the rest.
        rest_from_pitch: (PITCH_TOKENS + 1, D).
        from_context: (W, Z + 2 D), for the gates of the first layer and the heads of pitch and rest.
        to_pitch: (D, PITCH_TOKENS) and its bias.
        to_rest: (D, CHOICES * WIDEST) and its bias.
    """

    rows: jax.Array
    layers: tuple[jax.Array, ...]
    biases: tuple[jax.Array, ...]
    heads: tuple[jax.Array, jax.Array]
    gates_from_match: jax.Array
    from_position: jax.Array
    rest_from_pitch: jax.Array
    from_context: jax.Array
    to_pitch: tuple[jax.Array, jax.Array]
    to_rest: tuple[jax.Array, jax.Array]


class ConditionTables(NamedTuple):
    """Terms that conditions add to the gates of the first layer, on the host: they are looked up once a fill.

    Attributes:
        bar: (rows of all BAR_COLUMNS, Z).
        part: (parts, Z), the layer's bias included.
        style: (styles + 2, Z), for styles and tempo.
    """

    bar: np.ndarray
    part: np.ndarray
    style: np.ndarray

    def gates(self, part: int, bars: np.ndarray, style: np.ndarray, tempo: np.ndarray) -> np.ndarray:
        """The terms of each bar of a row, added up: float32 (bars, Z).

        Args:
            part: index of the part.
            bars: int (bars, columns of BAR_COLUMNS).
            style: float32 (STYLES,), as `conditions.style_vector` gives it, turned up or not.
            tempo: float32 (2,), as `conditions.tempo_features` gives it.
        """
        starts = np.cumsum([0, *BAR_COLUMNS.values()])[:-1]
        always = self.part[part] + np.concatenate([style, tempo]) @ self.style
        return (self.bar[bars + starts].sum(1) + always).astype(np.float32)


class SurroundingTerms(NamedTuple):
    """Terms that a batch looks up of the music around its rows, worked out once.

    Attributes:
        of: (B,), which of the U distinct surroundings are a row's.
        gates: (U, F, Z), what a frame adds to the gates of the first layer.
        heads: (U, F, 2 D), what it adds to the heads of pitch and rest.
        keys: (U, bars, FRAMES_A_BAR * KEY), as `Context` has them.
    """

    of: jax.Array
    gates: jax.Array
    heads: jax.Array
    keys: jax.Array


def fold(network: Network) -> tuple[FoldedNetwork, ConditionTables]:
    """Put a network's weights together."""
    config, width = network.config, network.context.width if network.context else 0

    def plain(variable: Any) -> np.ndarray:
        return np.asarray(variable[...])

    w_in = plain(network.layers[0].w_in)
    taken = 0

    def share(table: np.ndarray) -> np.ndarray:
        """A table times its share of the input weights: shares are taken in the order of `Network._embed`."""
        nonlocal taken
        taken += table.shape[1]
        return table @ w_in[taken - table.shape[1] : taken]

    position, pitch, match = (plain(table.rows) for table in (network.position, network.pitch, network.match))
    rows = [share(table) for table in (position, pitch, *(plain(table.rows) for table in network.rest))]
    rows.append(share(plain(network.place.rows)))
    parts = share(plain(network.part.rows)) + plain(network.layers[0].bias)
    conditions = [share(plain(table.rows)) for table in network.bar]
    rows += [share(plain(table.rows)) for table in network.quota]
    styled = taken
    style = share(plain(network.style.kernel))
    parts = parts + plain(network.style.bias) @ w_in[styled:taken]
    if config.look_back:
        rows += [share(table) for table in (position, pitch, match) for _ in LAGS]
    first = plain(network.layers[0].w_hidden)
    others = [np.concatenate([plain(layer.w_in), plain(layer.w_hidden)]) for layer in network.layers[1:]]
    linear = [network.to_position, network.to_pitch_head, network.to_rest_head]
    kernels, biases = [plain(layer.kernel) for layer in linear], [plain(layer.bias) for layer in linear]
    gates = len(COPIED) * len(LAGS)
    kernels.append(plain(network.gates.kernel) if config.copy_gates else np.zeros((config.hidden, gates)))
    biases.append(plain(network.gates.bias) if config.copy_gates else np.zeros(gates))
    from_match = plain(network.gate_from_match.rows) if config.copy_gates else np.zeros((MATCH_LIMIT + 1, len(COPIED)))
    if network.context:
        kernels.append(plain(network.context.to_query.kernel))
        biases.append(plain(network.context.to_query.bias))
    from_context = np.zeros((0, w_in.shape[1] + 2 * config.head))
    if network.context:
        to_heads = [plain(network.pitch_from_context.kernel), plain(network.rest_from_context.kernel)]
        from_context = np.concatenate([w_in[taken : taken + width], *to_heads], 1)
    kernel = np.zeros((config.head, CHOICES, WIDEST))
    bias = np.full((CHOICES, WIDEST), _IMPOSSIBLE)
    ends = np.cumsum(REST_SIZES)
    for n, (end, size) in enumerate(zip(ends, REST_SIZES, strict=True)):
        kernel[:, n, :size] = plain(network.to_rest.kernel)[:, end - size : end]
        bias[n, :size] = plain(network.to_rest.bias)[end - size : end]

    def put(array: np.ndarray) -> jax.Array:
        return jax.device_put(np.asarray(array, np.float32))

    folded = FoldedNetwork(
        rows=put(np.concatenate(rows)),
        layers=tuple(put(weights) for weights in (first, *others)),
        biases=tuple(put(plain(layer.bias)) for layer in network.layers[1:]),
        heads=(put(np.concatenate(kernels, 1)), put(np.concatenate(biases))),
        gates_from_match=put(from_match),
        from_position=put(
            np.concatenate([plain(network.pitch_from_position.rows), plain(network.rest_from_position.rows)], 1)
        ),
        rest_from_pitch=put(plain(network.rest_from_pitch.rows)),
        from_context=put(from_context),
        to_pitch=(put(plain(network.to_pitch.kernel)), put(plain(network.to_pitch.bias))),
        to_rest=(put(kernel.reshape(config.head, -1)), put(bias.reshape(-1))),
    )
    return folded, ConditionTables(np.concatenate(conditions), parts, style)


_EVENT_TABLES = (POSITION_TOKENS + 1, PITCH_TOKENS + 1, *(size + 1 for size in REST_SIZES))
_TABLES = (*_EVENT_TABLES, POSITIONS + 1, *STEP_COLUMNS.values())
_LAG_TABLES = tuple(size for size in (POSITION_TOKENS + 1, PITCH_TOKENS + 1, MATCH_LIMIT + 1) for _ in LAGS)


def look_around(folded: FoldedNetwork, context: Context | None) -> SurroundingTerms | None:
    """The terms of U surroundings, one row of the batch each; the caller puts in another `of` where rows share them.

    Args:
        folded: the weights.
        context: as `Network.read_context` gives it.
    """
    if context is None:
        return None
    to_gates, to_heads = jnp.split(folded.from_context, [folded.layers[0].shape[1]], axis=-1)
    every = jnp.arange(len(context.values))
    return SurroundingTerms(every, context.values @ to_gates, context.values @ to_heads, context.keys)


def step(
    folded: FoldedNetwork,
    carry: tuple[Carry, ...],
    seen: StepInputs,
    gates_BxZ: jax.Array,
    around: SurroundingTerms | None,
) -> tuple[tuple[Carry, ...], Heads]:
    """One step: the new state, and the heads of it.

    Args:
        folded: the weights.
        carry: the state before.
        seen: the step's inputs.
        gates_BxZ: the terms that `ConditionTables.gates` gave for the bar reached.
        around: as `look_around` gives it.
    """
    looked_up, sizes = [seen.event, seen.place[:, None], seen.quota], _TABLES
    if folded.rows.shape[0] > sum(_TABLES):
        looked_up += [seen.lag_position, seen.lag_pitch, seen.lag_match]
        sizes += _LAG_TABLES
    starts = np.cumsum([0, *sizes])[:-1].astype(np.int32)
    index_BxK = jnp.concatenate(looked_up, axis=-1) + starts
    # Added up table by table: gathering all of a row's vectors first would write them out and read them again.
    z_BxZ = sum((_rows(folded.rows, index) for index in index_BxK.T), start=gates_BxZ)
    if around is not None:
        z_BxZ += _rows(around.gates, (around.of, seen.frame))
    states: list[Carry] = []
    x: list[jax.Array] = []
    for n, (weights, (h, c)) in enumerate(zip(folded.layers, carry, strict=True)):
        own = jnp.concatenate([*x, h], axis=-1) @ weights
        states.append(new_state(own + (folded.biases[n - 1] if n else z_BxZ), c))
        x = [states[-1][0]]
    return tuple(states), _heads(folded, x[0], seen, around)


def _heads(folded: FoldedNetwork, h: jax.Array, seen: StepInputs, around: SurroundingTerms | None) -> Heads:
    D = folded.rest_from_pitch.shape[1]
    kernel, bias = folded.heads
    ends = np.cumsum([POSITION_TOKENS, D, D, len(COPIED) * len(LAGS)])
    position, pitch, rest, gates, query = jnp.split(h @ kernel + bias, ends, axis=-1)
    from_match = jnp.swapaxes(_rows(folded.gates_from_match, seen.lag_match), -1, -2)
    strength = gates.reshape(-1, len(COPIED), len(LAGS)) + from_match
    position += place_bonus(strength[:, 0], seen.lag_position, POSITION_TOKENS)
    if around is not None:
        keys = _rows(around.keys, (around.of, jax.lax.div(seen.frame, FRAMES_A_BAR)))
        scores = (query[:, None, :] * keys.reshape(-1, FRAMES_A_BAR, KEY)).sum(-1) * KEY**-0.5
        spread = jnp.repeat(scores, POSITIONS_A_FRAME, axis=-1)
        position += jnp.pad(spread, ((0, 0), (0, POSITION_TOKENS - POSITIONS)))
    return Heads(position, pitch, rest, strength)


def pitch_and_rest(
    folded: FoldedNetwork, heads: Heads, seen: StepInputs, position: jax.Array, around: SurroundingTerms | None
) -> tuple[jax.Array, jax.Array]:
    """Logits of the pitch, and the head of the rest, once the position is chosen.

    Args:
        folded: the weights.
        heads: as `step` gives them.
        seen: the step's inputs.
        position: int (B,), the position token chosen.
        around: as `look_around` gives it.

    Returns:
        Logits of the pitch (B, PITCH_TOKENS), and the head of the rest before it knows the pitch (B, D).
    """
    D = folded.rest_from_pitch.shape[1]
    both = jnp.concatenate([heads.pitch, heads.rest], -1) + _rows(folded.from_position, position)
    if around is not None:
        there = seen.frame - jax.lax.rem(seen.frame, FRAMES_A_BAR) + jax.lax.div(position, POSITIONS_A_FRAME)
        both += _rows(around.heads, (around.of, jnp.where(position < POSITIONS, there, seen.frame)))
    agrees = seen.lag_position == position[:, None]
    bonus = place_bonus(heads.strength[:, 1], jnp.where(agrees, seen.lag_pitch, PITCH_TOKENS), PITCH_TOKENS)
    kernel, bias = folded.to_pitch
    return jnp.tanh(both[:, :D]) @ kernel + bias + bonus, both[:, D:]


def rest_logits(
    folded: FoldedNetwork, heads: Heads, rest: jax.Array, seen: StepInputs, position: jax.Array, pitch: jax.Array
) -> jax.Array:
    """Logits of duration, velocity, wobble and depth, given position and pitch: (B, CHOICES, WIDEST).

    Args:
        folded: the weights.
        heads: as `step` gives them.
        rest: (B, D), the head of the rest as `pitch_and_rest` gives it.
        seen: the step's inputs.
        position, pitch: int (B,), the tokens chosen.
    """
    kernel, bias = folded.to_rest
    logits = jnp.tanh(rest + _rows(folded.rest_from_pitch, pitch)) @ kernel + bias
    agrees = (seen.lag_position == position[:, None]) & (seen.lag_pitch == pitch[:, None])
    places = jnp.arange(WIDEST)
    bonus = sum(
        jnp.where(
            agrees[:, lag, None, None] & (seen.lag_rest[:, lag, :, None] == places),
            heads.strength[:, 2, lag, None, None],
            0,
        )
        for lag in range(len(LAGS))
    )
    return logits.reshape(-1, CHOICES, WIDEST) + bonus


def _rows(table: jax.Array, index: jax.Array | tuple[jax.Array, ...]) -> jax.Array:
    """Rows of a table, or of tables; no index is ever outside, so none is looked at first."""
    return table.at[index].get(mode="promise_in_bounds")
