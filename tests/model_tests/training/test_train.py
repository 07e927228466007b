"""Training learns, resumes at the very batch it stopped at, and says what is wrong."""

import math
from pathlib import Path

import jax
import msgspec
import numpy as np
import pytest
from flax import nnx
from msgspec.structs import replace

from model.network import Network, NetworkConfig
from model.nn import data_parallel
from model.training.batches import TrainingBatches
from model.training.checkpoints import RECORD, RunRecord, read_record
from model.training.settings import TrainSettings
from model.training.train import Report, _see_that_all_train_the_same, is_better, train
from model.training.windows import Window, cut_windows
from song.errors import UserError
from tests.model_tests.drawn_networks import drawn
from tests.model_tests.small_batches import judge_by
from tests.model_tests.starter_set import starter_pieces

HEARING = NetworkConfig(hidden=8, layers=1, head=8, context_hidden=4, look_back=False, copy_gates=False)
SMALL = replace(HEARING, context="none")
SETTINGS = TrainSettings(network=SMALL, train_steps=50, events_a_batch=96, warmup_steps=0, checkpoint_every=25)


@pytest.fixture(scope="module")
def windows() -> list[Window]:
    return [window for window in cut_windows(starter_pieces()[:4]) if len(window.events) <= 48]


@pytest.fixture(autouse=True)
def _judged_by_four(monkeypatch: pytest.MonkeyPatch) -> None:
    judge_by(monkeypatch, "model.training.train", 4, 48)


def batches(windows: list[Window], settings: TrainSettings) -> TrainingBatches:
    return TrainingBatches(
        windows,
        batches=settings.train_steps,
        events_a_batch=settings.events_a_batch,
        seed=settings.seed,
        source_weights=settings.source_weights,
    )


def leaves(network: Network) -> list[np.ndarray]:
    return [np.asarray(leaf) for leaf in jax.tree.leaves(nnx.state(network, nnx.Param))]


def test_the_loss_falls_and_a_stopped_run_ends_as_an_undisturbed_one(windows: list[Window], tmp_path: Path) -> None:
    reports: list[Report] = []
    hearing = replace(SETTINGS, network=HEARING, train_steps=30)
    start, held_out = drawn(Network, HEARING), windows[:4]
    whole = train(windows, held_out, hearing, tmp_path / "whole", start_from=start, on_report=reports.append)
    assert whole.train_steps == 30
    assert math.isfinite(whole.held_out_nats)
    assert reports[-1].train_nats < reports[0].train_nats
    stopped = train(windows, held_out, hearing, tmp_path / "halves", start_from=start, until=0)
    assert 0 < stopped.train_steps < 30
    resumed = train(windows, held_out, hearing, tmp_path / "halves", start_from=start)
    assert resumed.train_steps == 30
    for a, b in zip(leaves(whole.network), leaves(resumed.network), strict=True):
        np.testing.assert_array_equal(a, b)
    for other, words in (
        ({"settings": replace(hearing, seed=1, train_steps=60)}, "--steps 30, not 60; --seed 0, not 1"),
        (
            {"windows": windows[1:], "settings": replace(hearing, source_weights={"starter": 0.5})},
            r"holds another run \(other music to learn from\)",
        ),
        ({"settings": replace(hearing, source_weights={"starter": 0.5})}, r"\(settings of another version\)"),
        ({"start_from": whole.network}, "another --from"),
    ):
        again = {"windows": windows, "held_out": held_out, "settings": hearing, "folder": tmp_path / "halves"}
        with pytest.raises(UserError, match=words):
            train(**{**again, "start_from": start, **other})  # type: ignore[arg-type]


