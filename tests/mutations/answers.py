"""Answers of an engine, as `dropsmith compose` and the app hear them."""

import asyncio
import contextlib
import random
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec

from model.engine_client import EngineClient
from model.protocol import MOST_LINE_BYTES, CandidateTake, CellRef, Done, Failed, Progress, Ready, SharedRun, encode
from song.sections import Song
from tests.mutations.mutate import Files
from tests.mutations.reading import check_line, check_song, refused, written_song
from tests.mutations.texts import mutate_lines
from tests.tui_tests.driving import short_song
from tui.compose import compose
from tui.engine_session import EngineSession
from tui.messages import CellWritten, FillEnded
from tui.view import EngineState
from tui.workspace import Workspace

FORMS = {".lines": mutate_lines}


def make_answers(_folder: Path) -> list[Files]:
    """The answers to a fill of every cell of a song, as the fake engine gives them."""
    song = written_song()
    shared = SharedRun(9, 2.5, "starter", "a piece", 3)
    lines: list[Any] = [Ready(1, "fake 1", "0" * 8, "cpu", "box")]
    for index, part in song.cell_refs():
        cell, phrase = CellRef(index, part), song.sections[index].cell(part).takes[0].phrase
        lines.append(Progress(1, cell, song.sections[index].bars, phrase.notes))
        lines.append(CandidateTake(1, cell, phrase, 7, 1.25, shared, 0.5))
    whole, failed = [*lines, Done(1, 1.0)], [*lines[:5], Failed(1, "no luck")]
    return [{"in.lines": b"".join(map(encode, some))} for some in (whole, failed, whole)]


class _Said:
    """A process that has said all it will, whatever it is told."""

    def __init__(self, data: bytes) -> None:
        self.pid, self.returncode = 2**30, 0
        self.stdin, self.stdout = self, asyncio.StreamReader(limit=MOST_LINE_BYTES)
        self.stderr = asyncio.StreamReader()
        self.stdout.feed_data(data)
        self.stdout.feed_eof()
        self.stderr.feed_eof()

    def write(self, data: bytes) -> None:
        pass

    async def drain(self) -> None:
        pass

    def close(self) -> None:
        pass

    def kill(self) -> None:
        pass

    async def wait(self) -> int:
        return 0


def use_answers(folder: Path, _rng: random.Random) -> None:
    """Compose with an engine that says those lines, and have the app hear them."""
    data = (folder / "in.lines").read_bytes()

    async def start(*_command: Any) -> EngineClient:
        return EngineClient(_Said(data))  # type: ignore[arg-type]

    with patch.object(EngineClient, "start", start):
        song = short_song()
        composed = refused(lambda: compose(song, 1, command=("said",)))
        if composed is not None:
            check_song(composed.song)
            msgspec.json.encode(composed.report())
        asyncio.run(_hear(song))


async def _hear(song: Song) -> None:
    work = Workspace(song)

    def hear(message: Any) -> None:
        if isinstance(message, CellWritten):
            refused(lambda: work.accept(message.fill_id, message.cell, message.takes, message.kept))
        elif isinstance(message, FillEnded) and message.reason:
            check_line(message.reason)

    session = EngineSession(hear, lambda: work.song, ("said",), restart_delays=())
    session.fill([CellRef(index, part) for index, part in song.cell_refs()], 7)
    running = asyncio.create_task(session.run())
    while session.status.state is not EngineState.DEAD and not running.done():
        await asyncio.sleep(0.001)
    session.writing()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    check_song(work.song)
