"""Running kinds of input, each in a process of its own, and telling the outcome."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.places import ROOT


class Failure(NamedTuple):
    """An input that did what it must not."""

    kind: str
    seed: int
    problem: str
    copy: str


class Outcome(NamedTuple):
    """The outcome of some inputs of a kind.

    Attributes:
        tried: how many there were.
        taken, refused: reads that gave something, and that ended in a line; an input may be read in several ways.
        peak_bytes: the most memory that the process has held.
        slowest_seconds: the time of the slowest input.
        failures: those that did what they must not.
    """

    tried: int
    taken: int
    refused: int
    peak_bytes: int
    slowest_seconds: float
    failures: list[Failure]


def run_kind(name: str, scratch: Path, *, first: int = 0, count: int, seconds: float = 1e9) -> Outcome:
    """Try inputs of a kind in a process of its own, which an input may end.

    Args:
        name: the kind.
        scratch: a folder to work in; failures are copied into its "failures".
        first: seed of the first input, 0 or more; the others follow.
        count: how many.
        seconds: after which no more are tried.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    environment = {
        # As in all tests: programs are kept, and compiled quickly.
        "XDG_CACHE_HOME": str(ROOT / ".pytest_cache" / "programs"),
        "XLA_FLAGS": "--xla_backend_optimization_level=0 --xla_cpu_use_fusion_emitters=false",
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "0",
        "JAX_PLATFORMS": "cpu",
    }
    command = [sys.executable, "-m", "tests.mutations.child", name, *map(str, (first, count, seconds, scratch))]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment)
    last: dict[str, Any] = {"tried": 0, "taken": 0, "refused": 0, "peak": 0, "slowest": 0.0}
    failures = []
    assert child.stdout is not None
    for line in child.stdout:
        told = json.loads(line)
        if "problem" in told:
            failures.append(Failure(name, told["seed"], told["problem"], told["copy"]))
        last |= told
    if child.wait() or "done" not in last:
        failures.append(_ended(name, scratch, child.returncode))
    return Outcome(last["tried"], last["taken"], last["refused"], last["peak"], last["slowest"], failures)


def _ended(name: str, scratch: Path, status: int) -> Failure:
    """The failure that an input's process has ended, of which nobody else could tell."""
    seed, output, work = (scratch / one for one in ("seed", "output", "work"))
    number = int(seed.read_text()) if seed.exists() else -1
    said = output.read_text(errors="replace")[-3000:] if output.exists() else ""
    copied = scratch / "failures" / f"{name}-{number}"
    if work.exists():
        shutil.copytree(work, copied, dirs_exist_ok=True)
    return Failure(name, number, f"the process ended with status {status}\n{said}", str(copied))


def run_in_turn(names: Sequence[str], minutes: float, first: int, scratch: Path) -> bool:
    """Try kinds in turn for some minutes, telling each round; returns whether nothing failed."""
    late, seeds = time.monotonic() + 60 * minutes, dict.fromkeys(names, first)
    share = max(5.0, min(60.0, 60 * minutes / len(names)))
    good = True
    while time.monotonic() < late:
        for name in names:
            left = late - time.monotonic()
            if left > 0:
                outcome = run_kind(name, scratch / name, first=seeds[name], count=10**9, seconds=min(share, left))
                seeds[name] += outcome.tried
                good &= tell_outcome(name, outcome)
    return good


def tell_outcome(name: str, outcome: Outcome) -> bool:
    """Print an outcome, each way of failing once; returns whether nothing failed."""
    reads = f"{outcome.taken} taken, {outcome.refused} refused"
    figures = f"{outcome.peak_bytes / 1e6:.0f} MB, slowest {outcome.slowest_seconds:.2f} s"
    print(f"{name}: {outcome.tried} tried; {reads}; {figures}", flush=True)
    ways: dict[str, list[Failure]] = {}
    for one in outcome.failures:
        frames = re.findall(r'File "\S*/((?:song|corpus|model|tui)/\S+)", line (\d+)', one.problem)
        ways.setdefault(f"{frames[-1:]} {one.problem.strip().splitlines()[-1][:60]}", []).append(one)
    for alike in ways.values():
        one = alike[0]
        lines = "\n".join(line[:200] for line in one.problem.splitlines()[-40:])
        print(f"  FAILED {name} seed {one.seed}, {len(alike)} alike, files in {one.copy}\n{lines}", flush=True)
    return not outcome.failures
