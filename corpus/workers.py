"""Runs a function over many inputs on all cores, and comes through when an input ends or holds up its process.

What is run is decided in `corpus.intake`.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import count, islice
from typing import TypeVar

from song.errors import UserError

Job = TypeVar("Job")
Result = TypeVar("Result")

_AHEAD = 2
"""Inputs a worker that are handed out at a time: few, so that few are asked again when a process ends."""


def run_guarded(
    function: Callable[[Job], Result], jobs: Iterable[Job], workers: int, seconds: float
) -> Iterator[tuple[Job, Result | None]]:
    """What a function makes of each input, as it comes; None for one that ends its process or takes too long.

    Args:
        function: at the top level of a module; what it raises is raised here.
        jobs: taken from as workers come free.
        workers: processes at a time, 1 or more.
        seconds: of processor time for one input, where the system can count it.

    Raises:
        UserError: where no process can be started.
        Exception: what the function raises.
    """
    waiting = iter(jobs)
    while True:
        handed: dict[int, Job] = {}
        try:
            with _pool(workers) as pool:
                yield from _run(pool, function, waiting, handed, workers * _AHEAD, seconds)
            return
        except BrokenProcessPool:
            suspects = list(handed.values())
        # One of these ended its process. Alone, each answers for itself.
        for job in suspects:
            yield job, _run_alone(function, job, seconds)


def _run(
    pool: ProcessPoolExecutor,
    function: Callable[[Job], Result],
    waiting: Iterator[Job],
    handed: dict[int, Job],
    most: int,
    seconds: float,
) -> Iterator[tuple[Job, Result | None]]:
    """Results as they come, with what is not finished in `handed`."""
    numbers = count()
    running: dict[Future[Result], int] = {}
    while True:
        for job in islice(waiting, most - len(running)):
            number = next(numbers)
            handed[number] = job
            running[pool.submit(_timed, function, job, seconds)] = number
        if not running:
            return
        finished, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            result = future.result()
            yield handed.pop(running.pop(future)), result


def _run_alone(function: Callable[[Job], Result], job: Job, seconds: float) -> Result | None:
    with _pool(1) as pool:
        try:
            return pool.submit(_timed, function, job, seconds).result()
        except BrokenProcessPool:
            return None


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
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:

        def follow() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=follow, daemon=True).start()


def _timed(function: Callable[[Job], Result], job: Job, seconds: float) -> Result:
    """Run a function under a limit that holds inside C code too: the system ends the process."""
    if not hasattr(signal, "setitimer"):
        return function(job)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return function(job)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
