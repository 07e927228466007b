"""The error that a user reads: one line, wherever it was raised."""

import pytest

from song.errors import UserError


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
