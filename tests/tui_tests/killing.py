"""Kills the app again and again while keys are being pressed, and sees what is left of the song each time.

    python -m tests.tui_tests.killing FOLDER SEED ROUNDS

A round: the app starts in a pseudo-terminal of its own, on what the round before has left; random keys; an end at a
random moment; the song is opened again. The app notes every state of the song that it comes to, so that what is there
afterwards can be dated. Each round is told as a line of JSON. A program of its own, without threads, so that it can
fork the app instead of importing it fifty times.
"""

import fcntl
import gc
import hashlib
import os
import pty
import random
import select
import signal
import struct
import sys
import termios
import time
from pathlib import Path

import msgspec

import tui.app
from song.edits.history import History
from song.sections import Song
from song.store import save_song
from song.templates import song_from_form
from tests.tui_tests.driving import engine_command
from tui.autosave import Autosave
from tui.workspace import Workspace

ENDS = ("SIGKILL", "SIGKILL", "SIGKILL", "SIGTERM", "SIGHUP", "hang up")
"""Ends of a round; the last is the terminal going away."""

LONGEST_ROUND_SECONDS = 2.4
SIZE = (12, 80)
"""Rows and columns of the terminal: few, since nobody looks and to draw takes most of the time."""
_KEYS = (b"+", b"-", b"}", b"{", b"\t", b"f", b"F", b"A", b"l", b"x", b"n", b"u", b"U", b"s", b"\x1b[A", b"\x1b[B",
         b"\x1b[C", b"\x1b[D", b"+", b"+", b"-", b"f")  # fmt: skip
_PATIENCE_SECONDS = 30


class Round(msgspec.Struct, frozen=True):
    """The outcome of a round.

    Attributes:
        end: one of `ENDS`.
        states: how many states the song came to.
        known: whether what is left is one of them, or what the round began with.
        lost_seconds: how long before the end the oldest state was reached that is lost; 0 where none is.
        recovered: whether there was something unsaved to offer.
    """

    end: str
    states: int
    known: bool
    lost_seconds: float
    recovered: bool


def digest(song: Song) -> str:
    # As it is once it has been read: a density that an edit made 1 is 1.0 there, which is the same.
    read = msgspec.json.decode(msgspec.json.encode(song), type=Song)
    return hashlib.sha256(msgspec.json.encode(read)).hexdigest()[:16]


class NotedWorkspace(Workspace):
    """A workspace that notes each song that it comes to, with the time, in a file that outlives it."""

    notes: Path

    @property
    def history(self) -> History:
        return self._history

    @history.setter
    def history(self, history: History) -> None:
        # Noted first: what is autosaved between the two, right before the end, is known then.
        with self.notes.open("a") as file:
            file.write(f"{time.monotonic()} {digest(history.present)}\n")
        self._history = history


def reopen(path: Path) -> tuple[Song, bool]:
    """The song that the user has after a start and the offered key, and whether there was an offer."""
    work = Workspace.open(path)
    assert not work.file.read_only, work.file.read_only
    autosave = Autosave(work)
    found = autosave.find()
    autosave.close()
    work.file.close()
    return (work.song, False) if found is None else (found.song, True)


def run_app(path: Path, notes: Path) -> None:
    NotedWorkspace.notes = notes
    tui.app.Workspace = NotedWorkspace  # type: ignore[misc]  # the app of this process is to note
    status = 70
    # As the command has it.
    gc.disable()
    try:
        status = tui.app.run(path, engine_command=engine_command("--bar-delay", "0.02"))
    finally:
        os._exit(status)


def drain(master: int, seconds: float) -> bytes:
    """Output of the app, as soon as there is something or the time is over."""
    try:
        return os.read(master, 1 << 16) if select.select([master], [], [], seconds)[0] else b""
    except OSError:
        return b""


def play(path: Path, notes: Path, dice: random.Random, end: str, before: Song, offered: bool) -> Round:
    notes.unlink(missing_ok=True)
    pid, master = pty.fork()
    if pid == 0:
        # Whoever runs the tests under nohup has it ignored, and so would the app.
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        run_app(path, notes)
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
    shown, deadline = b"", time.monotonic() + _PATIENCE_SECONDS
    while (b"Unsaved work" if offered else b"engine") not in shown:
        shown += drain(master, 0.1)
        assert time.monotonic() < deadline, shown[-2000:]
    # Near the beginning too, where the offer is being taken.
    moment = time.monotonic() + dice.choice((0.2, 1.0, 1.0)) * dice.uniform(0, LONGEST_ROUND_SECONDS)
    if offered:
        os.write(master, b"r")
    while (left := moment - time.monotonic()) > 0:
        drain(master, min(left, 0.01))
        if dice.random() < 0.08:
            os.write(master, dice.choice(_KEYS))
    ended_at = time.monotonic()
    if end == "hang up":
        os.close(master)
    else:
        os.kill(pid, signal.Signals[end])
    while os.waitpid(pid, os.WNOHANG)[0] == 0:
        if end == "hang up":
            time.sleep(0.01)
        else:
            drain(master, 0.01)
        assert time.monotonic() < ended_at + _PATIENCE_SECONDS, f"the app outlives {end}"
    if end != "hang up":
        os.close(master)
    lines = notes.read_text().splitlines()[1:]
    states = [(0.0, digest(before)), *((float(at), song) for at, _, song in (line.partition(" ") for line in lines))]
    song, recovered = reopen(path)
    places = [index for index, (_, state) in enumerate(states) if state == digest(song)]
    lost = [at for at, _ in states[places[-1] + 1 :]] if places else []
    return Round(end, len(states) - 1, bool(places), max(0.0, ended_at - lost[0]) if lost else 0.0, recovered)


def main(folder: Path, seed: int, rounds: int) -> None:
    dice = random.Random(seed)
    path = folder / "night.drop"
    # A file that is not there yet would be another song at every look.
    save_song(path, song_from_form())
    for number in range(rounds):
        song, offered = reopen(path)
        end = ENDS[(seed + number) % len(ENDS)]
        told = play(path, folder / "notes", dice, end, song, offered)
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
