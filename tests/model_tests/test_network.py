"""The network's shapes and sizes, with every piece and without; shapes alone, so that nothing is compiled."""

import jax
import jax.numpy as jnp
import msgspec
import pytest
from flax import nnx

from model.language.conditions import BAR_COLUMNS, LAGS, STEP_COLUMNS
from model.language.events import PITCH_TOKENS, POSITION_TOKENS, REST_SIZES
from model.language.frames import FRAME_COLUMNS, FRAMES_A_BAR
from model.network import COPIED, Inputs, Network, NetworkConfig, count_parameters
from model.nn.draws import shapes_of
from song.styles import STYLES

WHOLE = NetworkConfig(hidden=12, head=10, context_hidden=4)
VARIANTS = (
    WHOLE,
    msgspec.structs.replace(WHOLE, context="lstm"),
    msgspec.structs.replace(WHOLE, context="none"),
    msgspec.structs.replace(WHOLE, look_back=False),
    msgspec.structs.replace(WHOLE, copy_gates=False),
    msgspec.structs.replace(WHOLE, layers=1),
)


def of_shapes(config: NetworkConfig) -> Network:
    return shapes_of(lambda rngs: Network(config, rngs=rngs))


def inputs(*lead: int) -> Inputs:
    """Inputs of shapes alone, with these leading axes."""

    def integers(*columns: int) -> jax.ShapeDtypeStruct:
        return jax.ShapeDtypeStruct((*lead, *columns), jnp.int32)

    lags = integers(len(LAGS))
    return Inputs(
        event=integers(6),
        place=integers(),
        bar=integers(len(BAR_COLUMNS)),
        quota=integers(len(STEP_COLUMNS)),
        lag_position=lags,
        lag_pitch=lags,
        lag_match=lags,
        lag_rest=integers(len(LAGS), 4),
        frame=integers(),
        part=integers(),
        style=jax.ShapeDtypeStruct((*lead, len(STYLES)), jnp.float32),
        tempo=jax.ShapeDtypeStruct((*lead, 2), jnp.float32),
    )


@pytest.mark.parametrize("config", VARIANTS)
def test_every_choice_of_an_event_has_logits_whatever_is_left_out(config: NetworkConfig) -> None:
    T, B = 7, 3
    graph, state = nnx.split(of_shapes(config))

    def run(state: nnx.State, inputs: Inputs, frames: jax.Array) -> tuple[jax.Array, ...]:
        network: Network = nnx.merge(graph, state)
        context = network.read_context(frames)
        position = pitch = inputs.place
        heads = network.heads(network(inputs, context), inputs, context)
        there = network.look_at(position, inputs, context)
        pitch_logits, rest = network.pitch_and_rest(heads, inputs, position, there)
        logits = network.rest_logits(heads, rest, inputs, position, pitch)
        return heads.strength, heads.position, pitch_logits, *logits

    frames = jax.ShapeDtypeStruct((B, 4 * FRAMES_A_BAR, FRAME_COLUMNS), jnp.float16)
    strength, *logits = jax.eval_shape(run, state, inputs(T, B), frames)
    assert strength.shape == (T, B, len(COPIED), len(LAGS))
    assert [one.shape for one in logits] == [(T, B, size) for size in (POSITION_TOKENS, PITCH_TOKENS, *REST_SIZES)]


def test_a_step_keeps_the_shapes_of_the_state() -> None:
    graph, state = nnx.split(of_shapes(WHOLE))
    unit = jax.ShapeDtypeStruct((3, WHOLE.hidden), jnp.float32)
    carry = ((unit, unit),) * WHOLE.layers
    frames = jax.ShapeDtypeStruct((3, 4 * FRAMES_A_BAR, FRAME_COLUMNS), jnp.float16)

    def run(state: nnx.State, carry: tuple, inputs: Inputs, frames: jax.Array) -> tuple:
        network: Network = nnx.merge(graph, state)
        return network.step(carry, inputs, network.read_context(frames))

    states, hidden = jax.eval_shape(run, state, carry, inputs(3), frames)
    assert jax.tree.map(lambda leaf: leaf.shape, states) == jax.tree.map(lambda leaf: leaf.shape, carry)
    assert hidden.shape == (3, WHOLE.hidden)


def test_every_piece_that_is_left_out_saves_its_parameters() -> None:
    whole, *others = (count_parameters(of_shapes(config)) for config in VARIANTS)
    assert max(others) < whole
    assert len({whole, *others}) == len(VARIANTS)
    hidden = WHOLE.hidden
    assert whole - others[-1] == 4 * hidden * (hidden + hidden + 1), "a layer: input, state and bias of four gates"


def test_without_context_nothing_is_read_of_the_music_around() -> None:
    network = of_shapes(msgspec.structs.replace(WHOLE, context="none"))
    assert network.read_context(jnp.zeros((1, FRAMES_A_BAR, FRAME_COLUMNS))) is None
    assert network.look_at(jnp.zeros(1, int), inputs(1), None) is None
