"""The quick layer computes what a plain one would, forwards and backwards, and what its own single step does."""

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from model.nn.lstm import LSTMLayer, scan_gates


def plain(z_TxBx4H: jax.Array, w_Hx4H: jax.Array) -> jax.Array:
    H = w_Hx4H.shape[0]
    h = c = jnp.zeros((z_TxBx4H.shape[1], H))
    out = []
    for z in z_TxBx4H:
        i, f, o, g = jnp.split(z + h @ w_Hx4H, 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        out.append(h)
    return jnp.stack(out)


def test_values_and_gradients_are_those_of_the_plain_equations() -> None:
    keys = jax.random.split(jax.random.key(1), 3)
    z, w = jax.random.normal(keys[0], (7, 3, 20)), jax.random.normal(keys[1], (5, 20))
    weight = jax.random.normal(keys[2], (7, 3, 5))
    np.testing.assert_allclose(scan_gates(z, w), plain(z, w), atol=1e-5)
    ours = jax.grad(lambda z, w: (scan_gates(z, w) * weight).sum(), argnums=(0, 1))(z, w)
    wanted = jax.grad(lambda z, w: (plain(z, w) * weight).sum(), argnums=(0, 1))(z, w)
    for a, b in zip(ours, wanted, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-4)


def test_stepping_and_scanning_agree() -> None:
    layer = LSTMLayer(4, 6, rngs=nnx.Rngs(0))
    x_TxBxI = jax.random.normal(jax.random.key(2), (5, 2, 4))
    carry = (jnp.zeros((2, 6)), jnp.zeros((2, 6)))
    for t, h_BxH in enumerate(layer(x_TxBxI)):
        carry = layer.step(carry, x_TxBxI[t])
        np.testing.assert_allclose(carry[0], h_BxH, atol=1e-5)
