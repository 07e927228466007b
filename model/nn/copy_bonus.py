"""Copy bonuses: strengths added to the logits of some tokens, quick to differentiate on a CPU."""

from functools import partial, reduce

import jax
import jax.numpy as jnp


def pick(values: jax.Array, index: jax.Array) -> jax.Array:
    """Entries of the last axis, (..., V) at (..., K) to (..., K); zero where the index lies outside.

    Args:
        values: (..., V).
        index: int (..., K), places on the last axis.
    """
    inside = (index >= 0) & (index < values.shape[-1])
    return jnp.where(inside, jnp.take_along_axis(values, jnp.clip(index, 0, values.shape[-1] - 1), axis=-1), 0)


@partial(jax.custom_vjp, nondiff_argnums=(2,))
def place_bonus(strength: jax.Array, token: jax.Array, size: int) -> jax.Array:
    """Add up strengths at their tokens: (..., S) and (..., S) to (..., size); tokens outside go nowhere.

    Its gradient is a look-up; differentiating the sum would build one row a source.

    Args:
        strength: (..., S), of S sources.
        token: int (..., S), the token that each source adds to.
        size: length of the last axis of the result.
    """
    places = jnp.arange(size)
    sources = range(strength.shape[-1])
    # A product with one-hot rows would be a tiny matrix product an event, and calling it costs more than it does.
    terms = (jnp.where(token[..., n, None] == places, strength[..., n, None], 0) for n in sources)
    return reduce(jnp.add, terms)


def _forward(strength: jax.Array, token: jax.Array, size: int) -> tuple[jax.Array, jax.Array]:
    return place_bonus(strength, token, size), token


def _backward(size: int, token: jax.Array, gradient: jax.Array) -> tuple[jax.Array, None]:
    return pick(gradient, token), None


place_bonus.defvjp(_forward, _backward)
