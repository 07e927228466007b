"""Results survive the disk, and the report holds every figure, names every command and says what is missing."""

import json
from pathlib import Path

import pytest

from corpus.starter.pieces import starter_pieces
from model.commands.cli import main
from model.evaluation.measurements import Measurements, Sizes, measure_distribution
from model.evaluation.report import CHAPTERS, gather_results, report_markdown, results_folder
from model.evaluation.results import Results, Table, load_results, save_results, shown
from song.errors import UserError
from song.parts import Part

RESULTS = Results(
    command="dropsmith evaluate --seed 3",
    weights="0123456789abcdef",
    text=("One paragraph.", "Another."),
    tables=(
        Table("Cells", ("part", "cells", "error"), (("drums", 1200, 0.03456), ("bass", 5, None)), note="A note."),
        Table("Shares", ("part", "share"), (("lead", 0.5),), digits=1),
    ),
)


def test_results_survive_the_disk_rounded(tmp_path: Path) -> None:
    save_results(tmp_path / "control.json", RESULTS)
    again = load_results(tmp_path / "control.json")
    assert again.tables[0].rows == (("drums", 1200, 0.0346), ("bass", 5, None))
    assert again.text == RESULTS.text


def test_damaged_results_are_told(tmp_path: Path) -> None:
    (tmp_path / "control.json").write_text('{"command": 3}')
    with pytest.raises(UserError, match=r"control\.json.*measure it anew"):
        load_results(tmp_path / "control.json")


def test_the_report_shows_each_table_under_its_chapter_with_its_command(tmp_path: Path) -> None:
    folder = results_folder(tmp_path / "EVALUATION.md")
    folder.mkdir()
    save_results(folder / "control.json", RESULTS)
    text = report_markdown(gather_results(folder))
    chapter = text.split(f"## {CHAPTERS['control'][0]}\n")[1].split("\n## ")[0]
    assert "`dropsmith evaluate --seed 3`, weights `0123456789abcdef`" in chapter
    assert "| drums | 1,200 | 0.035 |\n| bass | 5 | – |" in chapter
    assert "| lead | 0.5 |" in chapter
    assert chapter.index("One paragraph.") < chapter.index("Another.") < chapter.index("A note.")


def test_a_chapter_without_results_is_named_with_what_makes_it() -> None:
    text = report_markdown({"control": RESULTS})
    missing = text.split("## Not measured yet")[1]
    assert all(
        (heading in missing and command in missing) == (name != "control")
        for name, (heading, command) in CHAPTERS.items()
    )


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (float("nan"), "–"), ("x", "x"), (12345, "12,345"), (1.25, "1.2"), (0.0, "0.0")]
)
def test_values_as_shown(value: str | int | float | None, text: str) -> None:
    assert shown(value, 1) == text


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
    assert main(["evaluate", "--report", str(report), "--measure", "none"]) == 0
    assert text.split("## Whether it does")[1].split("\n## ")[0] in report.read_text()
    assert f"## {CHAPTERS['speed'][0]}" not in report.read_text()


def test_a_benchmark_that_was_run_is_a_chapter_beside_what_was_published(tmp_path: Path) -> None:
    result = {
        "validation": 4.51, "test": 4.42, "validation_mixed": 4.33, "test_mixed": 4.24, "frames": 1234, "best_step": 9,
        "train_steps": 10, "seed": 3, "parameters": 5678, "minutes": 1.6, "curve": [1.0],
    }  # fmt: skip
    report = {"benchmark": "jsb", "result": result, "settings": {}, "published": {"LSTM": {"jsb": 8.45}}}
    (tmp_path / "jsb.json").write_text(json.dumps(report))
    chapter = report_markdown(gather_results(tmp_path)).split(f"## {CHAPTERS['benchmark'][0]}\n")[1].split("\n## ")[0]
    assert (
        "`dropsmith evaluate polyphony --benchmark jsb --steps 10 --seed 3 --json docs/evaluation/jsb.json`" in chapter
    )
    assert "| ours | 4.510 | 4.420 |" in chapter
    assert "| LSTM (published) | – | 8.450 |" in chapter
    assert "1,234 test frames" in chapter


def test_a_measurement_that_is_not_known_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--report", str(tmp_path / "E.md"), "--measure", "beauty"]) == 2
    assert '"beauty" is not known: use likelihood, control' in capsys.readouterr().err


def test_the_chapter_on_distribution_has_every_part(tiny_weights_path: Path) -> None:
    judge = Measurements(tiny_weights_path, starter_pieces(), Sizes.small(5), 0)
    results = measure_distribution(judge, lambda what, done, total: None)
    classifier, means, *distances = results.tables
    assert [row[0] for row in classifier.rows] == [part.value for part in Part]
    assert means.rows[0][1] == pytest.approx(means.rows[0][2], rel=0.15)
    assert {table.title for table in distances} == {f"Distances: {part.value}" for part in Part}
    assert results.weights == judge.weights.digest
    assert "5 of starter" in results.text[0]


def test_the_page_in_the_repository_is_made_of_the_results_beside_it() -> None:
    page = Path(__file__).parents[2] / "docs" / "EVALUATION.md"
    assert page.read_text() == report_markdown(gather_results(results_folder(page)))
