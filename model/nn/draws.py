"""Weights that a network begins with: drawn, or shapes alone where others are read into their place at once."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast

import jax
import jax.numpy as jnp
from flax import nnx

Net = TypeVar("Net", bound=nnx.Module)

_lecun_normal = jax.nn.initializers.lecun_normal()


class _NoDice:
    """Stands in for `nnx.Rngs` where nothing is drawn."""

    def params(self) -> None:
        return None


def shapes_of(make: Callable[[nnx.Rngs], Net]) -> Net:
    """A network that has shapes in place of weights. To trace what would draw them takes longer than all the rest.

    Args:
        make: makes the network with what draws; of the layers in this folder.
    """
    shapes: Net = nnx.eval_shape(lambda: make(cast(nnx.Rngs, _NoDice())))
    return shapes


def normal(key: jax.Array | None, shape: tuple[int, ...]) -> jax.Array:
    """Numbers with a standard deviation of 1, of a shape (N, ...).

    Args:
        key: what `nnx.Rngs.params` gives, a scalar.
        shape: any.
    """
    return jnp.zeros(shape) if key is None else jax.random.normal(key, shape)


def uniform(key: jax.Array | None, shape: tuple[int, ...]) -> jax.Array:
    """Numbers between -1 and 1, of a shape (N, ...).

    Args:
        key: what `nnx.Rngs.params` gives, a scalar.
        shape: any.
    """
    return jnp.zeros(shape) if key is None else jax.random.uniform(key, shape, minval=-1.0, maxval=1.0)


def _kernel(key: jax.Array | None, shape: tuple[int, ...], dtype: Any) -> jax.Array:
    """The weights that `nnx.Linear` begins with unless it is told otherwise."""
    return jnp.zeros(shape, dtype) if key is None else _lecun_normal(key, shape, dtype)


Linear = partial(nnx.Linear, kernel_init=_kernel)
"""A linear layer that `shapes_of` knows."""
