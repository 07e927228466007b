"""Widths in columns: however text is put together and cut, its parts are as wide as the whole."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tests.tui_tests.example_songs import NAMES_OF_SEVERAL_CODE_POINTS
from tui.widgets.canvas import Row
from tui.widgets.cells import cells, drawn, wrapped

LETTERS = st.sampled_from("".join(NAMES_OF_SEVERAL_CODE_POINTS) + "\u200d\ufe0f\u0301\u0308 ab1\u4e16")
NAMES = st.text(LETTERS, max_size=12) | st.text(max_size=8)


@settings(max_examples=60)
@given(names=st.lists(NAMES, max_size=4), width=st.integers(0, 40))
def test_a_row_is_as_wide_as_its_names_wherever_it_is_cut(names: list[str], width: int) -> None:
    row = Row()
    for name in names:
        row.add(name)
    row.pad(width)
    strip = Strip([Segment(text) for text, _ in row.pieces])
    assert row.width == strip.cell_length == strip.simplify().cell_length == len(cells(strip.text))
    assert cell_len(strip.text) == row.width
    for cut in range(row.width):
        left, right = strip.simplify().divide([cut, row.width])
        assert (cell_len(left.text), cell_len(right.text)) == (cut, row.width - cut)


@settings(max_examples=60)
@given(name=NAMES, width=st.integers(2, 20))
def test_a_name_is_broken_into_lines_of_a_width(name: str, width: int) -> None:
    lines = wrapped(name, width, 3)
    assert len(lines) <= 3
    assert all(0 <= cell_len(line) <= width for line in lines)
    assert "".join(wrapped(name, width, 99)) == drawn(name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ab", [("a", 0), ("b", 0)]),
        ("\u4e16\u0301b", [("\u4e16\u0301", 0), ("\u4e16\u0301", 1), ("b", 0)]),
        ("1\u20e3", [("1\u20e3", 0)]),
        ("", []),
    ],
)
def test_a_column_has_a_character_with_its_accents(text: str, expected: list[tuple[str, int]]) -> None:
    assert list(cells(text)) == expected
