"""`--critic` of `dropsmith train` and `dropsmith evaluate`: errors of one line, and the command named by a chapter."""

import argparse
import shutil
from pathlib import Path

import pytest

from model.checkpoint import SHIPPED
from model.commands.cli import main
from model.commands.critic import _command
from model.critic.judge import critic_path


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """The shipped weights without their critic."""
    path = tmp_path / "own.safetensors"
    shutil.copy(SHIPPED, path)
    shutil.copy(SHIPPED.with_suffix(".json"), path.with_suffix(".json"))
    return path


def error_of(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(words) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    return error


def test_a_critic_is_of_weights_that_are_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "none.safetensors"
    assert "cannot read the weights" in error_of(["train", "--critic", "--out", str(out)], capsys)
    assert not critic_path(out).exists()


def test_a_critic_is_trained_on_files_that_are_there(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["train", str(tmp_path / "none"), "--critic", "--out", str(weights)]
    assert "there is no file or folder" in error_of(words, capsys)


def test_judging_needs_a_report_to_write_a_chapter_of(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--critic --report" in error_of(["evaluate", "--critic"], capsys)


def test_weights_without_a_critic_are_told_with_where_it_would_lie(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "EVALUATION.md"
    words = ["evaluate", "--critic", "--report", str(report), "--weights", str(weights)]
    assert f"there is no critic {critic_path(weights)}" in error_of(words, capsys)
    assert not report.exists()
    critic_path(weights).write_bytes(b"nothing of the kind")
    assert "is damaged" in error_of(words, capsys)


def test_the_command_of_a_chapter_names_no_folder_of_the_machine(tmp_path: Path) -> None:
    plain = argparse.Namespace(paths=[], weights=None, songs=None, seed=0, report=Path("docs/EVALUATION.md"))
    assert _command(plain) == "dropsmith evaluate --critic --report docs/EVALUATION.md"
    full = argparse.Namespace(
        paths=[tmp_path / "folk"], weights=tmp_path / "own.safetensors", songs=5, seed=3, report=tmp_path / "E.md"
    )
    wanted = "dropsmith evaluate --critic folk --weights own.safetensors --songs 5 --seed 3 --report E.md"
    assert _command(full) == wanted
