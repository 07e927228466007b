"""The bonus added to logits and its slope, held to one-hot rows; a token that stands for nothing adds nothing."""

import jax
import jax.numpy as jnp
import numpy as np

from model.nn.copy_bonus import pick, place_bonus

SIZE = 6


def test_a_bonus_and_its_gradient_are_those_of_one_hot_rows() -> None:
    keys = jax.random.split(jax.random.key(0), 3)
    strength, weight = jax.random.normal(keys[0], (7, 4)), jax.random.normal(keys[1], (7, SIZE))
    token = jax.random.randint(keys[2], (7, 4), -1, SIZE + 1)
    assert {-1, SIZE} < set(token.ravel().tolist())

    def plain(strength: jax.Array) -> jax.Array:
        return jnp.einsum("bs,bsv->bv", strength, jax.nn.one_hot(token, SIZE))

    def ours(strength: jax.Array) -> jax.Array:
        return place_bonus(strength, token, SIZE)

    np.testing.assert_allclose(ours(strength), plain(strength), atol=1e-6)
    slopes = [jax.grad(lambda x, f=f: (f(x) * weight).sum())(strength) for f in (ours, plain)]
    np.testing.assert_allclose(*slopes, atol=1e-6)


def test_what_lies_outside_is_picked_as_zero() -> None:
    assert pick(jnp.array([[1.0, 2.0], [3.0, 4.0]]), jnp.array([[-1, 0, 1], [2, 1, 0]])).tolist() == [
        [0, 1, 2],
        [0, 4, 3],
    ]
