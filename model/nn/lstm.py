"""An LSTM layer that is quick to train, and the single step of it that sampling takes.

Both use one cell, so that what was trained is what is sampled. The layer's backward pass computes the gradient of the
recurrent weights as one matrix product after the loop, where differentiating the loop would add up one product a step.
On a GPU cuDNN takes the layer's place.
"""

import math
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

from model.nn import cudnn
from model.nn.draws import uniform

Carry = tuple[jax.Array, jax.Array]
"""Hidden state and cell state, each of shape (B, H)."""


def _gates(z_Bx4H: jax.Array, c_BxH: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
    """New hidden and cell state, and the activated gates (input, forget, output, candidate) side by side."""
    H = c_BxH.shape[-1]
    ifo = jax.nn.sigmoid(z_Bx4H[:, : 3 * H])
    g = jnp.tanh(z_Bx4H[:, 3 * H :])
    i, f, o = ifo[:, :H], ifo[:, H : 2 * H], ifo[:, 2 * H :]
    c = f * c_BxH + i * g
    return o * jnp.tanh(c), c, jnp.concatenate([ifo, g], axis=-1)


def new_state(z_Bx4H: jax.Array, c_BxH: jax.Array) -> Carry:
    """The state after a step: from what goes into the gates, before their activation, and the cell state."""
    h, c, _ = _gates(z_Bx4H, c_BxH)
    return h, c


@jax.custom_vjp
def scan_gates(z_TxBx4H: jax.Array, w_Hx4H: jax.Array) -> jax.Array:
    """Run an LSTM over time from a zero state.

    Args:
        z_TxBx4H: what the inputs contribute to the gates, bias included.
        w_Hx4H: the recurrent weights.

    Returns:
        Hidden states, shape (T, B, H).
    """
    return _scan_forward(z_TxBx4H, w_Hx4H)[0]


def _scan_forward(z: jax.Array, w: jax.Array) -> tuple[jax.Array, Any]:
    B, H = z.shape[1], w.shape[0]

    def step(carry: Carry, z_t: jax.Array) -> tuple[Carry, tuple[jax.Array, ...]]:
        h, c = carry
        new_h, new_c, gates = _gates(z_t + h @ w, c)
        return (new_h, new_c), (new_h, new_c, gates)

    zero = jnp.zeros((B, H), z.dtype)
    _, (h_TxBxH, c_TxBxH, gates_TxBx4H) = jax.lax.scan(step, (zero, zero), z)
    return h_TxBxH, (h_TxBxH, c_TxBxH, gates_TxBx4H, w)


def _scan_backward(saved: Any, dh_TxBxH: jax.Array) -> tuple[jax.Array, jax.Array]:
    h, c, gates, w = saved
    T, B, H = h.shape
    zero = jnp.zeros((1, B, H), h.dtype)
    c_before = jnp.concatenate([zero, c[:-1]])
    # Factors that no later step has a say in are computed for all steps at once: the loop keeps a product a gate, two
    # for the cell and one of matrices. A sigmoid y has the slope (1 - y) y, a hyperbolic tangent (1 - y) (1 + y).
    i, f, o, g = (gates[..., gate * H : (gate + 1) * H] for gate in range(4))
    tanh_c = jnp.tanh(c)
    slopes = ((1 - i) * i * g, (1 - f) * f * c_before, (1 - o) * o * tanh_c, (1 - g) * (1 + g) * i)
    dc_by_dh = o * (1 - tanh_c**2)
    w_4HxH = w.T

    def step(carry: Carry, at: tuple[Any, ...]) -> tuple[Carry, jax.Array]:
        dh_next, dc_next = carry
        dh_t, (slope_i, slope_f, slope_o, slope_g), dc_by_dh_t, f_t = at
        dh = dh_t + dh_next
        dc = dc_next + dh * dc_by_dh_t
        dz = jnp.concatenate([slope_i * dc, slope_f * dc, slope_o * dh, slope_g * dc], axis=-1)
        return (dz @ w_4HxH, dc * f_t), dz

    start = jnp.zeros((B, H), h.dtype)
    _, dz_TxBx4H = jax.lax.scan(step, (start, start), (dh_TxBxH, slopes, dc_by_dh, f), reverse=True)
    h_before = jnp.concatenate([zero, h[:-1]])
    # Of two axes, as in `multiply`.
    dw_Hx4H = h_before.reshape(T * B, H).T @ dz_TxBx4H.reshape(T * B, 4 * H)
    return dz_TxBx4H, dw_Hx4H


scan_gates.defvjp(_scan_forward, _scan_backward)


def multiply(x: jax.Array, kernel_IxO: jax.Array) -> jax.Array:
    """(..., I) times (I, O), shape (..., O), as a product of two axes.

    Where there are more, XLA copies both factors of the kernel's gradient into another order first.

    Args:
        x: (..., I).
        kernel_IxO: the kernel.
    """
    lead, (width, wide) = x.shape[:-1], kernel_IxO.shape
    return (x.reshape(math.prod(lead), width) @ kernel_IxO).reshape(*lead, wide)


def scan_layer(x_TxBxI: jax.Array, w_in_Ix4H: jax.Array, w_hidden_Hx4H: jax.Array, bias_4H: jax.Array) -> jax.Array:
    """Hidden states over a whole sequence from a zero state, shape (T, B, H): all inputs first, as one product.

    Args:
        x_TxBxI: the inputs.
        w_in_Ix4H, w_hidden_Hx4H: weights of the inputs and of the state before.
        bias_4H: (4H,), the gates' bias.
    """
    return scan_gates(multiply(x_TxBxI, w_in_Ix4H) + bias_4H, w_hidden_Hx4H)


class LSTMLayer(nnx.Module):
    """One LSTM layer with its input weights apart from its recurrent ones."""

    def __init__(self, features_in: int, hidden: int, *, rngs: nnx.Rngs) -> None:
        scale_in, scale_hidden = features_in**-0.5, hidden**-0.5
        self.w_in = nnx.Param(uniform(rngs.params(), (features_in, 4 * hidden)) * scale_in)
        self.w_hidden = nnx.Param(uniform(rngs.params(), (hidden, 4 * hidden)) * scale_hidden)
        # The forget gate starts open (+1), so that gradients reach far back from the first step on.
        self.bias = nnx.Param(jnp.zeros(4 * hidden).at[hidden : 2 * hidden].set(1.0))

    def __call__(self, x_TxBxI: jax.Array) -> jax.Array:
        """Hidden states over a whole sequence from a zero state, shape (T, B, H)."""
        layer = cudnn.run if cudnn.agrees_with(scan_layer) else scan_layer
        return layer(x_TxBxI, self.w_in[...], self.w_hidden[...], self.bias[...])

    def step(self, carry: Carry, x_BxI: jax.Array) -> Carry:
        """The state after one more input."""
        h, c = carry
        return new_state(x_BxI @ self.w_in[...] + self.bias[...] + h @ self.w_hidden[...], c)
