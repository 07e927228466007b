"""The engine's process on the app's side: started, restarted when it dies, its answers turned into messages.

Knows no widget. Fills wait here until the engine is ready; one runs at a time, so that each is given the song with the
takes of the fills before it.
"""

import asyncio
import contextlib
import os
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
from textual.message import Message

from model.engine_client import LOCAL_ENGINE, EngineClient, EngineDiedError
from model.protocol import (
    Answer,
    Cancel,
    CandidateTake,
    CellRef,
    Done,
    Failed,
    Fill,
    KeptBars,
    Progress,
    Ready,
    Request,
    Warm,
    song_take,
)
from song.errors import UserError
from song.parts import PARTS
from song.sections import CellKey, Song, Take
from tui.messages import CellWritten, EngineChanged, FillEnded, WritingChanged
from tui.view import Draft, EngineState, EngineStatus, Outstanding, cell_key, placed_cells

RESTART_DELAYS_SECONDS = (0.0, 0.5, 2.0)
"""Waits before each restart in a row; after the last the engine stays down until something is asked."""
PATIENCE_SECONDS = 60.0
"""For a word of an engine that is asked for something; compiling on a slow machine takes half of that."""
NICENESS = 7
"""The engine's niceness above the app's: beside a process as busy it still gets a sixth of a processor."""


class _FillJob(msgspec.Struct):
    """A fill and what has come of it; `sent` has the sections' ids in the order in which the engine was told them."""

    id: int
    cells: list[CellKey]
    seed: int
    takes: int
    kept: dict[CellKey, tuple[int, ...]]
    bars: dict[CellKey, int]
    sent: tuple[int, ...] = ()
    started: float = 0.0
    bars_written: int = 0
    written: dict[CellKey, list[Take]] = {}
    drafts: dict[CellKey, Draft] = {}

    def key_of(self, cell: CellRef) -> CellKey | None:
        """The cell that an answer is about, or None where it is none that was asked for."""
        key = CellKey(self.sent[cell.section], cell.part) if 0 <= cell.section < len(self.sent) else None
        return key if key in self.cells else None


