"""The layout that the arrangement and the grid share."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.timeline import LEAST_WIDTH, columns


def test_sections_lie_to_scale() -> None:
    placed = columns([8, 8, 16, 8], 81, 0)
    assert [column.width for column in placed] == [16, 16, 32, 16]
    assert [column.x for column in placed] == [0, 16, 32, 64]


def test_short_sections_stay_readable() -> None:
    placed = columns([1, 64], 61, 0)
    assert [column.width for column in placed] == [LEAST_WIDTH, 60 - LEAST_WIDTH]


def test_where_sections_do_not_fit_the_selected_one_is_seen() -> None:
    bars = [8] * 100
    for selected in (0, 1, 50, 98, 99):
        shown = [column.section for column in columns(bars, 73, selected)]
        assert len(shown) == 72 // LEAST_WIDTH
        assert selected in shown


@given(
    st.lists(st.integers(1, 128), min_size=1, max_size=60),
    st.integers(2, 300),
    st.integers(0, 59),
    st.integers(0, 10),
)
def test_columns_adjoin_and_fill_the_width(bars: list[int], width: int, selected: int, left: int) -> None:
    selected = min(selected, len(bars) - 1)
    placed = columns(bars, width, selected, left)
    assert placed[0].x == left
    assert selected in [column.section for column in placed]
    for column, following in pairwise(placed):
        assert following.x == column.x + column.width
        assert following.section == column.section + 1
    assert placed[-1].x + placed[-1].width == left + width - 1
    if width - 1 >= LEAST_WIDTH:
        assert min(column.width for column in placed) >= LEAST_WIDTH


def test_a_width_of_nothing_does_no_harm() -> None:
    with pytest.raises(IndexError):
        columns([], 2, 0)[0]
    assert columns([4], 2, 0)[0].width == 1
