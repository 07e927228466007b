"""TOML as plans and settings have it: read, or refused in one line."""

import pytest

from song.errors import UserError
from song.toml_text import parse_toml


def test_a_table_is_read() -> None:
    assert parse_toml('a = 1\n[b]\nc = "d"') == {"a": 1, "b": {"c": "d"}}


def test_whole_numbers_end_where_those_of_toml_do() -> None:
    assert parse_toml("a = [0x7fffffffffffffff, -9223372036854775808]")["a"] == [2**63 - 1, -(2**63)]
    for text in ("a = 9223372036854775808", "a = [{ b = -9223372036854775809 }]", f"a = 0x{'f' * 6000}"):
        with pytest.raises(UserError, match="a whole number is too large"):
            parse_toml(text)


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 100_000, "a = " + "{a = " * 5_000, "a = " + "9" * 5_000, "a = 1 2"],
    ids=["lists", "tables", "digits", "nonsense"],
)  # fmt: skip
def test_what_is_none_is_one_line(text: str) -> None:
    with pytest.raises(UserError) as told:
        parse_toml(text)
    assert "\n" not in str(told.value)
