"""Worker processes for many inputs, on all cores: an input may end or hold up its process.

`corpus.library.intake` says what is run.
"""

import multiprocessing
import os
import re
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from itertools import count, islice
from pathlib import Path
from typing import TypeVar

import msgspec

from song.command_line import collect_seldom
from song.errors import UserError

if sys.platform != "win32":
    import resource

Job = TypeVar("Job")
Result = TypeVar("Result")

_AHEAD = 2
"""Inputs a worker that are handed out at a time: few, so that few are asked again when a process ends."""
_SHARED_BYTES = 700_000_000
"""Memory that all workers together may take beyond what they start with. Reading takes 50 MB of address space."""


class Limits(msgspec.Struct, frozen=True):
    """Limits on a worker, where the system can bound it.

    Attributes:
        seconds: of processor time for one input.
        memory_bytes: of memory beyond what it starts with.
    """

    seconds: float
    memory_bytes: int = _SHARED_BYTES


def run_guarded(
    function: Callable[[Job], Result],
    jobs: Iterable[Job],
    workers: int,
    seconds: float,
    is_large: Callable[[Job], bool] = lambda job: False,
) -> Iterator[tuple[Job, Result | None]]:
    """Each input with the result of a function, as it comes; None for one that ends its process or takes too much.

    An input that is large, or runs out of the memory that a worker may take, has its turn at the end, alone.

    Args:
        function: at the top level of a module; what it raises is raised here, but for a `MemoryError`.
        jobs: taken from as workers come free.
        workers: processes at a time, 1 or more.
        seconds: of processor time for one input, where the system can count it.
        is_large: whether an input is not to be read beside others.

    Raises:
        UserError: where no process can be started.
        Exception: what the function raises.
    """
    large: list[Job] = []
    small = _smaller(jobs, is_large, large)
    share = Limits(seconds, _SHARED_BYTES // workers)
    going = True
    while going:
        handed: dict[int, Job] = {}
        try:
            with _pool(workers) as pool:
                yield from _run(pool, function, small, handed, large, workers * _AHEAD, share)
            going = False
        except BrokenProcessPool:
            pass
        # One of these ended its process. Alone, each answers for itself.
        yield from _one_by_one(function, handed.values(), Limits(seconds))
    yield from _one_by_one(function, large, Limits(seconds))


def _smaller(jobs: Iterable[Job], is_large: Callable[[Job], bool], large: list[Job]) -> Iterator[Job]:
    """The inputs that are not large; those that are go on a list."""
    for job in jobs:
        if is_large(job):
            large.append(job)
        else:
            yield job


def _run(
    pool: ProcessPoolExecutor,
    function: Callable[[Job], Result],
    waiting: Iterator[Job],
    handed: dict[int, Job],
    large: list[Job],
    most: int,
    limits: Limits,
) -> Iterator[tuple[Job, Result | None]]:
    """Results as they come, with what is not finished in `handed`, and what is too large for now in `large`."""
    numbers = count()
    running: dict[Future[Result], int] = {}
    while True:
        for job in islice(waiting, most - len(running)):
            number = next(numbers)
            handed[number] = job
            running[pool.submit(_limited, function, job, limits)] = number
        if not running:
            return
        finished, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            try:
                result = future.result()
            except MemoryError:
                large.append(handed.pop(running.pop(future)))
                continue
            yield handed.pop(running.pop(future)), result


def _one_by_one(
    function: Callable[[Job], Result], jobs: Iterable[Job], limits: Limits
) -> Iterator[tuple[Job, Result | None]]:
    left = deque(jobs)
    while left:
        with _pool(1) as pool:
            broken = False
            while left and not broken:
                job, result = left.popleft(), None
                try:
                    result = pool.submit(_limited, function, job, limits).result()
                except BrokenProcessPool:
                    broken = True
                except MemoryError:
                    pass  # No result says so.
                yield job, result


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    # Spawned, not forked: the process that asks may hold threads.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start)
    try:
        try:
            pool.submit(os.getpid).result()
        except (BrokenProcessPool, OSError) as error:
            raise UserError("cannot start another process: close some programs and try again") from error
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _start() -> None:
    """Make a worker leave Ctrl-C to its parent, and end with it, however that ends."""
    collect_seldom()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # All cores are busy with files already; a thread a core in each of them would only take memory.
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    parent = multiprocessing.parent_process()
    if parent is not None:

        def follow() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=follow, daemon=True).start()


def _limited(function: Callable[[Job], Result], job: Job, limits: Limits) -> Result:
    """Run a function under limits that hold inside C code too: past its time the system ends the process."""
    if sys.platform == "win32":
        return function(job)
    _bound_memory(limits.memory_bytes)
    signal.setitimer(signal.ITIMER_PROF, limits.seconds)
    try:
        return function(job)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


@cache
def _bound_memory(more_bytes: int) -> None:
    """Let this process take so much memory more than it has now, once it has loaded what it needs."""
    status = Path("/proc/self/status")
    if sys.platform == "win32" or not status.exists():
        return
    found = re.search(r"^VmData:\s+(\d+) kB", status.read_text(), re.MULTILINE)
    if found:
        limit = int(found[1]) * 1024 + more_bytes
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard == resource.RLIM_INFINITY or limit < hard:
            resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
