"""Widths in columns: names of wide, combining and joined characters are as wide as a terminal draws them."""

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from song.text_width import drawn, fitted, padded, tabulate, width_of
from tests.hostile_text import HOSTILE

ROCKET, HEART, KEYCAP = "\U0001f469\u200d\U0001f680", "\u2764\ufe0f", "1\ufe0f\u20e3"
NAMES = st.text(st.sampled_from(ROCKET + HEART + KEYCAP + "\u0301\u0308 ab\u4e16\u97f3"), max_size=12) | st.text(
    max_size=8
)


@settings(max_examples=60)
@given(name=NAMES, width=st.integers(0, 20))
def test_a_name_is_cut_and_filled_up_to_a_width(name: str, width: int) -> None:
    assert cell_len(fitted(name, width)) == width
    assert cell_len(padded(name, width)) == max(width, width_of(name))


def test_what_joins_characters_into_one_is_not_drawn() -> None:
    assert drawn(f"{ROCKET} {HEART}") == "\U0001f469\U0001f680 \u2764"
    assert width_of(KEYCAP) == 1


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert tabulate(("name", "n"), [("a", "100"), ("longer", "1")]) == ["name    n", "a       100", "longer  1"]


@settings(max_examples=60)
@given(names=st.lists(NAMES, min_size=1, max_size=4))
def test_a_second_column_begins_below_its_heading_whatever_stands_before(names: list[str]) -> None:
    lines = tabulate(("name", "n"), [(name, "=") for name in [*names, HOSTILE]])
    assert {cell_len(line[:-1]) for line in lines} == {cell_len(lines[0]) - 1}
