"""A run of the benchmark: it learns, and its figures come again from a seed."""

from collections.abc import Mapping

import msgspec

from model.benchmark.data import Frames
from model.benchmark.network import PolyphonyConfig
from model.benchmark.train import PolyphonyReport, PolyphonySettings, run_benchmark
from tests.model_tests.benchmark_pieces import LAGS, scales


def test_training_learns_and_the_same_seed_gives_the_same_figures() -> None:
    pieces: Mapping[str, list[Frames]] = {"train": scales(6, 9), "validation": scales(3, 9), "test": scales(3, 9)}
    settings = PolyphonySettings(
        PolyphonyConfig(keys=9, lags=LAGS, hidden=16, head=16, seen=4),
        train_steps=60, judge_every=30, windows=4, length=16, places=3, widest=1, learning_rate=1e-2, average=0.9,
    )  # fmt: skip
    reports: list[PolyphonyReport] = []
    first, again = run_benchmark(pieces, settings, on_report=reports.append), run_benchmark(pieces, settings)
    assert msgspec.structs.replace(first, minutes=0) == msgspec.structs.replace(again, minutes=0)
    # Three tunes on one held note cost log 3 to tell apart once, and nothing thereafter.
    assert first.test < 0.5 < reports[0].train_nats
    assert first.test_mixed < 1
    assert (first.frames, first.best_step) == (3 * 23, 60)
