"""Tables of variety as a terminal shows them."""

import io

import pytest
from rich.console import Console

from corpus.starter.variety import PartVariety, Spread
from corpus.starter.variety_report import spread_table, variety_table
from song.parts import Part


def shown(table):
    """The table as text, a list of its cells a row."""
    page = io.StringIO()
    Console(file=page, width=140, color_system=None).print(table)
    rows = [line for line in page.getvalue().splitlines() if line.startswith(("┃", "│"))]
    return [[cell.strip() for cell in line.strip("┃│").replace("┃", "│").split("│")] for line in rows]


def test_bars_that_are_distinct_are_told_as_shares_and_nothing_of_nothing():
    found = {
        Part.DRUMS: PartVariety(110, (), 200, 150, 90, 0, 0),
        Part.BASS: PartVariety(3, (("one", "two"),), 8, 6, 2, 4, 3),
    }
    heading, drums, bass = shown(variety_table(found))
    assert heading == ["part", "phrases", "twins", "bars", "distinct", "rhythms", "wobbled bars", "wobbles"]
    assert drums == ["drums", "110", "0", "200", "75%", "45%", "0", ""]
    assert bass == ["bass", "3", "1", "8", "75%", "25%", "4", "75%"]


@pytest.mark.parametrize("heading", ["section kind", "style"])
def test_spreads_name_their_groups_onsets_pitches_and_the_commonest_rates(heading):
    rates = {"1/8": 0.5, "1/4": 0.25, "1/16": 0.125, "1/8T": 0.1, "1/1": 0.025}
    found = {
        (Part.DRUMS, "drop"): Spread(7, (1, 9.5, 16), (36, 51), {}),
        (Part.BASS, "drop"): Spread(2, (1, 4.0, 8), (31, 48), rates),
    }
    first, drums, bass = shown(spread_table(found, heading))
    assert first == [
        "part", heading, "phrases", "onsets: least, median, most", "pitches", "share of wobbled time",
    ]  # fmt: skip
    # A drum's pitch is no height.
    assert drums == ["drums", "drop", "7", "1, 9.5, 16", "", ""]
    assert bass == ["bass", "drop", "2", "1, 4, 8", "31-48", "1/8 50%, 1/4 25%, 1/16 12%, 1/8T 10%"]
