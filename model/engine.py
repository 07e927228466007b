"""The engine: a process that takes fills on stdin and answers on stdout, one JSON message a line.

The main thread samples; others read requests (`model.engine_input`), so that a cancel is seen between two chunks of a
fill. Fills are done one after another in the order they came. When stdin closes, the engine ends.
"""

import queue
import threading
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from model.checkpoint import SHIPPED, load_weights
from model.critic.judge import load_critic
from model.engine_input import EngineInput
from model.nn.devices import describe_device, describe_machine, keep_compiled_programs
from model.originality.copy_meter import load_meter
from model.protocol import (
    PROTOCOL_VERSION,
    Answer,
    Cancel,
    CandidateTake,
    CellRef,
    Done,
    Failed,
    Fill,
    Progress,
    Ready,
    Request,
    SharedRun,
    Warm,
    encode,
    request_problem,
)
from model.writing.fill import CellProgress, CellTakes, Filler, WrittenTake
from song.errors import in_one_line
from song.messages import private_stdout
from song.notes import Note
from song.terminal_text import say_error

MOST_WAITING = 64
"""Fills and warmings that wait for their turn, inclusive."""


def engine_version() -> str:
    """The version that takes record."""
    try:
        return version("dropsmith")
    except PackageNotFoundError:
        return "source"


class Engine:
    """Answers requests, one fill at a time."""

    def __init__(self, filler: Filler, send: Callable[[Answer], None]) -> None:
        self._filler, self._send = filler, send
        self._requests: queue.SimpleQueue[Fill | Warm | None] = queue.SimpleQueue()
        self._outstanding: set[int] = set()
        self._cancelled: set[int] = set()
        self._closing = False

    def receive(self, request: Request) -> None:
        """Take a request in; may be called from another thread."""
        if isinstance(request, Cancel):
            if request.id in self._outstanding:
                self._cancelled.add(request.id)
        elif self._requests.qsize() >= MOST_WAITING:
            self._send(Failed(getattr(request, "id", None), f"more than {MOST_WAITING} requests wait: ask for less"))
        else:
            if isinstance(request, Fill):
                self._outstanding.add(request.id)
            self._requests.put(request)

    def close(self) -> None:
        """Let `work` return at the next chunk; nobody is left to read what is still to be written."""
        self._closing = True
        self._requests.put(None)

    def work(self) -> None:
        """Do requests in turn until `close`."""
        while (request := self._requests.get()) is not None and not self._closing:
            try:
                self._do(request)
            except BrokenPipeError:
                raise
            # It may come from anywhere below, and the next request may well be done.
            except Exception as error:
                reason = f"the engine could not do this: {in_one_line(error)}"
                if isinstance(request, Warm):
                    say_error(reason)
                else:
                    self._send(Failed(request.id, reason))
            finally:
                if isinstance(request, Fill):
                    self._outstanding.discard(request.id)
                    self._cancelled.discard(request.id)

    def _do(self, request: Fill | Warm) -> None:
        problem = request_problem(request)
        if isinstance(request, Warm):
            if problem:
                raise ValueError(problem)
            self._warm(request)
        elif problem:
            self._send(Failed(request.id, problem))
        else:
            self._fill(request)

    def _warm(self, request: Warm) -> None:
        cells = [CellRef(section, part) for section, part in request.song.cell_refs()]
        for some in (cells[:1], cells):
            if some:
                # One chunk compiles all that a fill of this size needs: a part over all its sections is one batch.
                next(iter(self._filler.fill(request.song, some, request.takes, 0)), None)
        self._filler.warm()

    def _fill(self, request: Fill) -> None:
        started = time.monotonic()
        sent: dict[CellRef, set[Note]] = {}
        for step in self._filler.fill(request.song, request.cells, request.takes, request.seed, request.kept):
            if self._closing:
                return
            if request.id in self._cancelled:
                self._send(Failed(request.id, "cancelled"))
                return
            if isinstance(step, CellProgress):
                known = sent.setdefault(step.cell, set())
                new = tuple(note for note in step.phrase.notes if note not in known)
                known.update(new)
                self._send(Progress(request.id, step.cell, step.bars_done, new))
            elif isinstance(step, CellTakes):
                for take in step.takes:
                    self._send(_candidate(request, step.cell, take))
        self._send(Done(request.id, round(time.monotonic() - started, 3)))


def serve(requests: EngineInput, weights_path: Path = SHIPPED) -> None:
    """Run an engine on this process's stdout until its input ends.

    Args:
        requests: the input, started.
        weights_path: the weights that it writes with.

    Raises:
        UserError: where the weights cannot be read.
    """
    output = private_stdout()
    lock = threading.Lock()

    def send(answer: Answer) -> None:
        with lock:
            output.write(encode(answer))
            output.flush()

    try:
        keep_compiled_programs()
        weights = load_weights(weights_path)
        engine = Engine(Filler(weights, load_meter(weights_path), load_critic(weights_path)), send)
        send(Ready(PROTOCOL_VERSION, engine_version(), weights.digest, describe_device(), describe_machine()))
        requests.listen(engine.receive, send, engine.close)
        engine.work()
    except BrokenPipeError:
        return


def _candidate(request: Fill, cell: CellRef, take: WrittenTake) -> CandidateTake:
    run = take.shared
    shared = SharedRun(run.notes, round(run.bars, 3), run.source, run.name, run.bar) if run.notes else None
    critic = None if take.critic is None else round(take.critic, 4)
    return CandidateTake(request.id, cell, take.phrase, request.seed, round(take.nats_per_note, 4), shared, critic)
