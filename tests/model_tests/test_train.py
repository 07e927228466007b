"""Training learns, resumes at the very batch it stopped at, and says what is wrong."""

import math
from pathlib import Path

import jax
import numpy as np
import pytest
from flax import nnx

from corpus.starter_pieces import starter_pieces
from model.batches import HideRates, TrainingBatches, collate
from model.features import HIDDEN_QUOTA
from model.network import Network, NetworkConfig
from model.train import Report, TrainSettings, train
from model.windows import Window, cut_windows
from song.errors import UserError

SMALL = NetworkConfig(hidden=12, head=8)
SETTINGS = TrainSettings(network=SMALL, train_steps=50, events_a_batch=400, warmup_steps=5, checkpoint_every=25)


@pytest.fixture(scope="module")
def windows() -> list[Window]:
    some = [window for window in cut_windows(starter_pieces()[:80]) if len(window.events) <= 48]
    assert len(some) > 8
    return some


def leaves(network: Network) -> list[np.ndarray]:
    return [np.asarray(leaf) for leaf in jax.tree.leaves(nnx.state(network, nnx.Param))]


def test_the_loss_falls_and_a_stopped_run_ends_as_an_undisturbed_one(windows: list[Window], tmp_path: Path) -> None:
    reports: list[Report] = []
    whole, taken, held_out = train(windows, windows[:4], SETTINGS, tmp_path / "whole", on_report=reports.append)
    assert taken == 50
    assert math.isfinite(held_out)
    assert reports[-1].train_nats < reports[0].train_nats
    _, stopped_at, _ = train(windows, windows[:4], SETTINGS, tmp_path / "halves", until=0)
    assert 0 < stopped_at < 50
    resumed, taken, _ = train(windows, windows[:4], SETTINGS, tmp_path / "halves")
    assert taken == 50
    for a, b in zip(leaves(whole), leaves(resumed), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_loss_that_is_no_number_stops_the_run(windows: list[Window], tmp_path: Path) -> None:
    broken = Network(SMALL, rngs=nnx.Rngs(0))
    broken.to_pitch.bias[...] = broken.to_pitch.bias[...] + np.nan
    with pytest.raises(UserError, match="lower --rate"):
        train(windows, [], SETTINGS, tmp_path, start_from=broken)


def test_nothing_to_learn_from_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nothing to learn from"):
        train([], [], SETTINGS, tmp_path)


def test_a_batch_depends_on_seed_and_number_alone(windows: list[Window]) -> None:
    def source(seed: int) -> TrainingBatches:
        return TrainingBatches(windows, batches=10, events_a_batch=400, seed=seed)

    first, again = source(1)[7], source(1)[7]
    assert all((first[name] == again[name]).all() for name in first)
    assert any(first["event"].shape != other["event"].shape or (first["event"] != other["event"]).any()
               for other in (source(1)[8], source(2)[7]))  # fmt: skip


def test_hidden_conditions_are_hidden_and_padding_is_masked(windows: list[Window]) -> None:
    everything = HideRates(1, 1, 1, 1, 1, 1, 1)
    batch = collate(windows[:2], 48, everything, np.random.default_rng(0))
    assert (batch["quota"] == HIDDEN_QUOTA).all()
    assert (batch["style"] == 0).all()
    assert (batch["tempo"] == 0).all()
    assert batch["mask"].sum() == sum(len(window.events) for window in windows[:2])
