"""Time from a key to what it does on the terminal, while the engine fills every cell of a song of 200 bars.

`python tests/benchmarks/bench_app_keys.py [KEYS] [--ahead]`: the real app and the real engine, the app on a
pseudo-terminal of 80 by 24. A key's time runs from writing its bytes until the screen shows what it alone can have
changed: the section or part that is selected, the value of a constraint, the place of the cursor in the notes. The
next key comes a random moment later, so that keys meet whatever the fill is doing to the screen. Keys go in turn to a
bare Textual app of one line, which a key changes, under the same load. Where the fill ends too early, another is asked
for.
"""

import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app_runs import DROPSMITH, Watched, goes_ahead, load, own_environment, song_file

from song.parts import PARTS
from song.store import load_song
from tests.tui_tests.terminal_screen import TerminalScreen

BARS, KEYS = 200, 600
LIMIT_MS = 50
LONGEST_GAP_SECONDS = 0.06
BARE = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    BINDINGS = [("right", "count")]
    number = 0
    def compose(self):
        yield Static("number 0")
    def action_count(self):
        self.number += 1
        self.query_one(Static).update(f"number {self.number}")
Bare().run()
"""
RIGHT, LEFT, UP, DOWN = b"\x1b[C", b"\x1b[D", b"\x1b[A", b"\x1b[B"
_PEN, _READY = "✎", "engine ready"
_PLACE = re.compile(r"\b\d+\.\d\.\d\b")

Condition = Callable[[TerminalScreen], object]


class Presser:
    """Presses keys of the app, each of a kind that can be seen, and knows what has to be seen then."""

    def __init__(self, app: Watched, path: Path) -> None:
        song = load_song(path)
        self.app = app
        self.dice = random.Random(1)
        ends = [start + section.bars for start, section in zip(song.start_bars(), song.sections, strict=True)]
        self.headings = [f"bars {a + 1}–{b} " for a, b in zip(song.start_bars(), ends, strict=True)]
        self.section = self.part = self.changes = 0

    def is_filling(self) -> bool:
        return _PEN in self.app.screen.rows[-2]

    def seconds(self, key: bytes, effect: Condition) -> float:
        """Seconds from a key to its effect."""
        pressed = time.perf_counter()
        self.app.send(key)
        return self.app.until(effect) - pressed

    def walk(self) -> float:
        """To another section or part."""
        step = self.dice.choice((-1, 1))
        if self.dice.random() < 0.7:
            step = step if 0 <= self.section + step < len(self.headings) else -step
            self.section += step
            heading = self.headings[self.section]
            return self.seconds(RIGHT if step > 0 else LEFT, lambda s: any(heading in row[:37] for row in s.rows))
        step = step if 0 <= self.part + step < len(PARTS) else -step
        self.part += step
        name = f"─ {PARTS[self.part]} "
        return self.seconds(DOWN if step > 0 else UP, lambda s: any(name in row[37:] for row in s.rows))

    def change(self) -> float:
        """Another value of the chosen constraint, which is the heat: nothing else changes that row."""
        before = self.chosen_row()
        # The heat has ten steps above where it starts and nine below.
        key = b"+-"[self.changes % 2 : self.changes % 2 + 1]
        self.changes += 1
        return self.seconds(key, lambda _: self.chosen_row() not in ("", before))

    def chosen_row(self) -> str:
        return next((row[:37] for row in self.app.screen.rows[8:] if row.startswith(" ▸ heat")), "")

    def move_in_notes(self) -> float | None:
        """Another place in the notes: the second step of the section, or the first again.

        None where this cell begins to be written meanwhile: its heading tells of that then, and not of the place.
        """
        self.app.until(lambda _: self.place())
        before = self.place()
        took = self.seconds(RIGHT if before.endswith(".1.1") else LEFT, lambda _: self.place() != before)
        return took if self.place() else None

    def place(self) -> str:
        found = (_PLACE.search(row[37:]) for row in self.app.screen.rows)
        return next((one[0] for one in found if one), "")


def press_all(app: Watched, bare: Watched, path: Path, keys: int) -> dict[str, list[float]]:
    """Seconds of each key, by its kind; keys count while cells are being filled alone."""
    presser = Presser(app, path)
    times: dict[str, list[float]] = {"walk": [], "change a value": [], "move in the notes": [], "bare": []}
    kinds = {"walk": presser.walk, "change a value": presser.change, "move in the notes": presser.move_in_notes}
    count = 0
    for kind in ("walk", "change a value", "move in the notes"):
        if kind == "change a value":
            presser.seconds(b"h", lambda _: presser.chosen_row())
        if kind == "move in the notes":
            presser.seconds(b"\r", lambda _: presser.place())
        wanted = keys // 2 if kind == "walk" else keys // 4
        while len(times[kind]) < wanted:
            if not presser.is_filling():
                if kind == "move in the notes":
                    presser.seconds(b"\x1b", lambda _: not presser.place())
                app.send(b"A")
                app.until(lambda _: presser.is_filling())
                if kind == "move in the notes":
                    presser.seconds(b"\r", lambda _: presser.place())
            took = kinds[kind]()
            if took is not None and presser.is_filling():
                times[kind].append(took)
            count += 1
            number = f"number {count} "
            pressed = time.perf_counter()
            bare.send(RIGHT)
            times["bare"].append(bare.until(lambda s, n=number: n in s.rows[0]) - pressed)
            rest = time.perf_counter() + presser.dice.uniform(0, LONGEST_GAP_SECONDS)
            while (left := rest - time.perf_counter()) > 0:
                app.look(left)
    return times


def told(name: str, seconds: list[float]) -> str:
    """Median, 99th percentile and longest."""
    ordered = sorted(seconds)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return (
        f"{name:<20} {len(ordered):4} keys: median {statistics.median(ordered) * 1000:5.1f} ms, "
        f"99th percentile {p99 * 1000:5.1f} ms, longest {ordered[-1] * 1000:5.1f} ms"
    )


def main() -> None:
    ahead = goes_ahead()
    keys = next((int(word) for word in sys.argv[1:] if word.isdigit()), KEYS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = song_file(folder, BARS)
        environment = own_environment(folder, ahead=ahead)
        app = Watched((*DROPSMITH, str(path)), environment, ahead=ahead)
        bare = Watched((sys.executable, "-c", BARE), environment, ahead=ahead)
        try:
            bare.until(lambda s: "number 0" in s.rows[0])
            app.until(lambda s: _READY in s.rows[-2])
            print(f"{load()}{', ahead of other work' if ahead else ''}")
            times = press_all(app, bare, path, keys)
            print(f"{load()} at the end")
        finally:
            app.end()
            bare.end()
    every = [seconds for kind, values in times.items() if kind != "bare" for seconds in values]
    for kind, values in times.items():
        if kind != "bare":
            print(told(kind, values))
    print(told("all, while filling", every))
    print(told("a bare Textual app", times["bare"]))
    print(f"wanted: under {LIMIT_MS} ms at the 99th percentile while all cells are being filled, {BARS} bars")


if __name__ == "__main__":
    main()
