"""cuDNN's layout of weights, by the reference that comes with JAX's binding; cuDNN itself where there is a GPU."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from jax.experimental import rnn

from model.nn import cudnn
from model.nn.lstm import LSTMLayer, scan_layer

T, B, WIDTH, H = 6, 3, 5, 4
on_gpu = pytest.mark.skipif(jax.default_backend() != "gpu", reason="there is no GPU here")


@pytest.fixture
def weights() -> tuple[jax.Array, jax.Array, jax.Array]:
    rng = np.random.default_rng(1)
    return tuple(jnp.asarray(rng.normal(size=shape), jnp.float32) for shape in ((WIDTH, 4 * H), (H, 4 * H), (4 * H,)))


@pytest.fixture
def inputs() -> jax.Array:
    return jax.random.normal(jax.random.key(2), (T, B, WIDTH))


def test_the_layout_is_the_one_that_the_binding_takes(weights, inputs) -> None:
    flat = cudnn.flat_weights(*weights)
    assert flat.shape == (rnn.get_num_params_in_lstm(WIDTH, H, 1, False),)
    unpacked = rnn.unpack_lstm_weights(flat, WIDTH, H, 1, False)
    zero = jnp.zeros((1, B, H))
    lengths = jnp.full((B,), T, jnp.int32)
    y, _, _ = rnn.lstm_ref(jnp.swapaxes(inputs, 0, 1), zero, zero, *unpacked, lengths, WIDTH, H, 1, 0.0, False)
    np.testing.assert_allclose(jnp.swapaxes(y, 0, 1), scan_layer(inputs, *weights), atol=1e-5)


def test_without_a_gpu_the_scan_is_taken() -> None:
    if jax.default_backend() != "gpu":
        assert not cudnn.agrees_with(scan_layer)


@on_gpu
def test_on_a_gpu_states_and_gradients_are_those_of_the_scan(weights, inputs) -> None:
    assert cudnn.agrees_with(scan_layer)
    for one, two in zip(
        *(
            jax.value_and_grad(lambda *args, run=run: (run(*args) ** 2).sum(), (0, 1, 2, 3))(inputs, *weights)
            for run in (cudnn.run, scan_layer)
        ),
        strict=True,
    ):
        jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=5e-2, atol=5e-2), one, two)


def test_layers_are_compared_while_a_program_is_traced() -> None:
    told = []

    @jax.jit
    def program(x: jax.Array) -> jax.Array:
        told.append(cudnn.same(scan_layer, scan_layer))
        told.append(cudnn.same(scan_layer, lambda *arrays: scan_layer(*arrays) + 0.1))
        return x

    program(jnp.ones(()))
    assert told == [True, False]


def test_it_is_asked_while_a_program_is_traced() -> None:
    layer = LSTMLayer(WIDTH, H, rngs=nnx.Rngs(0))
    graph, state = nnx.split(layer)
    read = jax.jit(lambda state, x: nnx.merge(graph, state)(x))
    assert read(state, jnp.ones((T, B, WIDTH))).shape == (T, B, H)
