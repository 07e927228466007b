"""Memory of a tab of `dropsmith serve`: the app and its real engine while a whole song is written.

`python tests/benchmarks/bench_tab_memory.py`: on a pseudo-terminal, which is what a tab has. Proportional set size, so
that what several tabs share counts once. Linux alone tells the figures.
"""

import tempfile
from pathlib import Path

from app_runs import BARE_TEXTUAL, DROPSMITH, Watched, own_environment

_PATIENCE_SECONDS = 300


def proportional(pid: int) -> float:
    """Proportional set size of a process in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def children(pid: int) -> list[int]:
    """The processes that one has started, and theirs."""
    own = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*own, *(below for child in own for below in children(child))]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare = Watched(BARE_TEXTUAL, own_environment(folder), ahead=False)
        bare.until(lambda s: s.is_painted)
        least = proportional(bare.process.pid)
        bare.end()
        app = Watched((*DROPSMITH, str(folder / "new.drop")), own_environment(folder), ahead=False)
        most = {"the app": 0.0, "its engine": 0.0, "both": 0.0}
        try:
            app.until(lambda s: "engine ready" in s.rows[-2], _PATIENCE_SECONDS)
            app.send(b"A")

            def written(rows: list[str]) -> bool:
                pid = app.process.pid
                one, other = proportional(pid), sum(proportional(child) for child in children(pid))
                for what, megabytes in (("the app", one), ("its engine", other), ("both", one + other)):
                    most[what] = max(most[what], megabytes)
                return "all written" in rows[-2]

            app.until(lambda s: written(s.rows), _PATIENCE_SECONDS)
        finally:
            app.end()
    print(f"{'a bare Textual app':<20} {least:6.1f} MB")
    for what, megabytes in most.items():
        print(f"{what:<20} {megabytes:6.1f} MB at most, {megabytes / least:.2f} times")


if __name__ == "__main__":
    main()
