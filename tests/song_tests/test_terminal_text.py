"""Text for terminals: what would move a cursor, hide or turn round is marked; and nobody prints past it."""

import ast
import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from song.terminal_text import MARK, inert, inert_lines, say, say_error
from tests.hostile_text import HOSTILE
from tests.places import ROOT


def test_what_would_move_a_cursor_hide_or_turn_round_is_marked() -> None:
    assert inert("a\x1b[2Jb\nc\u202ed é 夜 🎛️") == f"a{MARK}[2Jb{MARK}c{MARK}d é 夜 🎛️"
    assert inert(HOSTILE).replace(MARK, "") == "a[2Jb]0;titlecdefghijk"
    assert inert("n\udce4chte") == f"n{MARK}chte"


@given(st.text(st.characters()))
def test_what_is_shown_is_printable_as_long_and_stays_so(text: str) -> None:
    shown = inert(text)
    assert shown.isprintable()
    assert len(shown) == len(text)
    assert inert(shown) == shown
    assert inert_lines(text).split("\n") == [inert(line) for line in text.split("\n")]


def test_lines_are_said_in_ascii_where_the_output_knows_no_more() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    say("Nächte\n\x1b", out)
    assert out.buffer.getvalue() == b"N?chte\n?\n"  # type: ignore[attr-defined]


def test_an_error_is_one_line_whatever_stands_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    say_error(ValueError(HOSTILE))
    assert capsys.readouterr().err == f"dropsmith: {inert(HOSTILE)}\n"


def test_nobody_prints_but_through_this() -> None:
    printing = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in ("song", "corpus", "model", "tui", "sound")
        for path in (ROOT / room).rglob("*.py")
        if path.name != "terminal_text.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert printing == []
    assert "print" in (ROOT / "song" / "terminal_text.py").read_text()


def test_standard_output_is_the_one_of_the_moment(capsys: pytest.CaptureFixture[str]) -> None:
    say("hello")
    assert capsys.readouterr().out == "hello\n"
    say("trouble", sys.stderr)
    assert capsys.readouterr().err == "trouble\n"
