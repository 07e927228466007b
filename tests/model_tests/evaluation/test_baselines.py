"""Baselines on the disk: they come back as they were, and damage is told."""

from pathlib import Path

import pytest

from model.evaluation.baselines import fit_baselines, load_baselines, save_baselines
from song.errors import UserError
from song.parts import Part
from tests.model_tests.loops import loops


def test_baselines_survive_being_saved(tmp_path: Path) -> None:
    learned, heldout = loops(20, 4, seed=1), loops(5, 4, seed=2)
    models = fit_baselines(learned)
    save_baselines(tmp_path / "b.safetensors", models)
    again = load_baselines(tmp_path / "b.safetensors")
    assert again.keys() == {Part.LEAD}
    assert again[Part.LEAD].ngram.nats(heldout, 5) == models[Part.LEAD].ngram.nats(heldout, 5)
    assert again[Part.LEAD].nats(heldout) == pytest.approx(models[Part.LEAD].nats(heldout))


def test_damaged_baselines_are_told(tmp_path: Path) -> None:
    (tmp_path / "b.safetensors").write_bytes(b"nothing")
    with pytest.raises(UserError, match="cannot read the baselines"):
        load_baselines(tmp_path / "b.safetensors")
