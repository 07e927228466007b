"""`dropsmith evaluate --report`: chapters measured by name, and the page made of all results that there are."""

import argparse
import sys
from pathlib import Path

import pytest

from model.commands.cli import main
from model.commands.report import _command
from model.evaluation.measurements import MEASUREMENTS
from model.evaluation.report import CHAPTERS, results_folder
from model.evaluation.results import Results, load_results, save_results
from tests.model_tests.sample_results import RESULTS


def test_the_command_measures_what_is_named_and_makes_the_page_of_all_there_is(
    tiny_weights_path: Path, tmp_path: Path
) -> None:
    report = tmp_path / "EVALUATION.md"
    results_folder(report).mkdir()
    save_results(results_folder(report) / "speed.json", RESULTS)
    words = ["--weights", str(tiny_weights_path), "--report", str(report), "--measure", "control", "--songs", "1"]
    assert main(["evaluate", str(tmp_path), *words]) == 0
    text = report.read_text()
    assert f"## {CHAPTERS['speed'][0]}" in text
    assert "| all | 20 |" in text
    assert str(tmp_path) not in text
    (results_folder(report) / "speed.json").unlink()
    assert main(["evaluate", "--report", str(report), "--measure", "none", "--force"]) == 0
    assert text.split("## Whether it does")[1].split("\n## ")[0] in report.read_text()
    assert f"## {CHAPTERS['speed'][0]}" not in report.read_text()


def test_what_comes_to_stand_there_while_it_measures_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    report, folder = tmp_path / "E.md", tmp_path / "e"

    def meanwhile(*_: object) -> Results:
        report.write_text("# Mine")
        (folder / "control.json").write_text("{}")
        return RESULTS

    monkeypatch.setitem(MEASUREMENTS, "control", meanwhile)
    monkeypatch.setattr("model.commands.report.gather_results", lambda folder: {})
    assert main(["evaluate", str(tmp_path), "--report", str(report), "--measure", "control"]) == 0
    told = capsys.readouterr().err
    assert told.count("is written in its place") == 2
    assert told.endswith("E-2.md: 0 chapters\n")
    assert (report.read_text(), (folder / "control.json").read_text()) == ("# Mine", "{}")
    assert load_results(folder / "control-2.json").tables[0].rows[0][0] == "drums"
    assert (tmp_path / "E-2.md").read_text().startswith("# How good")


def test_a_measurement_that_is_not_known_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--report", str(tmp_path / "E.md"), "--measure", "beauty"]) == 2
    assert '"beauty" is not known: use likelihood, control' in capsys.readouterr().err


def test_a_library_that_is_missing_is_told_before_anything_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    assert main(["evaluate", "--report", str(tmp_path / "E.md"), "--measure", "control,mirrored"]) == 2
    told = capsys.readouterr().err
    assert "needs scikit-learn" in told
    assert told.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_the_command_of_a_chapter_names_no_folder_of_the_machine(tmp_path: Path) -> None:
    plain = argparse.Namespace(paths=[], weights=None, songs=None, seed=0, report=Path("docs/EVALUATION.md"))
    assert _command(plain, "control") == "dropsmith evaluate --report docs/EVALUATION.md --measure control"
    full = argparse.Namespace(
        paths=[tmp_path / "folk"], weights=tmp_path / "own.safetensors", songs=5, seed=3, report=tmp_path / "E.md"
    )
    wanted = "dropsmith evaluate folk --weights own.safetensors --songs 5 --seed 3 --report E.md --measure asking"
    assert _command(full, "asking") == wanted
