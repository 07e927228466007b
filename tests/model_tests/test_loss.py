"""Rows of a batch are told apart, and every slope is that of the cost, those written by hand included."""

from dataclasses import dataclass
from functools import cache

import jax
import numpy as np
import pytest
from flax import nnx

from model.loss import event_nats
from model.network import Network, NetworkConfig
from model.nn.optimizer import as_vector
from model.training.batches import ALL_SHOWN, collate
from model.training.windows import Window, cut_windows
from song.parts import Part
from tests.model_tests.drawn_networks import drawn
from tests.model_tests.starter_set import starter_pieces

LENGTH = 48
WHOLE = NetworkConfig(hidden=8, head=6, context_hidden=4)


@pytest.fixture(scope="module")
def windows() -> list[Window]:
    """A window of each part, of different music."""
    short = [one for one in cut_windows(starter_pieces()[:10]) if 16 < len(one.events) <= LENGTH]
    return [[one for one in short if one.part is part][5 * n] for n, part in enumerate(Part)]


@dataclass
class Judge:
    """A network whose every weight is drawn, since some begin as zero, and what events cost as its weights change."""

    config: NetworkConfig

    def __post_init__(self) -> None:
        network = drawn(Network, self.config)
        vector, self.network_of = as_vector(network)
        self.sizes = [leaf.size for leaf in jax.tree.leaves(nnx.state(network, nnx.Param))]
        self.vector = np.random.default_rng(1).normal(0, 0.2, len(vector)).astype(np.float32)
        self.nats = jax.jit(lambda vector, batch: event_nats(self.network_of(vector), batch))


judge_of = cache(Judge)


def batch_of(windows: list[Window]) -> dict[str, np.ndarray]:
    return collate(windows, LENGTH, ALL_SHOWN, np.random.default_rng(0))


def test_a_row_costs_what_it_costs_alone(windows: list[Window]) -> None:
    judge = judge_of(WHOLE)
    together = np.asarray(judge.nats(judge.vector, batch_of(windows)))
    assert together.shape == (LENGTH, len(windows), 6)
    for row, window in enumerate(windows):
        alone = np.asarray(judge.nats(judge.vector, batch_of([window])))
        assert alone.sum() > 0
        np.testing.assert_allclose(together[:, row], alone[:, 0], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    "config",
    [
        WHOLE,
        NetworkConfig(hidden=8, head=6, context="none", look_back=False, copy_gates=False, layers=1),
    ],
)
def test_the_slope_of_every_parameter_is_that_of_the_cost(config: NetworkConfig, windows: list[Window]) -> None:
    judge, batch = judge_of(config), batch_of(windows)
    slope = np.asarray(jax.jit(jax.grad(lambda vector: judge.nats(vector, batch).sum()))(judge.vector))
    for own in np.split(np.arange(len(slope)), np.cumsum(judge.sizes)[:-1]):
        way = np.zeros_like(slope)
        # Where the slope is flat, as of a table that nothing reads without look-back, any way has to be.
        way[own] = slope[own] if slope[own].any() else 1
        way /= np.linalg.norm(way)
        step = 0.1 / max(slope @ way, 10)
        # Event by event, since single precision would lose the difference of two sums.
        ahead, behind = (np.asarray(judge.nats(judge.vector + by * way, batch), float) for by in (step, -step))
        assert (ahead - behind).sum() / (2 * step) == pytest.approx(slope @ way, rel=0.01, abs=0.01)
