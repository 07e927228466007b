"""Time until the app's first frame is on the terminal, beside an empty Textual app's.

`python tests/benchmarks/bench_app_start.py [ROUNDS] [--ahead]`: real processes on pseudo-terminals of 80 by 24, in
turn. The time runs from before the start of the process until something has been written to every place of the screen,
and, of the app, until its title, its dialog if there is one and its last key are read there. The engine starts after
that, and is gone before the next start. CPU seconds are those that the process has computed by then, which other work
on the machine hardly changes.
"""

import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from app_runs import BARE_TEXTUAL, DROPSMITH, Watched, goes_ahead, load, own_environment, song_file

from tests.tui_tests.terminal_screen import TerminalScreen

ROUNDS = 9
RATIO_LIMIT = 2.0


def shows(*texts: str) -> Callable[[TerminalScreen], bool]:
    """The condition that the whole screen is painted, and these texts are on it."""

    def painted(screen: TerminalScreen) -> bool:
        return screen.is_painted and all(any(text in row for row in screen.rows) for text in texts)

    return painted


def main() -> None:
    ahead = goes_ahead()
    rounds = next((int(word) for word in sys.argv[1:] if word.isdigit()), ROUNDS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = song_file(folder, 72)
        contenders = {
            "an empty Textual app": (BARE_TEXTUAL, shows()),
            "the app, on a song file": ((*DROPSMITH, str(path)), shows("Long", "INTRO", "Quit")),
            "the app, on a new song": (DROPSMITH, shows("Untitled", "What will it be?", "Quit")),
        }
        seconds: dict[str, list[float]] = {name: [] for name in contenders}
        cpu: dict[str, list[float]] = {name: [] for name in contenders}
        print(f"{load()}, {rounds} rounds{', ahead of other work' if ahead else ''}")
        for number in range(rounds + 1):
            for name, (command, painted) in contenders.items():
                program = Watched(command, own_environment(folder, ahead=ahead), ahead=ahead)
                took = program.until(painted) - program.started
                computed = program.cpu_seconds()
                program.end()
                # The first start of each finds its files outside the memory, and does not count.
                if number:
                    seconds[name].append(took)
                    cpu[name].append(computed)
        print(f"{load()} at the end")
    base = next(iter(contenders))
    for name in contenders:
        median, fastest, computed = statistics.median(seconds[name]), min(seconds[name]), statistics.median(cpu[name])
        ratio = statistics.median(a / b for a, b in zip(seconds[name], seconds[base], strict=True))
        print(
            f"{name:<24} first paint {median * 1000:5.0f} ms (fastest {fastest * 1000:4.0f}), {ratio:.2f} times; "
            f"CPU {computed * 1000:4.0f} ms, {computed / statistics.median(cpu[base]):.2f} times"
        )
    print(f"wanted: at most {RATIO_LIMIT:g} times")


if __name__ == "__main__":
    main()
