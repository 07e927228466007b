"""Embedding tables: rows by their index, and the slope of a plain look-up."""

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from model.nn.embedding import Embedding, look_up

TABLE = jnp.array(np.random.default_rng(0).normal(size=(5, 3)), jnp.float32)
INDEX = jnp.array([[4, 0], [4, 2]])


def test_rows_are_looked_up_under_any_shape_of_index() -> None:
    np.testing.assert_array_equal(look_up(TABLE, INDEX), np.asarray(TABLE)[np.asarray(INDEX)])
    np.testing.assert_array_equal(look_up(TABLE, jnp.array(3)), TABLE[3])


def test_the_slope_is_that_of_a_plain_look_up_and_adds_up_for_a_row_seen_twice() -> None:
    weight = jnp.arange(12.0).reshape(2, 2, 3)
    ours, plain = (
        jax.grad(lambda table, look=look: (look(table, INDEX) * weight).sum())(TABLE)
        for look in (look_up, lambda table, index: table[index])
    )
    np.testing.assert_allclose(ours, plain, rtol=1e-6)
    np.testing.assert_allclose(ours[4], weight[0, 0] + weight[1, 0])
    assert not ours[jnp.array([1, 3])].any()


def test_a_table_is_drawn_as_wide_as_asked_and_a_scale_of_zero_is_silent() -> None:
    drawn, silent = (Embedding(400, 3, rngs=nnx.Rngs(0), scale=scale) for scale in (0.5, 0.0))
    assert drawn(INDEX).shape == (2, 2, 3)
    assert 0.4 < float(drawn.rows[...].std()) < 0.6
    assert not silent(INDEX).any()
