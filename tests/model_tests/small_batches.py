"""Small batches to judge by: the usual ones are almost all padding where windows are few."""

from functools import partial

import pytest

from model.training.batches import evaluation_batches


def judge_by(monkeypatch: pytest.MonkeyPatch, module: str, rows: int, length: int) -> None:
    """Let a module that judges windows of one length take so many of them at a time."""
    small = partial(evaluation_batches, events_a_batch=rows * length)
    monkeypatch.setattr(f"{module}.evaluation_batches", small)
