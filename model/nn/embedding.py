"""Embedding tables that are quick to train on a CPU."""

import jax
import jax.numpy as jnp
from flax import nnx

from model.nn.draws import normal


@jax.custom_vjp
def look_up(table_RxD: jax.Array, index: jax.Array) -> jax.Array:
    """Rows of a table: shape (*index.shape, D).

    The gradient of a plain look-up adds rows up one at a time, which on a CPU takes longer than the LSTM itself; here
    it is one matrix product with the indices as one-hot rows.

    Args:
        table_RxD: the table.
        index: int, (N,) or of more axes: the row to take for each entry.
    """
    return table_RxD[index]


def _forward(table_RxD: jax.Array, index: jax.Array) -> tuple[jax.Array, tuple[jax.Array, int]]:
    return table_RxD[index], (index, table_RxD.shape[0])


def _backward(saved: tuple[jax.Array, int], gradient: jax.Array) -> tuple[jax.Array, None]:
    index, rows = saved
    hot_NxR = jax.nn.one_hot(index.reshape(-1), rows, dtype=gradient.dtype)
    return hot_NxR.T @ gradient.reshape(-1, gradient.shape[-1]), None


look_up.defvjp(_forward, _backward)


class Embedding(nnx.Module):
    """One learned vector for each of some integers."""

    def __init__(self, rows: int, columns: int, *, rngs: nnx.Rngs, scale: float = 0.5) -> None:
        self.rows = nnx.Param(normal(rngs.params(), (rows, columns)) * scale)

    def __call__(self, index: jax.Array) -> jax.Array:
        """The vectors of integers: (*index.shape, columns)."""
        return look_up(self.rows[...], jnp.asarray(index))
