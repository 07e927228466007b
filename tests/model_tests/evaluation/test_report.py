"""The report: every figure under its chapter, every command named, and what is missing."""

from pathlib import Path

from model.evaluation.report import CHAPTERS, gather_results, report_markdown, results_folder
from model.evaluation.results import save_results
from model.nn.devices import describe_machine
from tests.model_tests.sample_results import RESULTS
from tests.places import ROOT


def test_the_report_shows_each_table_under_its_chapter_with_its_command(tmp_path: Path) -> None:
    folder = results_folder(tmp_path / "EVALUATION.md")
    folder.mkdir()
    save_results(folder / "control.json", RESULTS)
    text = report_markdown(gather_results(folder))
    chapter = text.split(f"## {CHAPTERS['control'][0]}\n")[1].split("\n## ")[0]
    told = f"Measured by `dropsmith evaluate --seed 3`, weights `0123456789abcdef`, on {describe_machine()}.\n"
    assert told in chapter
    assert "| drums | 1,200 | 0.035 |\n| bass | 5 | – |" in chapter
    assert "| lead | 0.5 |" in chapter
    assert chapter.index("One paragraph.") < chapter.index("Another.") < chapter.index("A note.")


def test_a_chapter_whose_results_name_no_machine_names_none() -> None:
    assert "`dropsmith evaluate --seed 3`, weights `0123456789abcdef`.\n" in report_markdown({"control": RESULTS})


def test_a_chapter_without_results_is_named_with_what_makes_it() -> None:
    text = report_markdown({"control": RESULTS})
    missing = text.split("## Not measured yet")[1]
    assert all(
        (heading in missing and command in missing) == (name != "control")
        for name, (heading, command) in CHAPTERS.items()
    )


def test_the_page_in_the_repository_is_made_of_the_results_beside_it() -> None:
    page = ROOT / "docs" / "EVALUATION.md"
    assert page.read_text() == report_markdown(gather_results(results_folder(page)))
