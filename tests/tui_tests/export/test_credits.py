"""Credits for the music that the shipped weights learned from."""

from tests.places import ROOT
from tui.export.credits import training_credits


def test_every_source_of_the_card_has_a_line() -> None:
    card = (ROOT / "model" / "weights" / "ATTRIBUTION.md").read_text()
    rows = [line for line in card.splitlines() if line.startswith("|")][2:]
    lines = training_credits()
    assert len(lines) == len(rows) > 5
    assert lines[0] == "Starter set, `corpus/starter/`: the Dropsmith authors (CC0 1.0)"
