"""The demonstration of fine-tuning runs the real command on a real folder, and judges by what was not in it."""

import os
from pathlib import Path

import pytest

from model.evaluation.fine_tuning import STYLE, tune
from tests.model_tests.starter_set import starter_pieces

OPTIONS = ("--no-starter", "--steps", "1", "--rate", "1", "--events", "400")


def test_a_folder_of_a_style_is_trained_on_and_others_are_judged(
    tiny_weights_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XLA_FLAGS", f"{os.environ['XLA_FLAGS']} --xla_force_host_platform_device_count=1")
    words, rows, minutes = tune(tiny_weights_path, starter_pieces()[:2], 3, 1, OPTIONS)
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
