"""The process in which inputs of a kind are tried, with its limits; `run.py` starts it and hears its lines of JSON.

    python -m tests.mutations.child KIND FIRST_SEED COUNT SECONDS SCRATCH

A seed below 0 is a valid input, with nothing changed.
"""

import contextlib
import faulthandler
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import IO

from tests.mutations.kinds import KINDS
from tests.mutations.limits import MOST_BYTES, MOST_SECONDS, peak_bytes
from tests.mutations.mutate import mutated

_RUNAWAY_BYTES = 10 << 30
"""Of memory; more is an error of that input, not of the machine."""
_CROWDED = 6
"""The times by which an input may take longer where the machine has more to do than it has processors."""


class _TooLongError(BaseException):
    """More time than an input may take. Nothing that is to be tested catches it."""


def try_inputs(name: str, first: int, count: int, seconds: float, scratch: Path) -> None:
    """Try inputs of a kind, telling of each.

    Args:
        name: the kind.
        first: seed of the first input; the others follow.
        count: how many.
        seconds: after which no more are tried.
        scratch: a folder to work in.
    """
    kind, folder = KINDS[name], scratch / "work"
    folder.mkdir(exist_ok=True)
    os.chdir(folder)
    os.environ |= {"XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / "config")}
    resource.setrlimit(resource.RLIMIT_DATA, (_RUNAWAY_BYTES, _RUNAWAY_BYTES))
    tell, output = os.fdopen(os.dup(1), "w"), (scratch / "output").open("w+b")
    os.dup2(output.fileno(), 1)
    os.dup2(output.fileno(), 2)
    faulthandler.enable(output)

    # The room is imported once the folders of the user are those.
    from tests.mutations.reading import counts

    make, use, forms = kind.inputs()
    pool = make(folder)
    late, slowest = time.monotonic() + seconds, 0.0
    # The valid ones first: they are to be taken, or nothing is tested.
    for tried, seed in enumerate(chain(range(-len(pool), 0), range(first, first + count)), 1):
        if seed >= 0 and time.monotonic() > late:
            break
        rng = random.Random(f"{name} {seed}")
        files = dict(pool[seed]) if seed < 0 else mutated(rng, pool, forms)
        _lay(folder, files)
        (scratch / "seed").write_text(str(seed))
        output.seek(0)
        output.truncate()
        before, taken, problem = _contents(folder), _Taken(), ""
        try:
            with _limited(output, taken):
                use(folder, rng)
        except _TooLongError:
            problem = f"over {MOST_SECONDS:g} s\n{traceback.format_exc()}"
        except BaseException:
            problem = traceback.format_exc()
        if seed >= 0:
            slowest = max(slowest, taken.seconds())
        problem = problem or _printed(scratch / "output") or _changed(before, _contents(folder), kind.writes)
        too_much = peak_bytes() > MOST_BYTES
        if too_much:
            problem = problem or f"{peak_bytes()} bytes of memory"
        if problem:
            copied = _copy(files, scratch / "failures" / f"{name}-{seed}")
            print(json.dumps({"seed": seed, "problem": problem, "copy": copied}), file=tell)
        told = {"tried": tried, "peak": peak_bytes(), "slowest": slowest, **counts}
        print(json.dumps(told), file=tell, flush=True)
        # The peak would be told of all that come after.
        if too_much:
            break
    os.chdir(scratch)
    print(json.dumps({"done": True}), file=tell, flush=True)


class _Taken:
    """The time that an input takes."""

    def __init__(self) -> None:
        self._wall, self._processor = time.monotonic(), time.process_time()

    def seconds(self) -> float:
        """Its time by the clock; by the processor where others keep the machine busy, for that is no fault of it."""
        wall = time.monotonic() - self._wall
        busy = os.getloadavg()[0] > (os.cpu_count() or 1) + 1
        return min(wall, time.process_time() - self._processor) if busy and wall < _CROWDED * MOST_SECONDS else wall


@contextlib.contextmanager
def _limited(output: IO[bytes], taken: _Taken) -> Iterator[None]:
    """Break off what takes too long; end the process where that is of no use, since no Python code runs."""

    def look(_number: int, _frame: object) -> None:
        if taken.seconds() >= MOST_SECONDS:
            raise _TooLongError
        signal.setitimer(signal.ITIMER_REAL, 1.0)

    signal.signal(signal.SIGALRM, look)
    faulthandler.dump_traceback_later(2 * _CROWDED * MOST_SECONDS, exit=True, file=output)
    signal.setitimer(signal.ITIMER_REAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        faulthandler.cancel_dump_traceback_later()


def _lay(folder: Path, files: Mapping[str, bytes]) -> None:
    for one in folder.iterdir():
        shutil.rmtree(one) if one.is_dir() else one.unlink()
    _copy({"bystander.txt": b"as it was\n", **files}, folder)


def _copy(files: Mapping[str, bytes], folder: Path) -> str:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return str(folder)


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b""
        for path in folder.rglob("*")
    }


def _changed(before: Mapping[str, bytes], after: Mapping[str, bytes], writes: Sequence[str]) -> str:
    names = [name for name in sorted({**before, **after}) if before.get(name) != after.get(name)]
    # A folder for what may be written may be made.
    wrong = [name for name in names if not any(one.startswith(name) or name.startswith(one) for one in writes)]
    return f"files changed that were not to be written: {wrong}" if wrong else ""


def _printed(output: Path) -> str:
    sys.stdout.flush()
    sys.stderr.flush()
    said = output.read_text(errors="replace")
    return f"a traceback is printed\n{said}" if "Traceback (most recent call last)" in said else ""


if __name__ == "__main__":
    _kind, _first, _count, _seconds, _scratch = sys.argv[1:]
    try_inputs(_kind, int(_first), int(_count), float(_seconds), Path(_scratch))
    # Threads that a library has left must not hold up the end.
    os._exit(0)
