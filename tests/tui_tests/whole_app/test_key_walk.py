"""Random keys, clicks and pastes as fast as a terminal hands them on, to the app in a pseudo-terminal.

    DROPSMITH_KEYS=20000 pytest tests/tui_tests/whole_app/test_key_walk.py

presses so many at each of three sizes, which takes minutes; without it a few hundred at one.
"""

import os
import random
import re
from pathlib import Path

import pytest

from song.store import save_song
from tests.tui_tests.driving import filled_song
from tests.tui_tests.terminals import Terminal

PRESSED = int(os.environ.get("DROPSMITH_KEYS", "0"))
SIZES = ((80, 24), (120, 40), (40, 12))
KEYS_A_WRITE = 40
LOOKS, LOOK_SECONDS = 4, 0.01
END = b"\x11"
DOWN, UP, ESCAPE = b"\x1b[B", b"\x1b[A", b"\x1b[27u"
OPENING = (b"\x10", b"\x14", b"?", b"T", b"o", b"I", b"S", b"R", b"i", b"\r", b"\x1bOP")
OTHERS = (
    b"\x1b[C",
    b"\x1b[D",
    UP,
    DOWN,
    b"\x1b[H",
    b"\x1b[F",
    b"\x1b[5~",
    b"\x1b[6~",
    b"\t",
    b"\x1b[Z",
    b"\x7f",
    b"\x03",
)
TYPED = [bytes([code]) for code in range(33, 127) if chr(code) not in "/~"]
"""No names of other folders: what is saved stays in the test's own."""


def some_keys(walk: random.Random, size: tuple[int, int]) -> list[bytes]:
    """A few keys that belong together, or one."""
    kind = walk.random()
    if kind < 0.12:
        return [walk.choice(OPENING), *walk.choices(TYPED, k=walk.randrange(4)), *walk.choices(OTHERS, k=1), b"\r"]
    if kind < 0.17:
        place = b"%d;%d" % (walk.randint(1, size[0]), walk.randint(1, size[1]))
        return [b"\x1b[<0;%sM\x1b[<0;%sm" % (place, place)] * walk.choice((1, 1, 2))
    if kind < 0.18:
        return [b"\x1b[200~%s\x1b[201~" % b"".join(walk.choices(TYPED, k=5))]
    if kind < 0.30:
        return [walk.choice((ESCAPE, b"\r", b" "))] * walk.choice((1, 2, 3))
    return [walk.choice(OTHERS if kind < 0.55 else TYPED)]


def is_new(terminal: Terminal) -> None:
    terminal.read_until("engine ")
    terminal.output = b""


def until_idle(terminal: Terminal) -> None:
    """Take what the app writes until it neither writes nor works at several looks."""
    quiet = 0
    while quiet < LOOKS and terminal.process.poll() is None:
        wrote = terminal.read_some(LOOK_SECONDS)
        state = Path(f"/proc/{terminal.process.pid}/stat").read_text().rpartition(")")[2].split()[0]
        quiet = quiet + 1 if state == "S" and not wrote else 0
    terminal.output = terminal.output[-200_000:]


@pytest.mark.parametrize("size", SIZES if PRESSED else SIZES[:1], ids=lambda size: f"{size[0]}x{size[1]}")
def test_no_keys_however_fast_bring_the_app_down(tmp_path: Path, size: tuple[int, int]) -> None:
    save_song(tmp_path / "walk.drop", filled_song())
    walk = random.Random(f"{size}")
    pressed, terminal, trace = 0, Terminal("walk.drop", size=size), b""
    is_new(terminal)
    while pressed < (PRESSED or 400):
        keys: list[bytes] = []
        while len(keys) < KEYS_A_WRITE:
            keys += some_keys(walk, size)
        trace = (trace + b"".join(keys))[-3000:]
        pressed += len(keys)
        terminal.send(b"".join(keys))
        # Bursts at a terminal's speed, and not ever more that waits.
        until_idle(terminal)
        if terminal.process.poll() is not None:
            # The palette knows how to quit too.
            assert terminal.process.returncode == 0, f"{told(terminal)}\nafter {pressed}: {trace!r}"
            terminal.finish()
            terminal = Terminal("walk.drop", size=size)
            is_new(terminal)
    terminal.send(END)
    terminal.finish()
    assert terminal.process.returncode == 0, f"{told(terminal)}\nafter {pressed}: {trace!r}"


def told(terminal: Terminal) -> str:
    return re.sub(r"\x1b\[[\d;]*m", "", terminal.output.decode(errors="replace"))[-6000:]


def test_a_name_that_a_stalled_line_brings_with_its_keys_is_the_one_that_is_saved(tmp_path: Path) -> None:
    save_song(tmp_path / "night.drop", filled_song())
    terminal = Terminal("night.drop")
    is_new(terminal)
    terminal.send(b"+Sother\rRDusk\r\x10lock cell\ri5\rq" + END)
    assert "saved other.drop" in terminal.finish()
    assert terminal.process.returncode == 0
    assert (tmp_path / "other.drop").exists()
