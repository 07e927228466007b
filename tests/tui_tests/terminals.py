"""Programs on a pseudo-terminal, above all the app with a fake engine: what is sent, what is shown, how it ends."""

import fcntl
import os
import pty
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence

from tests.places import ROOT
from tests.tui_tests.driving import engine_command

PROGRAM = """
import sys
from pathlib import Path
from song.errors import UserError
from tui.app import run
path = Path(sys.argv[1]) if sys.argv[1] else None
try:
    sys.exit(run(path, engine_command=tuple(sys.argv[2:])))
except UserError as error:
    print(error)
    sys.exit(2)
"""
_PATIENCE_SECONDS = 30
_BEGIN = """
import fcntl, importlib, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
# Whoever runs the tests under nohup, or in the background, has these ignored, and so would the app.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.SIG_DFL)
line, prepare, *command = sys.argv[1:]
if prepare:
    module, _, name = prepare.partition(":")
    getattr(importlib.import_module(module), name)()
os.write(int(line), b".")
os.read(int(line), 1)
os.close(int(line))
os.execvp(command[0], command)
"""
"""Code run in the process before it becomes the program. Not a function between fork and exec: the tests' own
process has threads, of JAX among others, and forking it may then wait for one that is not there, for ever."""


class PtyProcess:
    """A process on a pseudo-terminal, which is its controlling one.

    Attributes:
        started: when it became the program, as `time.perf_counter` tells it.
        output: what it has written and nobody has taken away yet.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        size: tuple[int, int] = (80, 24),
        prepare: str = "",
    ) -> None:
        """Start a program.

        Args:
            command: the program and its arguments.
            environment: all of its variables.
            size: columns and rows.
            prepare: MODULE:FUNCTION, called in the process before it becomes the program.
        """
        self.master, slave = pty.openpty()
        self.resize(*size)
        line, far = socket.socketpair()
        self.process = subprocess.Popen(
            [sys.executable, "-c", _BEGIN, str(far.fileno()), prepare, *command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            start_new_session=True,
            pass_fds=(far.fileno(),),
        )
        os.close(slave)
        far.close()
        self.output = b""
        with line:
            assert line.recv(1) == b".", "the process could not be prepared"
            self.started = time.perf_counter()
            line.send(b".")

    def resize(self, width: int, height: int) -> None:
        """Give the terminal another size, which tells the app."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def read_until(self, text: str) -> None:
        """Take what the app writes until that has been seen since the start."""
        self.read_while(lambda: text.encode() not in self.output, f"no {text!r}")

    def read_while(self, waiting: Callable[[], bool], trouble: str) -> None:
        """Take what the app writes until there is nothing more to wait for."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while waiting():
            assert time.monotonic() < deadline, f"{trouble} in {self.output[-2000:]!r}"
            self.read_some(0.1)

    def send(self, keys: bytes) -> None:
        """Type."""
        os.write(self.master, keys)

    def signal(self, number: signal.Signals) -> None:
        """Send the app a signal."""
        self.process.send_signal(number)

    def finish(self) -> str:
        """Wait for the end; returns what was written since the terminal was given back."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self.read_some(0.1) or self.process.poll() is None:
            assert time.monotonic() < deadline, "the app does not end"
        os.close(self.master)
        return self.output.rpartition(b"\x1b[?1049l")[2].decode()

    def wait(self) -> int:
        """Wait for the end without taking what the app writes; returns its exit status."""
        return self.process.wait(_PATIENCE_SECONDS)

    def hang_up(self) -> None:
        """Take the terminal away."""
        os.close(self.master)

    def read_some(self, timeout: float) -> bool:
        """Take what there is, waiting for so many seconds; returns whether there was something."""
        ready, _, _ = select.select([self.master], [], [], timeout)
        if not ready:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.output += data
        return bool(data)


class Terminal(PtyProcess):
    """The app with a fake engine on a terminal."""

    def __init__(
        self, path: str, *flags: str, prepare: str = "", size: tuple[int, int] = (80, 24), **environment: str
    ) -> None:
        """Start the app.

        Args:
            path: the song, empty for none.
            flags: of the fake engine.
            prepare: MODULE:FUNCTION, called in the process before it becomes the app.
            size: columns and rows.
            environment: variables added to this process's own.
        """
        super().__init__(
            [sys.executable, "-c", PROGRAM, path, *engine_command(*flags)],
            {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **environment},
            size=size,
            prepare=prepare,
        )
