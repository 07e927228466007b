"""Helpers of the app's benchmarks: programs on a terminal in folders of their own, watched as a user sees them.

With --ahead they go before whatever else the machine does (Linux, as root): the program, and its engine in the same
measure, so that the two still share the processors as they would on a quiet machine.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from song.edits.takes import add_takes
from song.sections import SectionKind, Take
from song.store import save_song
from song.templates import song_from_form
from tests.tui_tests.fake_engine import phrase_for
from tests.tui_tests.terminal_screen import TerminalScreen
from tests.tui_tests.terminals import PtyProcess

SIZE = (80, 24)
PATIENCE_SECONDS = 20
DROPSMITH = (str(Path(sys.executable).with_name("dropsmith")),)
BARE_TEXTUAL = (sys.executable, "-c", "from textual.app import App; App().run()")
_AUTOGROUP = Path("/proc/self/autogroup")
_AHEAD_ENGINE = f"""
import os, sys
autogroup = {str(_AUTOGROUP)!r}
niceness = int(open(autogroup).read().split()[-1])
open(autogroup, "w").write(str(max(-19, niceness - 19)))
os.execv(sys.executable, [sys.executable, "-m", "model", "engine"])
"""
_FORM = (SectionKind.INTRO, SectionKind.BUILD, SectionKind.DROP, SectionKind.BREAK)


def goes_ahead() -> bool:
    """Look for --ahead among the arguments; where it is there, this process goes ahead too."""
    if "--ahead" not in sys.argv[1:]:
        return False
    go_ahead()
    return True


def go_ahead() -> None:
    """Let this process, and those that it starts, go before all others."""
    _AUTOGROUP.write_text("-19")


def load() -> str:
    """Load of the machine, in words."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


class Watched(PtyProcess):
    """A program on a terminal of 80 by 24.

    Attributes:
        screen: what is on the terminal.
        bytes_written: how much the program has written.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], *, ahead: bool) -> None:
        """Start a program."""
        self.screen = TerminalScreen(SIZE)
        self.bytes_written = 0
        super().__init__(command, environment, SIZE, f"{__name__}:go_ahead" if ahead else "")

    def until(self, condition: Callable[[TerminalScreen], object], patience_seconds: float = PATIENCE_SECONDS) -> float:
        """Wait until the screen shows something; returns when that was, as `time.perf_counter` tells it.

        The moment is that of the bytes' arrival: how long this process then looks at them does not count.
        """
        arrived = time.perf_counter()
        deadline = arrived + patience_seconds
        while not condition(self.screen):
            if arrived > deadline:
                raise TimeoutError("\n".join(self.screen.rows))
            arrived = self.look(0.1)
        return arrived

    def look(self, timeout: float) -> float:
        """Take what the program writes within so many seconds; returns when."""
        self.read_some(timeout)
        arrived = time.perf_counter()
        self.screen.feed(self.output)
        self.bytes_written += len(self.output)
        self.output = b""
        return arrived

    def cpu_seconds(self) -> float:
        """Seconds that the program's threads have computed, waiting left out: other work changes this figure least."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def megabytes(self, field: str = "VmRSS") -> float:
        """Resident memory of the process now, or with "VmHWM" the most that it has had."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024

    def end(self) -> None:
        """End the program and its engine, and wait until they are gone."""
        self.process.terminate()
        while self.process.poll() is None:
            self.read_some(0.05)
        os.close(self.master)


def own_environment(folder: Path, *, ahead: bool = False, engine: Sequence[str] = (), takes: int = 1) -> dict[str, str]:
    """Variables for a program that keeps its files in a folder, and finds nobody else's settings and songs there.

    Args:
        folder: where the files go.
        ahead: whether its engine goes ahead of other work.
        engine: what starts the engine; the usual one where there is none.
        takes: how many a fill writes of each cell.
    """
    engine = engine or ((sys.executable, "-c", _AHEAD_ENGINE) if ahead else ())
    settings = folder / "config" / "dropsmith" / "settings.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    started_by = f"engine = {json.dumps([str(word) for word in engine])}\n" if engine else ""
    settings.write_text(f'{started_by}takes = {takes}\nsound = "null"\n')
    here = Path(__file__).resolve().parent
    imported_from = (str(here.parents[1]), str(here), os.environ.get("PYTHONPATH", ""))
    own = {
        "TERM": "xterm-256color",
        "LC_ALL": "C.UTF-8",
        "HOME": str(folder),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "PYTHONPATH": os.pathsep.join(filter(None, imported_from)),
    }
    # As on any user's machine: no colours forbidden, and compiled modules kept.
    left_out = ("NO_COLOR", "COLORTERM", "PYTHONDONTWRITEBYTECODE")
    return {**{name: value for name, value in os.environ.items() if name not in left_out}, **own}


def song_file(folder: Path, bars: int, takes: int = 0) -> Path:
    """The file of a song in sections of eight bars, the last shorter where it does not come out even.

    Args:
        folder: where it goes.
        bars: how long the song is.
        takes: how many each cell has; they have as many notes as their sections ask for.
    """
    lengths = [min(8, bars - at) for at in range(0, bars, 8)]
    song = song_from_form([(_FORM[index % len(_FORM)], length) for index, length in enumerate(lengths)], title="Long")
    for index, part in list(song.cell_refs()):
        section = song.sections[index]
        written = tuple(Take(phrase_for(section, part, song.key, seed), seed=seed) for seed in range(takes))
        song = add_takes(song, index, part, written) if written else song
    path = folder / "long.drop"
    save_song(path, song)
    return path
