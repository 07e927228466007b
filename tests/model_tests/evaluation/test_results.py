"""Results on the disk, and as Markdown."""

from pathlib import Path

import pytest

from model.evaluation.results import load_results, save_results, shown
from song.errors import UserError
from tests.model_tests.sample_results import RESULTS


def test_results_survive_the_disk_rounded(tmp_path: Path) -> None:
    save_results(tmp_path / "control.json", RESULTS)
    again = load_results(tmp_path / "control.json")
    assert again.tables[0].rows == (("drums", 1200, 0.0346), ("bass", 5, None))
    assert again.text == RESULTS.text


def test_damaged_results_are_told(tmp_path: Path) -> None:
    (tmp_path / "control.json").write_text('{"command": 3}')
    with pytest.raises(UserError, match=r"control\.json.*measure it anew"):
        load_results(tmp_path / "control.json")


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (float("nan"), "–"), ("x", "x"), (12345, "12,345"), (1.25, "1.2"), (0.0, "0.0")]
)
def test_values_as_shown(value: str | int | float | None, text: str) -> None:
    assert shown(value, 1) == text
