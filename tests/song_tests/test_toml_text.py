"""TOML as plans and settings have it: read, or refused in one line."""

import pytest

from song.errors import UserError
from song.toml_text import parse_toml


def test_a_table_is_read() -> None:
    assert parse_toml('a = 1\n[b]\nc = "d"') == {"a": 1, "b": {"c": "d"}}


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 100_000, "a = " + "{a = " * 5_000, "a = " + "9" * 5_000, "a = 1 2"],
    ids=["lists", "tables", "digits", "nonsense"],
)  # fmt: skip
def test_what_is_none_is_one_line(text: str) -> None:
    with pytest.raises(UserError) as told:
        parse_toml(text)
    assert "\n" not in str(told.value)