class EngineSession:
    """The app's side of the engine. Run `run` in a worker; the other methods return at once."""

    def __init__(
        self,
        post: Callable[[Message], object],
        current_song: Callable[[], Song],
        command: Sequence[str] = LOCAL_ENGINE,
        *,
        takes: int = 1,
        restart_delays: Sequence[float] = RESTART_DELAYS_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """Make a session.

        Args:
            post: takes the messages of `tui.messages`.
            current_song: gives the song as it is.
            command: what starts the engine.
            takes: candidates asked for each cell, 1-64.
            restart_delays: seconds before each restart in a row, each 0 or more.
            clock: tells the time in seconds, from any moment on.
            patience: seconds to hear nothing before that is told, above 0.
        """
        self._post = post
        self._current_song = current_song
        self._command = tuple(command)
        self.takes = takes
        self.restart_delays = restart_delays
        self._status = EngineStatus()
        self._starting: asyncio.Task[EngineClient] | None = None
        self._client: EngineClient | None = None
        self._closed = False
        self._outbox: asyncio.Queue[Request] = asyncio.Queue()
        self._waiting: deque[_FillJob] = deque()
        self._running: _FillJob | None = None
        self._fill_ids = 0
        self._done = 0
        self._current: CellKey | None = None
        self._deaths = 0
        self._wanted = asyncio.Event()
        self._clock = clock
        self._patience = patience
        self._heard_at = clock()

    @property
    def status(self) -> EngineStatus:
        """The engine's present status."""
        return self._status

    @property
    def pid(self) -> int | None:
        """The engine's process id, or None while there is none."""
        return None if self._client is None else self._client.pid

    @property
    def last_fill_id(self) -> int:
        """The id of the last fill that was asked for, 0 before the first."""
        return self._fill_ids

    def writing(self) -> Outstanding:
        """The cells that were asked for and are not finished, and how far they have come."""
        jobs = [*([self._running] if self._running else []), *self._waiting]
        drafts = self._running.drafts if self._running else {}
        queued = frozenset(cell for job in jobs for cell in job.cells if cell not in drafts)
        return Outstanding(queued, dict(drafts), self._done, self._current, self._seconds_left(jobs))

    def _seconds_left(self, jobs: Sequence[_FillJob]) -> float | None:
        """Seconds that all that is asked for will take at the pace of the fill that runs; None before it has one."""
        job = self._running
        if job is None:
            return None
        arrived = sum(draft.bars_done for draft in job.drafts.values())
        written = job.bars_written + arrived
        outstanding = sum(one.bars[cell] for one in jobs for cell in one.cells) - arrived
        return max(0.0, (self._clock() - job.started) / written * outstanding) if written else None

    def fill(self, cells: Sequence[CellRef], seed: int, kept: Mapping[CellRef, tuple[int, ...]] = {}) -> int:
        """Ask for takes of cells, once the engine is ready and the fills before are over; returns the fill's id.

        An engine that is down is started again.

        Args:
            cells: cells of the song as it is.
            seed: 0 or more.
            kept: of cells that are not to be written as a whole, the bars that stay, from 0.
        """
        self._fill_ids += 1
        song = self._current_song()
        keys = [cell_key(song, cell) for cell in cells]
        staying = {cell_key(song, cell): bars for cell, bars in kept.items() if bars}
        bars = {key: song.sections[cell.section].bars for key, cell in zip(keys, cells, strict=True)}
        self._waiting.append(_FillJob(self._fill_ids, keys, seed, self.takes, staying, bars))
        self._wanted.set()
        self._send_next()
        self._post(WritingChanged(self.writing()))
        return self._fill_ids

    def cancel(self) -> None:
        """Stop every fill now; takes that have come stay."""
        jobs = [*([self._running] if self._running else []), *self._waiting]
        if self._running is not None:
            self._outbox.put_nowait(Cancel(self._running.id))
        self._running = None
        self._waiting.clear()
        for job in jobs:
            self._post(FillEnded(job.id, tuple(job.cells), "cancelled"))
        self._settle()

    def restart(self) -> None:
        """Start the engine anew: at once where it is down, else by ending the one there is."""
        self._wanted.set()
        if self._client is not None:
            self._client.kill()

    async def close(self) -> None:
        """End the engine there is, for good, and wait until it is gone."""
        self._closed = True
        if self._starting is None:
            return
        try:
            client = await asyncio.shield(self._starting)
        except EngineDiedError:
            return
        client.kill()
        await client.close()

    async def run(self) -> None:
        """Keep an engine alive until cancelled or closed."""
        while not self._closed:
            try:
                await self._serve()
            except EngineDiedError as error:
                if not self._closed:
                    await self._bury(str(error))

    async def _serve(self) -> None:
        """Talk to one engine until it dies."""
        # asyncio waits for ever for a process whose start was cancelled half-way (gh-103847), so nothing cancels this.
        self._starting = asyncio.create_task(EngineClient.start(self._command))
        client = await asyncio.shield(self._starting)
        give_way(client.pid)
        self._client = client
        self._heard_at = self._clock()
        self._outbox = asyncio.Queue()
        if self._status.state is EngineState.STARTING:
            self._set_status(EngineStatus(EngineState.WARMING))
        sender = asyncio.create_task(self._send_all(client, self._outbox))
        watch = asyncio.create_task(self._watch())
        try:
            async for answer in client.answers():
                self._receive(answer)
                # Answers that have come already are read without waiting: keys would wait for all of them.
                await asyncio.sleep(0)
        finally:
            self._client = None
            sender.cancel()
            watch.cancel()
            client.kill()
            await client.close()

    async def _send_all(self, client: EngineClient, outbox: asyncio.Queue[Request]) -> None:
        # A dead engine is noticed by whoever reads its answers.
        with contextlib.suppress(EngineDiedError):
            while True:
                request = await outbox.get()
                try:
                    await client.send(request)
                except EngineDiedError:
                    raise
                except UserError as error:
                    if self._running is not None and isinstance(request, Fill):
                        self._end(self._running, str(error))

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._patience / 20)
            self._notice_silence()

    def _notice_silence(self) -> None:
        """Say so where nothing has come for too long of what has been asked for, or of the greeting."""
        waited_for = self._running is not None or self._status.state is not EngineState.READY
        silent = waited_for and self._clock() - self._heard_at > self._patience
        if silent != self._status.silent:
            self._set_status(msgspec.structs.replace(self._status, silent=silent))

    async def _bury(self, reason: str) -> None:
        """After a death: give up the fill that ran, wait, and give up the rest too after too many deaths in a row."""
        job, self._running = self._running, None
        if job is not None:
            self._post(FillEnded(job.id, tuple(job.cells), reason))
        if self._deaths < len(self.restart_delays):
            delay = self.restart_delays[self._deaths]
            self._deaths += 1
            self._settle()
            self._set_status(EngineStatus(EngineState.RESTARTING, reason=reason))
            await asyncio.sleep(delay)
            return
        waiting, self._waiting = self._waiting, deque()
        for job in waiting:
            self._post(FillEnded(job.id, tuple(job.cells), reason))
        self._settle()
        self._set_status(EngineStatus(EngineState.DEAD, reason=reason))
        self._wanted.clear()
        await self._wanted.wait()
        self._deaths = 0
        self._set_status(EngineStatus(EngineState.RESTARTING, reason=reason))

    def _receive(self, answer: Answer) -> None:
        self._heard_at = self._clock()
        if self._status.silent:
            self._notice_silence()
        job = self._running
        match answer:
            case Ready(device=device):
                self._set_status(EngineStatus(EngineState.READY, device))
                if not self._waiting:
                    self._outbox.put_nowait(Warm(self._current_song(), self.takes))
                self._send_next()
            case Progress() if job is not None and answer.id == job.id and (key := job.key_of(answer.cell)):
                before = job.drafts.get(key, Draft())
                job.drafts[key] = Draft(answer.bars_done, before.notes + answer.notes)
                self._current = key
                self._post(WritingChanged(self.writing()))
            case CandidateTake() if job is not None and answer.id == job.id and (key := job.key_of(answer.cell)):
                self._collect(job, key, answer)
            case Done() if job is not None and answer.id == job.id:
                self._end(job, "")
            case Failed() if job is not None and answer.id in (None, job.id):
                self._end(job, answer.reason)

    def _collect(self, job: _FillJob, cell: CellKey, answer: CandidateTake) -> None:
        ready = self._client.ready if self._client is not None else None
        assert ready is not None, "takes come after the greeting"
        takes = job.written.setdefault(cell, [])
        takes.append(song_take(answer, ready))
        if len(takes) == job.takes:
            self._hand_over(job, cell)

    def _hand_over(self, job: _FillJob, cell: CellKey) -> None:
        takes = tuple(job.written.pop(cell))
        job.drafts.pop(cell, None)
        job.cells.remove(cell)
        job.bars_written += job.bars[cell]
        self._done += 1
        self._deaths = 0
        self._post(CellWritten(job.id, cell, takes, job.kept.get(cell, ())))
        self._post(WritingChanged(self.writing()))

    def _end(self, job: _FillJob, reason: str) -> None:
        for cell in list(job.written):
            self._hand_over(job, cell)
        self._running = None
        self._post(FillEnded(job.id, tuple(job.cells), reason))
        self._send_next()
        self._settle()

    def _send_next(self) -> None:
        """Send the next fill, with the song as it is now, without cells that have been locked or are gone."""
        while self._running is None and self._waiting and self._status.state is EngineState.READY:
            job = self._waiting.popleft()
            song = self._current_song()
            places = placed_cells(job.cells, song)
            free = [cell for cell in places if not song.sections[cell.section].cell(cell.part).locked]
            free.sort(key=lambda cell: (cell.section, PARTS.index(cell.part)))
            if not free:
                self._post(FillEnded(job.id))
                continue
            job.cells = [cell_key(song, cell) for cell in free]
            self._running, job.started = job, self._clock()
            self._heard_at = job.started
            job.sent = tuple(section.id for section in song.sections)
            kept = tuple(one for cell in free if (one := _kept(song, cell, job.kept.get(cell_key(song, cell), ()))))
            self._outbox.put_nowait(Fill(job.id, song, tuple(free), job.takes, job.seed, kept))

    def _settle(self) -> None:
        """Say how the writing stands, counting from none again once there is nothing to do."""
        if self._running is None and not self._waiting:
            self._done, self._current = 0, None
        self._post(WritingChanged(self.writing()))

    def _set_status(self, status: EngineStatus) -> None:
        self._status = status
        self._post(EngineChanged(status))


def _kept(song: Song, cell: CellRef, bars: tuple[int, ...]) -> KeptBars | None:
    """The bars that stay of a cell as it is now; None where there are none, or it has been emptied."""
    section = song.sections[cell.section]
    staying = tuple(bar for bar in bars if bar < section.bars)
    return KeptBars(cell, staying) if staying and section.cell(cell.part).phrase is not None else None


def give_way(pid: int) -> None:
    """Lower the priority of a process, which was just started in a session of its own, where that can be.

    Args:
        pid: the process.
    """
    if not hasattr(os, "setpriority"):
        return
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, pid) + NICENESS)
    # Linux divides its processors among sessions first, where niceness within one counts for nothing.
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(NICENESS))
