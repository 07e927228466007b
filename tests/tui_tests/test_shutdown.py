"""The app ended from outside: told by a signal, by a terminal that has gone, or by one that takes nothing any more."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from song.store import load_song
from tests.fault_injection import DEAF_TO_HANGUPS
from tests.tui_tests.driving import is_alive
from tests.tui_tests.terminals import Terminal
from tui.autosave import autosave_of
from tui.shutdown import GRACE_SECONDS, EndingWatch

_PATIENCE_SECONDS = 10


def bars_left(path: Path) -> int:
    """Bars of the first section in the work that the next start offers."""
    autosave = autosave_of(path)
    assert autosave is not None
    return load_song(autosave).sections[0].bars


def children(terminal: Terminal) -> list[int]:
    number = terminal.process.pid
    listed = Path(f"/proc/{number}/task/{number}/children")
    if not listed.exists():
        pytest.skip("needs Linux to see which processes the app has started")
    found = [int(text) for text in listed.read_text().split()]
    assert found
    return found


def gone(numbers: list[int]) -> bool:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while any(is_alive(number) for number in numbers):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda each: each.name)
def test_a_signal_ends_it_with_the_song_kept_and_the_terminal_given_back(
    tmp_path: Path, number: signal.Signals
) -> None:
    path = tmp_path / "night.drop"
    terminal = Terminal(str(path))
    terminal.read_until("engine ready")
    engines = children(terminal)
    terminal.send(b"+" * 5)
    terminal.read_until("unsaved")
    terminal.signal(number)
    assert "your changes are not saved: they are offered when you start again" in terminal.finish()
    assert terminal.process.returncode == 128 + number
    assert gone(engines)
    assert 9 <= bars_left(path) <= 13
    assert not path.exists()


def test_a_signal_with_nothing_unsaved_leaves_nothing(tmp_path: Path) -> None:
    terminal = Terminal(str(tmp_path / "night.drop"))
    terminal.read_until("engine ready")
    terminal.signal(signal.SIGTERM)
    assert "not saved" not in terminal.finish()
    assert autosave_of(tmp_path / "night.drop") is None
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


def test_a_terminal_that_goes_takes_the_app_and_the_engine_along(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    terminal = Terminal(str(path), "--hold-after", "3")
    terminal.read_until("engine ready")
    engines = children(terminal)
    terminal.send(b"+A")
    terminal.read_until("unsaved")
    terminal.hang_up()
    assert terminal.wait() == 128 + signal.SIGHUP
    assert gone(engines)
    assert bars_left(path) == 9


def test_a_terminal_that_goes_without_a_word_is_noticed(tmp_path: Path) -> None:
    # As under nohup, or for a process that is not of the group in front: no signal comes.
    path = tmp_path / "night.drop"
    terminal = Terminal(str(path), prepare=DEAF_TO_HANGUPS)
    terminal.read_until("engine ready")
    engines = children(terminal)
    terminal.send(b"+")
    terminal.read_until("unsaved")
    terminal.hang_up()
    assert terminal.wait() == 128 + signal.SIGHUP
    assert gone(engines)
    assert bars_left(path) == 9


def test_a_terminal_that_takes_nothing_any_more_does_not_hold_up_the_end(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    terminal = Terminal(str(path), "--hold-after", "3")
    terminal.read_until("engine ready")
    engines = children(terminal)
    terminal.send(b"+")
    terminal.read_until("unsaved")
    # Nobody reads from here on, as over a line that hangs, until the app is stuck in a write.
    for _ in range(60):
        terminal.send(b"\x1b[C\x1b[D?\x1b")
        time.sleep(0.01)
    started = time.monotonic()
    terminal.signal(signal.SIGTERM)
    assert terminal.wait() == 128 + signal.SIGTERM
    assert GRACE_SECONDS <= time.monotonic() - started < GRACE_SECONDS + 5
    assert gone(engines)
    assert bars_left(path) == 9
    terminal.hang_up()


class Ends:
    """The calls of an ending watch, in their order."""

    def __init__(self) -> None:
        self.calls: list[object] = []
        self.leaving = threading.Event()

    def leave(self, status: int) -> None:
        self.calls.append(status)
        self.leaving.set()

    def watch(self) -> EndingWatch:
        return EndingWatch(lambda: self.calls.append("kept"), self.leave, lambda: self.calls.append("abandoned"))


@contextmanager
def handler(number: signal.Signals, how: signal.Handlers) -> Iterator[None]:
    before = signal.signal(number, how)
    try:
        yield
    finally:
        signal.signal(number, before)


def test_the_song_is_kept_before_the_app_is_asked_to_leave() -> None:
    ends = Ends()
    before = signal.getsignal(signal.SIGTERM)
    with ends.watch():
        os.kill(os.getpid(), signal.SIGTERM)
        assert ends.leaving.wait(_PATIENCE_SECONDS)
    assert ends.calls == ["kept", 128 + signal.SIGTERM]
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_signal_that_is_ignored_stays_so() -> None:
    ends = Ends()
    with handler(signal.SIGHUP, signal.SIG_IGN):
        with ends.watch():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    assert ends.calls == []