def test_a_loss_that_is_no_number_stops_the_run_and_the_best_before_it_is_kept(
    windows: list[Window], tmp_path: Path
) -> None:
    """A window with a tempo that is no number is drawn after the first checkpoint; what it breaks is never kept."""
    bad = replace(windows[0], source="bad", tempo=np.full_like(windows[0].tempo, np.nan))
    settings = replace(SETTINGS, source_weights={"bad": 2.0})
    all_windows = [*windows, bad]
    first = next(
        number for number, batch in enumerate(batches(all_windows, settings)) if np.isnan(batch["tempo"]).any()
    )
    assert 25 <= first < 50, "choose another weight"
    kept, start = 25, drawn(Network, SMALL)
    for _ in range(2):
        with pytest.raises(
            UserError, match=rf"broke down at step {first + 1} .*until step {kept} is kept.*lower --rate"
        ):
            train(all_windows, windows[:4], settings, tmp_path, start_from=start)
    lower = replace(settings, learning_rate=1e-4)
    stopped = train(all_windows, windows[:4], lower, tmp_path, start_from=start, until=0)
    assert stopped.train_steps == kept + 1
    assert all(np.isfinite(leaf).all() for leaf in leaves(stopped.network))


def test_the_weights_of_the_lowest_held_out_loss_are_kept(windows: list[Window], tmp_path: Path) -> None:
    """Of a single window what is learned is that window: other music gets worse from the first look on."""
    reports: list[Report] = []
    settings = replace(SETTINGS, learning_rate=0.03, average=0.5)
    start = drawn(Network, SMALL, scale=0.1)
    trained = train(windows[:1], windows[-4:], settings, tmp_path, start_from=start, on_report=reports.append)
    judged = {report.train_step: report.held_out_nats for report in reports}
    assert trained.best_step == min(judged, key=lambda step: judged[step] or math.inf) == 25
    assert trained.held_out_nats == judged[trained.best_step]
    record = read_record(tmp_path)
    assert record is not None
    assert not record.finished


def test_a_run_begins_with_the_weights_that_it_is_given_and_leaves_them_as_they_are(
    windows: list[Window], tmp_path: Path
) -> None:
    network = drawn(Network, SMALL, 9)
    before = leaves(network)
    settings = replace(SETTINGS, train_steps=1, learning_rate=0.0)
    trained = train(windows, [], settings, tmp_path / "still", start_from=network)
    for a, b in zip(leaves(trained.network), before, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)
    train(windows, [], SETTINGS, tmp_path / "moving", start_from=network, until=0)
    for a, b in zip(leaves(network), before, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_run_of_another_layout_of_the_network_is_not_gone_on_with(windows: list[Window], tmp_path: Path) -> None:
    start = drawn(Network, SMALL)
    train(windows, [], SETTINGS, tmp_path, start_from=start, until=0)
    record = read_record(tmp_path)
    assert record is not None
    (tmp_path / RECORD).write_bytes(msgspec.json.encode(replace(record, layout="")))
    with pytest.raises(UserError, match=r"holds another run \(settings of another version\)"):
        train(windows, [], SETTINGS, tmp_path, start_from=start)


def test_nothing_to_learn_from_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nothing to learn from"):
        train([], [], SETTINGS, tmp_path)


@pytest.mark.parametrize(
    ("nats", "best", "better"),
    [
        (1.0, math.inf, True),
        (1.0, 2.0, True),
        (2.0, 2.0, False),
        (math.nan, math.inf, False),
        (math.nan, 2.0, False),
        (math.inf, math.inf, False),
        (2.0, math.nan, True),
    ],
)
def test_a_loss_that_is_no_number_never_drops_the_best(nats: float, best: float, better: bool) -> None:
    assert is_better(nats, best) is better


def test_a_machine_that_learns_from_other_music_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    record = RunRecord(SETTINGS, "music")
    _see_that_all_train_the_same(record)
    monkeypatch.setattr(data_parallel, "from_first", lambda digest: digest[::-1])
    with pytest.raises(UserError, match="a machine has other music or begins with other weights than the first"):
        _see_that_all_train_the_same(record)
