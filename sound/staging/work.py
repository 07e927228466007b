"""Jobs done in two threads of their own: what is waited for in one, what may be wanted later in another that gives way.

Only what was asked for last is done: a new list of jobs takes the place of the one before, and a job that is not on it
is told to stop.
"""

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import msgspec

_END_SECONDS = 2.0
_NICENESS = 10
"""Of the thread that works ahead, above this process's."""


class Job(msgspec.Struct, frozen=True):
    """Something to be done.

    Attributes:
        key: tells it from others; one that is under way goes on where it is asked for again.
        do: does it; is given what says whether to stop, and may raise.
        ahead: whether nobody waits for it as yet.
    """

    key: Hashable
    do: Callable[[Callable[[], bool]], Any]
    ahead: bool = False


Done = Callable[[Hashable, Any, BaseException | None], object]


class Work:
    """Two threads, which end with the process at the latest."""

    def __init__(self, done: Done) -> None:
        """Start them.

        Args:
            done: told each job's key, its result, and its error where it came to one; called in the threads.
        """
        self._done = done
        self._changed = threading.Condition()
        self._jobs: tuple[Job, ...] = ()
        self._running: dict[Hashable, bool] = {}
        self._closed = False
        self._threads = [
            threading.Thread(target=self._run, args=(ahead,), name=f"work-{ahead}", daemon=True)
            for ahead in (False, True)
        ]
        for thread in self._threads:
            thread.start()

    def want(self, jobs: Sequence[Job]) -> None:
        """Do these, the first first, and nothing else any more."""
        with self._changed:
            self._jobs = tuple(job for job in jobs if job.key not in self._running)
            wanted = {job.key for job in jobs}
            for key in self._running:
                self._running[key] = key not in wanted
            self._changed.notify_all()

    def close(self) -> None:
        """End the threads, what is under way being told to stop; nothing is told any more.

        They are waited for: a process that ends while one of them computes is aborted.
        """
        with self._changed:
            self._closed = True
            self._jobs = ()
            for key in self._running:
                self._running[key] = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(_END_SECONDS)

    @property
    def busy(self) -> bool:
        """True while anything is done or waits."""
        return bool(self._running or self._jobs)

    def _run(self, ahead: bool) -> None:
        if ahead and sys.platform == "linux":
            # There a thread has a niceness of its own.
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        while True:
            with self._changed:
                while (job := self._next(ahead)) is None:
                    if self._closed:
                        return
                    self._changed.wait()
                self._jobs = tuple(one for one in self._jobs if one is not job)
                self._running[job.key] = False
            result, error, told = None, None, _ToldToStop(self._running, job.key)
            try:
                result = job.do(told)
            # It may come from anywhere below, and the thread has more to do.
            except Exception as one:
                error = one
            with self._changed:
                dropped = self._running.pop(job.key, True)
                if self._closed:
                    return
                if told.once and not dropped:
                    # Asked for again after it was told: it is done anew.
                    self._jobs = (job, *self._jobs)
                self._changed.notify_all()
            if not told.once:
                self._done(job.key, result, error)

    def _next(self, ahead: bool) -> Job | None:
        urgent = next((job for job in self._jobs if not job.ahead), None)
        if not ahead:
            return urgent
        return None if urgent is not None else next((job for job in self._jobs if job.ahead), None)


class _ToldToStop:
    """Tells a job whether to stop, and remembers that it did."""

    def __init__(self, running: dict[Hashable, bool], key: Hashable) -> None:
        self._running, self._key = running, key
        self.once = False

    def __call__(self) -> bool:
        self.once = self.once or self._running.get(self._key, True)
        return self.once
