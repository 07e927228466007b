"""Memory of the app's process with a song of five minutes, beside a bare Textual app's.

`python tests/benchmarks/bench_app_memory.py`: the real app on a pseudo-terminal, 175 bars at 140 BPM. Every cell is
filled three times, four takes each time; then come edits, which the history keeps, and undo. The engine is the tests'
own, which writes as many notes as are asked for: the real one is a process of its own, and does not count. Linux alone
tells the figures.
"""

import tempfile
from pathlib import Path

from app_runs import BARE_TEXTUAL, DROPSMITH, Watched, own_environment, song_file

from tests.tui_tests.driving import engine_command

BARS, TAKES, FILLS, EDITS = 175, 4, 3, 300
LIMIT_MEGABYTES = 150
_PEN = "✎"


def edit(app: Watched) -> None:
    """A few hundred edits: the heat of a section up and down, and drum hits put in and taken away."""
    app.send(b"h")
    app.until(lambda s: any(row.startswith(" ▸ heat") for row in s.rows))
    for number in range(EDITS // 2):
        before = heat(app)
        app.send(b"+-"[number % 2 : number % 2 + 1])
        app.until(lambda _, before=before: heat(app) not in ("", before))
    app.send(b"\r")
    app.until(lambda s: any("grid 1/16" in row for row in s.rows))
    for _ in range(EDITS // 2):
        press(app, b" ")
    app.send(b"\x1b")
    app.until(lambda s: not any("grid 1/16" in row for row in s.rows))


def press(app: Watched, key: bytes) -> None:
    """Press a key and wait until the app answers."""
    written = app.bytes_written
    app.send(key)
    app.until(lambda _: app.bytes_written > written)


def heat(app: Watched) -> str:
    return next((row[:37] for row in app.screen.rows if row.startswith(" ▸ heat")), "")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare = Watched(BARE_TEXTUAL, own_environment(folder), ahead=False)
        bare.until(lambda s: s.is_painted)
        least = bare.megabytes()
        bare.end()
        path = song_file(folder, BARS)
        environment = own_environment(folder, engine=engine_command(), takes=TAKES)
        app = Watched((*DROPSMITH, str(path)), environment, ahead=False)
        told = {}
        try:
            app.until(lambda s: "engine ready" in s.rows[-2])
            told["at its start"] = app.megabytes()
            for number in range(FILLS):
                app.send(b"A")
                app.until(lambda s: _PEN in s.rows[-2])
                app.until(lambda s: _PEN not in s.rows[-2])
                told[f"filled, {TAKES * (number + 1)} takes in each cell"] = app.megabytes()
            edit(app)
            told[f"after {EDITS} edits"] = app.megabytes()
            for _ in range(EDITS // 2):
                press(app, b"u")
            assert "undone" in app.screen.rows[-2]
            told["and half of them undone"] = app.megabytes()
            most = app.megabytes("VmHWM")
        finally:
            app.end()
    print(f"{'a bare Textual app':<36} {least:6.1f} MB")
    for what, megabytes in told.items():
        print(f"{what:<36} {megabytes:6.1f} MB, {megabytes / least:.2f} times")
    print(f"{'the most at any moment':<36} {most:6.1f} MB")
    print(f"wanted: under {LIMIT_MEGABYTES} MB with a song of five minutes ({BARS} bars)")


if __name__ == "__main__":
    main()
