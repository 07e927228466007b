"""The error that a user reads: one line, wherever it was raised."""

import pytest

from song.errors import UserError, in_one_line


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("cannot open a.drop", "cannot open a.drop"),
        ("cannot open\n  a.drop:\tno such file\n", "cannot open a.drop: no such file"),
        ("", ""),
    ],
)
def test_a_message_becomes_one_line(message: str, line: str) -> None:
    assert str(UserError(message)) == line


def test_any_error_is_told_in_one_short_line() -> None:
    assert in_one_line(UserError("do this")) == "do this"
    assert in_one_line(ValueError("a\n  b")) == "ValueError: a b"
    assert in_one_line(MemoryError()) == "MemoryError()"
    assert len(in_one_line(ValueError("x" * 10_000))) < 400


def test_of_a_line_too_long_to_be_read_the_beginning_and_the_end_are_left() -> None:
    line = str(UserError(f"a.toml: {'x' * 70_000}: unknown key: use bars"))
    assert line.startswith("a.toml: xxx")
    assert line.endswith("xxx: unknown key: use bars")
    assert len(line) < 1100
    assert str(UserError("x" * 1000)) == "x" * 1000
