"""Bytes that a step of a held arrow key has written to the terminal: what a slow SSH line has to carry.

`python tests/benchmarks/bench_app_output.py`: the real app on a pseudo-terminal of 80 by 24, on a song of 200 bars with
music in every cell, so many that sections scroll; in 256 colours and in the 16 million that some terminals ask for,
which take longer sequences. Each step is waited for, and what comes within a moment after it counts too. Nothing is
timed, and the engine is the tests' own, since nothing is filled. While a section plays, on a card that is none, what is
written for each sixteenth counts: the place that is heard in the arrangement and over the notes.
"""

import statistics
import tempfile
import time
from pathlib import Path

from app_runs import DROPSMITH, Watched, own_environment, song_file

from tests.tui_tests.driving import engine_command

BARS, STEPS = 200, 30
LIMIT_BYTES = 4000
REST_SECONDS = 0.1
PAUSE_SECONDS = 0.02
PLAYED_SECONDS = 12.0
RIGHT, LEFT, UP, DOWN = b"\x1b[C", b"\x1b[D", b"\x1b[A", b"\x1b[B"


def step_bytes(app: Watched, keys: list[bytes]) -> list[int]:
    """Bytes that came for each key."""
    counts = []
    come_to_rest(app)
    for key in keys:
        before = app.bytes_written
        app.send(key)
        app.until(lambda _, count=before: app.bytes_written > count)
        come_to_rest(app)
        counts.append(app.bytes_written - before)
    return counts


def played_bytes(app: Watched, seconds: float) -> list[int]:
    """Bytes of each movement of the place that is heard: what comes between two pauses."""
    counts, count, end = [], 0, time.monotonic() + seconds
    while time.monotonic() < end:
        before = app.bytes_written
        app.look(PAUSE_SECONDS)
        grown = app.bytes_written - before
        if not grown and count:
            counts.append(count)
            count = 0
        count += grown
    return counts


def come_to_rest(app: Watched) -> None:
    """Take what the app writes until it writes no more."""
    seen = -1
    while app.bytes_written > seen:
        seen = app.bytes_written
        app.look(REST_SECONDS)


def told(name: str, counts: list[int]) -> str:
    return f"{name:<36} mean {statistics.mean(counts):5.0f} bytes a step, most {max(counts):5}"


def main() -> None:
    for colours, variables in (("256 colours", {}), ("16 million colours", {"COLORTERM": "truecolor"})):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            path = song_file(folder, BARS, takes=1)
            app = Watched(
                (*DROPSMITH, str(path)), own_environment(folder, engine=engine_command()) | variables, ahead=False
            )
            try:
                app.until(lambda s: "engine ready" in s.rows[-2])
                print(colours)
                print(told("sections, to the end and back", step_bytes(app, [RIGHT] * 24 + [LEFT] * 24)))
                print(told("parts, down and up", step_bytes(app, ([DOWN] * 3 + [UP] * 3) * 5)))
                app.send(b"'")
                app.until(lambda s: "playing " in s.rows[-2])
                app.look(1)
                print(told("playing a section, on each sixteenth", played_bytes(app, PLAYED_SECONDS)))
                app.send(b"\x07")
                app.until(lambda s: "stopped" in s.rows[-2])
                app.send(b"\r")
                app.until(lambda s: any("grid 1/16" in row for row in s.rows))
                print(told("the cursor in drums, right", step_bytes(app, [RIGHT] * STEPS)))
                print(told("the cursor in drums, up and down", step_bytes(app, ([DOWN, UP]) * 10)))
            finally:
                app.end()
    print(f"wanted: under {LIMIT_BYTES} bytes a step")


if __name__ == "__main__":
    main()
