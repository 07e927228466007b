"""A terminal that can be read: a shell in a pane of a tmux server of the test's own."""

import contextlib
import os
import shlex
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_PATIENCE_SECONDS = 60
_LOOK_AGAIN_SECONDS = 0.05
_PROMPT = "here> "


class Pane:
    """A shell on a terminal of 80 by 24."""

    def __init__(self, socket: str) -> None:
        self._socket = socket

    def tmux(self, *words: str) -> str:
        """Run a command of tmux; returns what it prints."""
        done = subprocess.run(["tmux", "-L", self._socket, *words], capture_output=True, text=True, check=True)
        return done.stdout

    def type(self, text: str) -> None:
        """Type a text as it is."""
        self.tmux("send-keys", "-l", text)

    def press(self, *keys: str) -> None:
        """Press keys, by the names that tmux gives them."""
        self.tmux("send-keys", *keys)

    def run(self, *command: str, **environment: str) -> None:
        """Start a command from the shell."""
        self.type(shlex.join(["env", *(f"{name}={value}" for name, value in environment.items()), *command]))
        self.press("Enter")

    def screen(self) -> str:
        """The screen, as text."""
        return self.tmux("capture-pane", "-p")

    def ask(self, name: str) -> str:
        """A fact that tmux knows of the terminal, such as alternate_on."""
        return self.tmux("display-message", "-p", f"#{{{name}}}").strip()

    def child(self) -> int:
        """The process that the shell runs."""
        shell = int(self.tmux("display-message", "-p", "#{pane_pid}"))
        (child,) = Path(f"/proc/{shell}/task/{shell}/children").read_text().split()
        return int(child)

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait for something to come about."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"no {what} in\n{self.screen()}"
            time.sleep(_LOOK_AGAIN_SECONDS)

    def until_shown(self, text: str) -> str:
        """Wait for a text on the screen; returns the screen."""
        self.until(lambda: text in self.screen(), repr(text))
        return self.screen()

    def until_prompt(self) -> None:
        """Wait until it is the shell's again."""
        self.until(lambda: self.screen().rstrip().endswith(_PROMPT.rstrip()), "prompt")


@contextlib.contextmanager
def tmux_pane() -> Iterator[Pane]:
    """A pane with a shell of few words."""
    pane = Pane(f"dropsmith-{os.getpid()}-{time.monotonic_ns()}")
    shell = shlex.join(["env", f"PS1={_PROMPT}", "LC_ALL=C.UTF-8", "bash", "--norc", "--noprofile"])
    pane.tmux("-f", "/dev/null", "-u", "new-session", "-d", "-x", "80", "-y", "24", shell)
    try:
        pane.until_prompt()
        yield pane
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            pane.tmux("kill-server")
