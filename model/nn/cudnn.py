"""An LSTM layer by cuDNN, on a GPU: one call over all of time, where a scan starts its kernels anew at every step.

JAX's binding wants batch first, gates in the order input, forget, candidate, output, and all weights in one row with
two biases; `model.nn.lstm` has time first, the candidate last, and one bias.
"""

from collections.abc import Callable
from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
from jax.experimental import rnn

_TOLERANCE = 2e-2
"""Tolerance of a state: cuDNN may round its factors to TensorFloat-32, which has ten bits."""


Layer = Callable[[jax.Array, jax.Array, jax.Array, jax.Array], jax.Array]
"""Inputs and weights to hidden states, as `run` has them."""


@cache
def agrees_with(scan: Layer) -> bool:
    """True on a GPU whose cuDNN computes the same as a layer of ours: tried once, on a few numbers.

    JAX calls its binding experimental. It has no kernels for some builds and cards, which shows as an attribute that
    JAX's library lacks, as an error of its own, or as one of the running program: all mean that the layer of ours is to
    be used, and none is the user's to mend.
    """
    if jax.default_backend() != "gpu":
        return False
    try:
        return same(run, scan)
    except (AttributeError, NotImplementedError, RuntimeError):
        return False


def same(one: Layer, other: Layer) -> bool:
    """True where two layers compute the same of a few numbers; may be asked while a program is being traced."""
    rng = np.random.default_rng(0)
    arrays = [np.float32(rng.normal(size=shape) * 0.5) for shape in ((5, 2, 3), (3, 16), (4, 16), (16,))]
    with jax.ensure_compile_time_eval():
        first, second = (np.asarray(layer(*map(jnp.asarray, arrays))) for layer in (one, other))
    return bool(np.allclose(first, second, atol=_TOLERANCE))


def run(x_TxBxI: jax.Array, w_in_Ix4H: jax.Array, w_hidden_Hx4H: jax.Array, bias_4H: jax.Array) -> jax.Array:
    """Hidden states over a whole sequence from a zero state, shape (T, B, H); can be differentiated.

    Args:
        x_TxBxI: the inputs.
        w_in_Ix4H, w_hidden_Hx4H: weights as of `lstm.LSTMLayer`.
        bias_4H: its bias (4H,).

    Source: `jax.experimental.rnn`.
    """
    T, B, width = x_TxBxI.shape
    H = w_hidden_Hx4H.shape[0]
    zero = jnp.zeros((1, B, H), x_TxBxI.dtype)
    weights = flat_weights(w_in_Ix4H, w_hidden_Hx4H, bias_4H)
    lengths = jnp.full((B,), T, jnp.int32)
    y_BxTxH, _, _ = rnn.lstm(jnp.swapaxes(x_TxBxI, 0, 1), zero, zero, weights, lengths, width, H, 1, 0.0, False)
    return jnp.swapaxes(y_BxTxH, 0, 1)


def flat_weights(w_in_Ix4H: jax.Array, w_hidden_Hx4H: jax.Array, bias_4H: jax.Array) -> jax.Array:
    """A layer's weights as cuDNN takes them: one row (N,), N = 4 H (I + H + 2).

    Args:
        w_in_Ix4H, w_hidden_Hx4H: weights as of `lstm.LSTMLayer`.
        bias_4H: its bias (4H,).
    """

    def ordered(values: jax.Array) -> jax.Array:
        i, f, o, g = jnp.split(values, 4, axis=-1)
        return jnp.concatenate([i, f, g, o], axis=-1).T.reshape(-1)

    return jnp.concatenate([ordered(w_in_Ix4H), ordered(w_hidden_Hx4H), ordered(bias_4H), jnp.zeros_like(bias_4H)])
