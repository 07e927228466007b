"""The app in a pseudo-terminal, as a shell starts it: what it writes there, NO_COLOR, ASCII, its last words."""

import re
from pathlib import Path

from song.store import load_song
from tests.tui_tests.terminals import Terminal

COLOUR = re.compile(rb"\x1b\[(?:[\d;]*;)?(?:3[0-7]|4[0-7]|9[0-7]|10[0-7]|38;|48;)[\d;]*m")


def test_a_session_from_start_to_last_words(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    terminal = Terminal(str(path))
    terminal.read_until("engine ready")
    terminal.send(b"A")
    terminal.read_until("press e to export")
    terminal.send(b"e")
    terminal.read_until("What an export writes")
    # In place of the offer to write everything.
    terminal.send(b"\x15midi\r")
    terminal.read_until("exported night.mid")
    terminal.send(b"\x11")
    assert "saved night.drop" in terminal.finish()
    assert terminal.process.returncode == 0
    assert (tmp_path / "night.mid").read_bytes()[:4] == b"MThd"
    assert all(cell is not None for section in load_song(path).sections for cell in [section.cells.drums.take])
    assert COLOUR.search(terminal.output)


def test_no_color_is_honoured() -> None:
    terminal = Terminal("", NO_COLOR="1", COLORTERM="truecolor")
    terminal.read_until("engine ready")
    terminal.send(b"F")
    terminal.read_until("take 1/1")
    terminal.send(b"\x11")
    terminal.finish()
    assert not COLOUR.search(terminal.output)


def test_a_terminal_without_unicode_gets_ascii() -> None:
    terminal = Terminal("", LC_ALL="C")
    terminal.read_until("engine ready")
    terminal.send(b"F")
    terminal.read_until("take 1/1")
    terminal.send(b"?")
    terminal.read_until("Glyphs" if b"Glyphs" in terminal.output else "Close")
    terminal.send(b"\x1b[B\x11")
    terminal.finish()
    assert terminal.output.isascii()
