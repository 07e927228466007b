"""The terminal made small and large while the app works: it goes on, and shows in the end what it would have shown."""

import random
import signal
from pathlib import Path

from song.store import load_song
from tests.tui_tests.terminals import Terminal

SIZES = ((40, 12), (200, 60), (10, 4), (1, 1), (80, 24), (40, 12), (160, 50), (72, 20), (39, 11))


ESCAPE = b"\x1b[27u"
"""As terminals send it that tell it from the start of a sequence: the other way a key right after it would join it."""


def test_any_size_at_any_moment_breaks_nothing(tmp_path: Path) -> None:
    dice = random.Random(7)
    path = tmp_path / "night.drop"
    terminal = Terminal(str(path), "--bar-delay", "0.005")
    terminal.read_until("engine ready")
    screens = (b"A", b"?", ESCAPE, b"S", ESCAPE, b"\x10", ESCAPE, b"+", b"-", b"\x1b[C", b"\x1b[B", b".", b"f")
    for keys in screens * 3:
        terminal.send(keys)
        terminal.resize(*dice.choice(SIZES))
        terminal.read_while(lambda: terminal.read_some(0.03), "it paints for ever")
    terminal.resize(40, 12)
    terminal.send(ESCAPE)
    terminal.read_while(lambda: terminal.read_some(0.3), "it paints for ever")
    terminal.output = b""
    # One that it never had: however late it hears of the others, there is something to paint.
    terminal.resize(81, 24)
    terminal.read_until("Quit")
    terminal.send(b"s")
    terminal.read_until("saved night.drop")
    terminal.signal(signal.SIGTERM)
    terminal.finish()
    assert load_song(path).sections[0].cells.drums.takes
