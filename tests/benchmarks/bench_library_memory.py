"""The memory that adding, telling of and streaming a library takes, however many files there are.

Feeds the shared game music over and over, each copy with other notes left out, so that none is a copy of another:
`python tests/benchmarks/bench_library_memory.py [FILES ...]`, by default 200 and 1000 files. What is counted is the
proportional memory of all processes together, as Linux tells it.
"""

import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import symusic

ROOT = Path(__file__).parents[2]
MUSIC = ROOT.parent / "shared" / "data" / "freedoom"
LIMIT_MB = 1000.0
STREAM = """
import sys
from pathlib import Path
from corpus.library.store import pieces
print(sum(1 for _ in pieces(Path(sys.argv[1]))), "pieces")
"""


def write_music(folder: Path, files: int) -> None:
    """Write that many MIDI files, each a piece of the shared music with one note in ten left out at random."""
    sources = sorted(MUSIC.glob("*.mid"))
    for index in range(files):
        score = symusic.Score(sources[index % len(sources)])
        dice = random.Random(index)
        for track in score.tracks:
            for place in range(len(track.notes) - 1, -1, -1):
                if dice.random() < 0.1:
                    del track.notes[place]
        score.dump_midi(folder / f"{index:05}x{sources[index % len(sources)].name}")


def run(*arguments: str) -> tuple[float, float, str]:
    """Run a program; returns its seconds, the most megabytes that it and its children took, and its last line."""
    started, peak = time.monotonic(), 0.0
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    while process.poll() is None:
        peak = max(peak, sum(_proportional_mb(number) for number in _family(process.pid)))
        time.sleep(0.05)
    assert process.stdout is not None
    printed = process.stdout.read()
    if process.returncode:
        raise SystemExit(printed)
    return time.monotonic() - started, peak, printed.strip().splitlines()[-1]


def _family(number: int) -> list[int]:
    try:
        children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
    except OSError:
        return []
    return [number, *(one for child in children for one in _family(int(child)))]


def _proportional_mb(number: int) -> float:
    try:
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{number}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0.0
    return int(found[1]) / 1000 if found else 0.0


def main() -> None:
    """Print a line for each size and thing done, and whether all stayed within the limit."""
    if not MUSIC.is_dir() or not Path("/proc/self/smaps_rollup").exists():
        print("bench_library_memory: needs the shared music and Linux")
        return
    sizes = [int(word) for word in sys.argv[1:]] or [200, 1000]
    adding: list[float] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as place:
            music, library = Path(place, "music"), Path(place, "library")
            music.mkdir()
            write_music(music, size)
            commands = {
                "add": ("-m", "tui", "corpus", "add", str(music), "--library", str(library)),
                "add again": ("-m", "tui", "corpus", "add", str(music), "--library", str(library)),
                "doctor": ("-m", "tui", "corpus", "doctor", "--trouble", "--library", str(library)),
                "stream": ("-c", STREAM, str(library)),
            }
            for name, command in commands.items():
                seconds, peak, last = run(*command)
                print(f"{size:6} files  {name:9}  {seconds:6.1f} s  {peak:6.0f} MB  {last}", flush=True)
                if name == "add":
                    adding.append(peak)
    print(f"{sizes[-1] / sizes[0]:.0f} times the files: {adding[-1] / adding[0]:.2f} times the memory to add them")
    print(f"within {LIMIT_MB:.0f} MB: {'yes' if max(adding) < LIMIT_MB else 'NO'}, on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
