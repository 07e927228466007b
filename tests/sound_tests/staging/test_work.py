"""Jobs: the urgent first, those ahead only then, and nothing that is not asked for any more."""

import threading
from collections.abc import Callable, Hashable

from sound.staging.work import Job, Work

_PATIENCE_SECONDS = 10


class Told:
    def __init__(self) -> None:
        self.done: list[tuple[Hashable, object, str]] = []
        self.changed = threading.Condition()

    def __call__(self, key: Hashable, result: object, error: BaseException | None) -> None:
        with self.changed:
            self.done.append((key, result, str(error) if error else ""))
            self.changed.notify_all()

    def until(self, count: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.done) >= count, _PATIENCE_SECONDS)


def gives(value: object) -> Callable[[Callable[[], bool]], object]:
    return lambda stopped: value


def test_urgent_jobs_go_before_those_ahead() -> None:
    told = Told()
    work = Work(told)
    work.want([Job("later", gives(1), ahead=True), Job("a", gives(2)), Job("b", gives(3))])
    told.until(3)
    assert [key for key, _, _ in told.done] == ["a", "b", "later"]
    assert not work.busy


def test_what_is_not_wanted_any_more_is_stopped_and_not_told() -> None:
    told, begun, seen = Told(), threading.Event(), threading.Event()

    def endless(stopped: Callable[[], bool]) -> None:
        begun.set()
        while not stopped():
            pass
        seen.set()
        raise RuntimeError("stopped")

    work = Work(told)
    work.want([Job("endless", endless), Job("never", gives(0))])
    assert begun.wait(_PATIENCE_SECONDS)
    work.want([Job("new", gives(1))])
    assert seen.wait(_PATIENCE_SECONDS)
    told.until(1)
    assert told.done == [("new", 1, "")]


def test_a_job_under_way_goes_on_where_it_is_asked_for_again() -> None:
    told, go_on = Told(), threading.Event()
    stopped_at_the_end = []

    def wait(stopped: Callable[[], bool]) -> str:
        go_on.wait(_PATIENCE_SECONDS)
        stopped_at_the_end.append(stopped())
        return "done"

    work = Work(told)
    work.want([Job("one", wait)])
    while not work.busy or "one" not in work._running:
        pass
    work.want([Job("one", wait)])
    go_on.set()
    told.until(1)
    assert told.done == [("one", "done", "")]
    assert stopped_at_the_end == [False]


def test_an_error_is_told_and_the_rest_done() -> None:
    told = Told()

    def fails(stopped: Callable[[], bool]) -> None:
        raise ValueError("no")

    Work(told).want([Job("bad", fails), Job("good", gives(1))])
    told.until(2)
    assert told.done == [("bad", None, "no"), ("good", 1, "")]


def test_a_job_that_was_told_to_stop_is_done_anew_where_it_is_asked_for_again() -> None:
    told, runs, go_on = Told(), [], threading.Event()

    def once_stopped(stopped: Callable[[], bool]) -> str:
        runs.append(True)
        if len(runs) > 1:
            return "done"
        begun.set()
        while not stopped():
            pass
        saw.set()
        go_on.wait(_PATIENCE_SECONDS)
        raise RuntimeError("stopped")

    begun, saw = threading.Event(), threading.Event()
    work = Work(told)
    work.want([Job("one", once_stopped)])
    assert begun.wait(_PATIENCE_SECONDS)
    work.want([])
    assert saw.wait(_PATIENCE_SECONDS)
    work.want([Job("one", once_stopped)])
    go_on.set()
    told.until(1)
    assert told.done == [("one", "done", "")]


def test_a_close_ends_the_threads_and_tells_nothing_more() -> None:
    told, begun = Told(), threading.Event()

    def endless(stopped: Callable[[], bool]) -> None:
        begun.set()
        while not stopped():
            pass

    before = set(threading.enumerate())
    work = Work(told)
    work.want([Job("endless", endless), Job("never", gives(0))])
    assert begun.wait(_PATIENCE_SECONDS)
    work.close()
    assert set(threading.enumerate()) <= before
    assert told.done == []
