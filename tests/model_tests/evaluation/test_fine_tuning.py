"""The demonstration of fine-tuning runs the real command on a real folder, and judges by what was not in it."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.pieces import Piece
from corpus.readers.music21_works import list_works
from model.evaluation.fine_tuning import STYLE, tune
from model.training.batches import padded_length
from model.training.dataset import separate_windows
from model.training.windows import Window
from tests.model_tests.small_batches import judge_by
from tests.model_tests.starter_set import starter_pieces

OPTIONS = ("--no-starter", "--steps", "1", "--rate", "1", "--events", "400")
SHORT_WORKS = ("3.15", "3.17", "3.19")
LENGTH = 96


def _short_works(of: str) -> list[str]:
    return [work for work in list_works(of) if work.endswith(SHORT_WORKS)]


def _windows_of_one_length(pieces: Sequence[Piece]) -> list[Window]:
    """Those of one length alone, so that little is compiled."""
    return [window for window in separate_windows(pieces) if padded_length(len(window.events)) == LENGTH]


def test_a_folder_of_a_style_is_trained_on_and_others_are_judged(
    tiny_weights_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XLA_FLAGS", f"{os.environ['XLA_FLAGS']} --xla_force_host_platform_device_count=1")
    monkeypatch.setattr("model.evaluation.fine_tuning.list_works", _short_works)
    monkeypatch.setattr("model.evaluation.fine_tuning.separate_windows", _windows_of_one_length)
    judge_by(monkeypatch, "model.evaluation.likelihood", 8, LENGTH)
    words, rows, minutes = tune(tiny_weights_path, starter_pieces()[:1], 2, 1, OPTIONS)
    assert words[:3] == ("train", "style", "--from")
    assert minutes > 0
    assert {music for music, *_ in rows} == {STYLE, "starter"}
    judged = {(music, part): (notes, before, after) for music, part, notes, before, after, _ in rows}
    notes, before, after = judged[STYLE, "all"]
    assert isinstance(notes, int)
    assert notes > 100
    assert before != after
    for _, _, _, first, last, change in rows:
        assert change == pytest.approx(last - first)
