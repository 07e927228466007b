"""The app in a pseudo-terminal, as a shell starts it: what it writes there, NO_COLOR, ASCII, and its last words."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from song.store import load_song
from tests.tui_tests.driving import engine_command
from tui.glyphs import ASCII, UNICODE, terminal_glyphs

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
from pathlib import Path
from tui.app import run
path = Path(sys.argv[1]) if sys.argv[1] else None
sys.exit(run(path, engine_command=tuple(sys.argv[2:])))
"""
COLOUR = re.compile(rb"\x1b\[(?:[\d;]*;)?(?:3[0-7]|4[0-7]|9[0-7]|10[0-7]|38;|48;)[\d;]*m")
_PATIENCE_SECONDS = 30


class Terminal:
    """A process on a pseudo-terminal of 80 by 24."""

    def __init__(self, path: str, *flags: str, **environment: str) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, path, *engine_command(*flags)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **environment},
            start_new_session=True,
        )
        os.close(slave)
        self.output = b""

    def read_until(self, text: str) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while text.encode() not in self.output:
            assert time.monotonic() < deadline, f"no {text!r} in {self.output[-2000:]!r}"
            self._read(0.5)

    def send(self, keys: bytes) -> None:
        os.write(self.master, keys)

    def finish(self) -> str:
        """Wait for the end; returns what was written since the terminal was given back."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self._read(0.1) or self.process.poll() is None:
            assert time.monotonic() < deadline, "the app does not end"
        os.close(self.master)
        return self.output.rpartition(b"\x1b[?1049l")[2].decode()

    def _read(self, timeout: float) -> bool:
        ready, _, _ = select.select([self.master], [], [], timeout)
        if not ready:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.output += data
        return bool(data)


def test_a_session_from_start_to_last_words(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    terminal = Terminal(str(path))
    terminal.read_until("engine ready")
    terminal.send(b"A")
    terminal.read_until("press e to export")
    terminal.send(b"e")
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


@pytest.mark.parametrize(
    ("encoding", "terminal", "expected"),
    [
        ("UTF-8", "xterm-256color", UNICODE),
        ("utf8", "screen", UNICODE),
        ("ISO-8859-1", "xterm-256color", ASCII),
        ("ANSI_X3.4-1968", "xterm", ASCII),
        ("UTF-8", "linux", ASCII),
    ],
)
def test_glyphs_follow_the_locale_and_the_terminal(
    encoding: str, terminal: str, expected: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("locale.getencoding", lambda: encoding)
    monkeypatch.setenv("TERM", terminal)
    assert terminal_glyphs() is expected
