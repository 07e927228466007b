"""A step of training, whatever is trained: clipped AdamW with a warm-up, and the running average of weights.

Costs, data and files on the disk live with each trainer. Shapes: N a network's parameters.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx
from jax.sharding import Mesh

from model.nn.data_parallel import sum_over_rows

Net = TypeVar("Net", bound=nnx.Module)


class TrainState(NamedTuple):
    """State that a step changes; NumPy arrays as a checkpoint gives them, JAX's from the first step on.

    Attributes:
        parameters: as a vector, float32 (N,).
        average: their running average, likewise.
        optimizer: the optimizer's state.
        train_step: steps taken, an int32 scalar.
    """

    parameters: Any
    average: Any
    optimizer: Any
    train_step: Any


def as_vector(network: Net) -> tuple[np.ndarray, Callable[[Any], Net]]:
    """A network's parameters as one vector (N,), and what makes the network of such a vector.

    The optimizer then has one array to change and the devices one to add up: less to compile than an array for each
    parameter. A network of a NumPy vector lies on the process's own first device.
    """
    graph, parameters, fixed = nnx.split(network, nnx.Param, ...)
    leaves, tree = jax.tree.flatten(parameters)
    shapes, ends = [leaf.shape for leaf in leaves], np.cumsum([leaf.size for leaf in leaves])[:-1]

    def network_of(vector: Any) -> Net:
        # Outside of a step JAX would compile a program for each piece that it cuts off.
        split: Any = np.split if isinstance(vector, np.ndarray) else jnp.split
        pieces = [piece.reshape(shape) for piece, shape in zip(split(vector, ends), shapes, strict=True)]
        if isinstance(vector, np.ndarray):
            pieces = jax.device_put(pieces, jax.local_devices()[0])
        return nnx.merge(graph, jax.tree.unflatten(tree, pieces), fixed)

    return np.concatenate([np.ravel(leaf) for leaf in leaves]), network_of


def make_optimizer(
    *, train_steps: int, learning_rate: float, warmup_steps: int, weight_decay: float, clip: float
) -> optax.GradientTransformation:
    """AdamW whose rate rises over the warm-up and falls to nothing as a cosine over the rest.

    Args:
        train_steps: optimizer steps in all.
        learning_rate: the highest rate.
        warmup_steps: steps over which the rate rises; half the run at most.
        weight_decay: pull of the weights towards zero.
        clip: longest gradient that is taken as it is.
    """
    schedule = optax.warmup_cosine_decay_schedule(0.0, learning_rate, min(warmup_steps, train_steps // 2), train_steps)
    return optax.chain(optax.clip_by_global_norm(clip), optax.adamw(schedule, weight_decay=weight_decay))


def init_state(vector: np.ndarray, optimizer: optax.GradientTransformation) -> TrainState:
    """The state before the first step.

    Args:
        vector: float32 (N,), the parameters as `as_vector` gives them.
        optimizer: as `make_optimizer` makes it.
    """
    parameters = jnp.array(vector)
    return TrainState(parameters, jnp.copy(parameters), optimizer.init(parameters), jnp.zeros((), jnp.int32))


def make_step(
    cost: Callable[[Net, Any, jax.Array], jax.Array],
    network_of: Callable[[Any], Net],
    optimizer: optax.GradientTransformation,
    *,
    average: float,
    seed: int,
    mesh: Mesh | None = None,
) -> Callable[[TrainState, Any], tuple[TrainState, jax.Array]]:
    """The compiled step: a state and a batch in, the next state and the batch's cost, a scalar, out.

    Args:
        cost: a scalar, the cost of a network on a batch, with a random key for dropout; over a mesh, the share of it
            that the device's own rows add.
        network_of: as `as_vector` gives it.
        optimizer: as `make_optimizer` makes it.
        average: share of the running average that a step leaves.
        seed: of the dropout; the same seed and batches give the same run.
        mesh: the devices that the rows of a batch are split over; None for one device and any kind of batch.
    """

    def cost_of(parameters: jax.Array, batch: Any, key: jax.Array) -> jax.Array:
        return cost(network_of(parameters), batch, key)

    slope = jax.value_and_grad(cost_of)
    if mesh is not None:
        slope = sum_over_rows(slope, mesh)

    @partial(jax.jit, donate_argnums=0)
    def step(state: TrainState, batch: Any) -> tuple[TrainState, jax.Array]:
        key = jax.random.fold_in(jax.random.key(seed), state.train_step)
        nats, gradient = slope(state.parameters, batch, key)
        updates, optimizer_state = optimizer.update(gradient, state.optimizer, state.parameters)
        new = optax.apply_updates(state.parameters, updates)
        # Early on the average follows the weights closely, else it would remember the random start.
        keep = jnp.minimum(average, (1 + state.train_step) / (10 + state.train_step))
        averaged = keep * state.average + (1 - keep) * new
        return TrainState(new, averaged, optimizer_state, state.train_step + 1), nats

    return step
