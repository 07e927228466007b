"""A step of training, whatever is trained: clipped AdamW with a warm-up, and the running average of weights.

What is learned, from what, and what is kept on the disk lives with each trainer.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax.sharding import Mesh

from model.data_parallel import sum_over_rows


class DescentState(NamedTuple):
    """What a step changes: parameters, their running average, the optimizer's state, steps taken."""

    parameters: Any
    average: Any
    optimizer: Any
    train_step: jax.Array


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


def start(parameters: Any, optimizer: optax.GradientTransformation) -> DescentState:
    """The state before the first step."""
    return DescentState(
        parameters, jax.tree.map(jnp.copy, parameters), optimizer.init(parameters), jnp.zeros((), jnp.int32)
    )


def make_step(
    cost: Callable[[Any, Any, jax.Array], jax.Array],
    optimizer: optax.GradientTransformation,
    *,
    average: float,
    seed: int,
    mesh: Mesh | None = None,
) -> Callable[[DescentState, Any], tuple[DescentState, jax.Array]]:
    """The compiled step: a state and a batch in, the next state and the batch's cost out.

    Args:
        cost: the cost of parameters on a batch, with a random key for dropout; over a mesh, what the device's own rows
            add to it.
        optimizer: as `make_optimizer` makes it.
        average: share of the running average that a step leaves.
        seed: of the dropout; the same seed and batches give the same run.
        mesh: the devices that the rows of a batch are split over; None for one device and any kind of batch.
    """
    slope = jax.value_and_grad(cost)
    if mesh is not None:
        slope = sum_over_rows(slope, mesh)

    @partial(jax.jit, donate_argnums=0)
    def step(state: DescentState, batch: Any) -> tuple[DescentState, jax.Array]:
        key = jax.random.fold_in(jax.random.key(seed), state.train_step)
        nats, gradient = slope(state.parameters, batch, key)
        updates, optimizer_state = optimizer.update(gradient, state.optimizer, state.parameters)
        new = optax.apply_updates(state.parameters, updates)
        # Early on the average follows the weights closely, else it would remember the random start.
        keep = jnp.minimum(average, (1 + state.train_step) / (10 + state.train_step))
        averaged = jax.tree.map(lambda a, p: keep * a + (1 - keep) * p, state.average, new)
        return DescentState(new, averaged, optimizer_state, state.train_step + 1), nats

    return step
