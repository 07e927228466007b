"""Results on the disk, and as Markdown."""

import json
from pathlib import Path

import msgspec
import pytest

from model.evaluation.results import load_results, save_results, shown
from model.nn.devices import describe_machine
from song.errors import UserError
from tests.model_tests.sample_results import RESULTS


def test_results_survive_the_disk_rounded(tmp_path: Path) -> None:
    save_results(tmp_path / "control.json", RESULTS)
    again = load_results(tmp_path / "control.json")
    assert again.tables[0].rows == (("drums", 1200, 0.0346), ("bass", 5, None))
    assert again.text == RESULTS.text
    assert again.machine == describe_machine()


def test_results_keep_the_machine_that_they_name_and_older_ones_name_none(tmp_path: Path) -> None:
    path = tmp_path / "control.json"
    save_results(path, msgspec.structs.replace(RESULTS, machine="a large one"))
    assert load_results(path).machine == "a large one"
    older = json.loads(path.read_bytes())
    del older["machine"]
    path.write_text(json.dumps(older))
    assert load_results(path).machine == ""


def test_damaged_results_are_told(tmp_path: Path) -> None:
    (tmp_path / "control.json").write_text('{"command": 3}')
    with pytest.raises(UserError, match=r"control\.json.*measure it anew"):
        load_results(tmp_path / "control.json")


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (float("nan"), "–"), ("x", "x"), (12345, "12,345"), (1.25, "1.2"), (0.0, "0.0")]
)
def test_values_as_shown(value: str | int | float | None, text: str) -> None:
    assert shown(value, 1) == text
