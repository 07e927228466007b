"""A good end of the app when it is not the user who ends it: told by a signal, or because its terminal is gone.

A terminal can go without a word: of the processes on it only some are sent SIGHUP, and the others would go on for ever,
reading an end of file and writing to nobody. So a thread of its own looks after it, one that works too while the app is
stuck in a write that never ends. First the song is kept, then the app is asked to leave; where there is no terminal to
be given back, or the app does not leave in time, the process ends there and then, with its engine.
"""

import os
import queue
import select
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType, TracebackType

if sys.platform != "win32":
    import termios

GRACE_SECONDS = 2.0
"""The time that the app may take to leave."""

_LOOK_SECONDS = 0.5
_SERVED = "TEXTUAL_DRIVER" in os.environ
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name))
_HANGUP_STATUS = 128 + 1  # As a shell tells of SIGHUP, 1 everywhere.


def is_served() -> bool:
    """True where a server is at the other end in place of a terminal: textual-serve says so to the apps it starts."""
    return _SERVED


class EndingWatch:
    """A context in which signals and a vanished terminal end the app well. To be entered in the main thread."""

    def __init__(
        self, keep: Callable[[], object], leave: Callable[[int], object], abandon: Callable[[], object]
    ) -> None:
        """Make a watch. All three are called from its thread.

        Args:
            keep: puts the song where it is safe.
            leave: asks the app to end with an exit status, and returns at once.
            abandon: leaves nothing behind that outlives the process.
        """
        self._keep, self._leave, self._abandon = keep, leave, abandon
        # A simple queue alone may be put to while a signal interrupts another put.
        self._told: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._left = threading.Event()
        self._before: dict[int, object] = {}
        self._terminal = _terminal()

    def __enter__(self) -> "EndingWatch":
        for number in _SIGNALS:
            # One that is ignored, as SIGHUP under nohup, stays so.
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._on_signal)
        threading.Thread(target=self._watch, name="shutdown", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        self._told.put(None)
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # signal.signal's own result

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._told.put(128 + number)

    def _watch(self) -> None:
        status = self._wait()
        if status is None:
            return
        try:
            self._keep()
            if _is_there(self._terminal):
                self._leave(status)
                if self._left.wait(GRACE_SECONDS):
                    return
                self._keep()
        finally:
            if not self._left.is_set():
                try:
                    self._abandon()
                finally:
                    os._exit(status)

    def _wait(self) -> int | None:
        """The exit status once it is time to end, None where the app has ended by itself."""
        while True:
            try:
                return self._told.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                if not _is_there(self._terminal):
                    return _HANGUP_STATUS


def _terminal() -> int | None:
    """The descriptor of the terminal or the server that keys come from, None where they come from elsewhere."""
    try:
        descriptor = sys.__stdin__.fileno() if sys.__stdin__ is not None else -1
    except (OSError, ValueError):
        return None
    return descriptor if descriptor >= 0 and (is_served() or os.isatty(descriptor)) else None


def _is_there(terminal: int | None) -> bool:
    if terminal is None or sys.platform == "win32":
        return True
    if is_served():
        return not _hung_up(terminal)
    try:
        termios.tcgetattr(terminal)
    except termios.error:
        return False
    return True


def _hung_up(pipe: int) -> bool:
    """True where nobody can write into a pipe or a socket any more; what is in it stays there."""
    poll = select.poll()
    poll.register(pipe, 0)
    return any(events & select.POLLHUP for _, events in poll.poll(0))
