"""`dropsmith ablate`: its options, and errors of one line before anything is read or trained."""

import argparse
from pathlib import Path

import pytest

from model.commands.ablate import add_ablate
from model.commands.cli import main
from model.evaluation.ablation import VARIANTS, Study
from model.evaluation.results import load_results
from model.nn.devices import describe_machine
from tests.bass_lines import write_bass_lines


def test_the_defaults_are_a_small_budget_from_three_seeds() -> None:
    parser = add_ablate(argparse.ArgumentParser().add_subparsers())
    options = parser.parse_args(["music", "more", "--folder", "study", "--out", "chapter.json"])
    assert options.paths == [Path("music"), Path("more")]
    assert (options.steps, options.events, options.hidden, options.seeds) == (800, 8192, 256, 3)
    assert options.only is None
    twice = ["--only", "plain LSTM", "--only", "whole network"]
    assert parser.parse_args(["music", "--folder", "f", "--out", "o", *twice]).only == ["plain LSTM", "whole network"]


def test_a_network_that_is_not_known_is_told_with_those_that_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "study"
    words = ["ablate", str(tmp_path), "--folder", str(folder), "--out", str(tmp_path / "chapter.json")]
    assert main([*words, "--only", "whole network", "--only", "GRU"]) == 2
    error = capsys.readouterr().err
    assert "--only GRU: the networks are" in error
    assert all(variant.name in error for variant in VARIANTS)
    assert error.count("\n") == 1
    assert not folder.exists()


def test_music_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--folder", str(tmp_path / "study"), "--out", str(tmp_path / "chapter.json")]
    assert main(["ablate", str(tmp_path / "none"), *words]) == 2
    assert "there is no file or folder" in capsys.readouterr().err


def test_a_chapter_that_comes_to_stand_there_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chapter = tmp_path / "chapter.json"

    def meanwhile(*_: object) -> Study:
        chapter.write_text("{}")
        return Study(1, 1, 1)

    monkeypatch.setattr("model.evaluation.ablation.run_study", meanwhile)
    write_bass_lines(tmp_path / "midi", bars=2)
    words = ["--folder", str(tmp_path / "study"), "--out", str(chapter)]
    assert main(["ablate", str(tmp_path / "midi"), *words]) == 0
    assert "chapter-2.json: 0 networks" in capsys.readouterr().err
    assert chapter.read_text() == "{}"
    assert load_results(tmp_path / "chapter-2.json").machine == describe_machine()


@pytest.mark.parametrize("option", ["--steps", "--events", "--hidden", "--seeds"])
def test_a_budget_of_nothing_is_refused(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["ablate", "music", "--folder", "f", "--out", "o", option, "0"])
    assert end.value.code == 2
    assert "0 is not 1 or more" in capsys.readouterr().err
