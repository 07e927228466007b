"""A step of training: parameters as a vector, the rate over a run, the running average, and runs that come again."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from model.nn.optimizer import TrainState, as_vector, init_state, make_optimizer, make_step


def line() -> nnx.Linear:
    return nnx.Linear(3, 2, rngs=nnx.Rngs(0))


def rates(train_steps: int, warmup_steps: int) -> list[float]:
    """The distances by which a constant slope moves a weight, step by step."""
    optimizer = make_optimizer(
        train_steps=train_steps, learning_rate=0.1, warmup_steps=warmup_steps, weight_decay=0.0, clip=1.0
    )
    slope = jnp.full(4, 0.1)
    state, moved = optimizer.init(slope), []
    for _ in range(train_steps):
        update, state = optimizer.update(slope, state, slope)
        moved.append(-float(update[0]))
    return moved


def test_a_network_comes_back_out_of_its_vector() -> None:
    network = line()
    vector, network_of = as_vector(network)
    assert vector.shape == (3 * 2 + 2,)
    again = network_of(vector)
    np.testing.assert_array_equal(again.kernel[...], network.kernel[...])
    np.testing.assert_array_equal(again.bias[...], network.bias[...])
    other = network_of(jnp.array(vector + 1))
    np.testing.assert_allclose(other.kernel[...], network.kernel[...] + 1)


def test_the_rate_rises_over_the_warm_up_and_falls_to_nothing() -> None:
    moved = rates(20, 5)
    assert moved[0] == 0
    assert moved[5] == max(moved) == pytest.approx(0.1, rel=1e-3)
    assert all(one < two for one, two in itertools.pairwise(moved[:6]))
    assert all(one > two for one, two in itertools.pairwise(moved[5:]))
    assert moved[-1] < 0.002


def test_a_short_run_warms_up_over_half_of_it_at_most() -> None:
    moved = rates(8, 500)
    assert moved.index(max(moved)) == 4


def test_a_step_learns_and_the_average_follows_closely_at_first() -> None:
    _, network_of = as_vector(line())
    start = np.ones(8, np.float32)
    optimizer = make_optimizer(train_steps=100, learning_rate=0.1, warmup_steps=0, weight_decay=0.0, clip=1.0)

    def cost(network: nnx.Linear, batch: jax.Array, key: jax.Array) -> jax.Array:
        return ((network(batch) - 5.0) ** 2).mean()

    step = make_step(cost, network_of, optimizer, average=0.9, seed=0)
    state, costs = init_state(start, optimizer), []
    for number in range(30):
        before = [np.array(leaf) for leaf in (state.average, state.parameters)]
        state, nats = step(state, jnp.ones((4, 3)))
        costs.append(float(nats))
        keep = min(0.9, (1 + number) / (10 + number))
        np.testing.assert_allclose(state.average, keep * before[0] + (1 - keep) * state.parameters, rtol=1e-5)
        assert not np.array_equal(state.parameters, before[1])
    assert costs[-1] < costs[0] / 10
    assert int(state.train_step) == 30


def test_dropout_changes_from_step_to_step_and_comes_again_from_its_seed() -> None:
    _, network_of = as_vector(line())
    optimizer = make_optimizer(train_steps=10, learning_rate=0.1, warmup_steps=0, weight_decay=0.0, clip=1.0)

    def drawn(network: nnx.Linear, batch: jax.Array, key: jax.Array) -> jax.Array:
        return jax.random.uniform(key) + 0 * network(batch).sum()

    def run(seed: int) -> list[float]:
        step = make_step(drawn, network_of, optimizer, average=0.9, seed=seed)
        state: TrainState = init_state(np.ones(8, np.float32), optimizer)
        found = []
        for _ in range(3):
            state, nats = step(state, jnp.ones((1, 3)))
            found.append(float(nats))
        return found

    first = run(1)
    assert len(set(first)) == 3
    assert first == run(1)
    assert first != run(2)
