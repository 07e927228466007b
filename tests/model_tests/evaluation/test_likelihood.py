"""Nats by window and by group of windows, and the notes that are scored."""

import pytest

from model.evaluation.ablation import BETWEEN
from model.evaluation.likelihood import score_windows
from model.network import Network, NetworkConfig
from model.training.batches import ALL_SHOWN, padded_length
from model.training.dataset import separate_windows
from tests.model_tests.drawn_networks import drawn
from tests.model_tests.small_batches import judge_by
from tests.model_tests.starter_set import starter_pieces

LENGTH = 48


def test_bars_that_are_shown_are_not_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    judge_by(monkeypatch, "model.evaluation.likelihood", 8, LENGTH)
    windows = [one for one in separate_windows(starter_pieces()[:5]) if padded_length(len(one.events)) == LENGTH]
    network = drawn(Network, NetworkConfig(hidden=8, layers=1, head=8, context_hidden=4))
    every, between = (score_windows(network, windows, shown) for shown in (ALL_SHOWN, BETWEEN))
    assert [every[id(window)][1] for window in windows] == [window.notes for window in windows]
    assert sum(notes for _, notes in between.values()) < sum(window.notes for window in windows) * 0.8
    assert all(0 <= between[id(window)][1] <= window.notes for window in windows)
    assert any(notes for _, notes in between.values())
