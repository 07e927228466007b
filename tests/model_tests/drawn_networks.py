"""Networks with random weights that NumPy draws: JAX would compile a program for each shape to draw them."""

from collections.abc import Callable
from functools import cache
from typing import TypeVar

import jax
import numpy as np
from flax import nnx

from model.nn.draws import shapes_of

Net = TypeVar("Net", bound=nnx.Module)


@cache
def _shapes(kind: Callable[..., Net], config: object) -> Net:
    """A network with shapes in place of weights; it takes a while to find them."""
    return shapes_of(lambda rngs: kind(config, rngs=rngs))


def drawn(kind: Callable[..., Net], config: object, seed: int = 0, scale: float = 0.3) -> Net:
    """A network in inference mode whose every weight is drawn, those too that begin as zero otherwise.

    Args:
        kind: its class.
        config: its sizes.
        seed: 0 or more; the same seed gives the same weights.
        scale: standard deviation of a weight.
    """
    network = nnx.clone(_shapes(kind, config))
    leaves, tree = jax.tree.flatten(nnx.state(network, nnx.Param))
    dice = np.random.default_rng(seed)
    weights = [dice.normal(0, scale, leaf.shape).astype(np.float32) for leaf in leaves]
    nnx.update(network, jax.tree.unflatten(tree, jax.device_put(weights)))
    network.eval()
    return network
