"""Composing a whole song without the app: every cell filled through the engine. `tui.cli` writes the files."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from model.engine_client import LOCAL_ENGINE, PATIENCE_SECONDS, EngineClient, EngineDiedError
from model.protocol import CandidateTake, CellRef, Done, Failed, Fill, Progress, Ready, song_take, varied_cells
from song.edits.bars import within_range
from song.edits.takes import add_takes
from song.errors import UserError
from song.parts import Part
from song.report import describe_cells, describe_sections
from song.sections import Song
from song.variation import KEPT_SHARE

ATTEMPTS = 2
"""Starts of the engine before its death is taken as an error."""

OnProgress = Callable[[int], None]


def in_tenths(total: int, tell: Callable[[str], object]) -> OnProgress:
    """A progress that is told as lines of text, one for each tenth of the bars."""
    told = 0

    def progress(bars: int) -> None:
        nonlocal told
        tenths = 10 * bars // total
        if tenths > told:
            told = tenths
            tell(f"composing: {bars} of {total} bars")

    return progress


class ComposedSong(msgspec.Struct, frozen=True):
    """A composed song and what the report says of it.

    Attributes:
        song: every unlocked cell filled, the best take chosen.
        engine, weights, device, machine: what wrote it.
        seconds: from the start of the engine to the last take.
    """

    song: Song
    engine: str
    weights: str
    device: str
    seconds: float
    machine: str = ""

    def report(self) -> dict[str, Any]:
        """The report that `compose --report` writes; bars are counted from 0."""
        return {
            "seed": self.song.seed,
            "weights": self.weights,
            "engine": self.engine,
            "device": self.device,
            "machine": self.machine,
            "seconds": round(self.seconds, 3),
            "sections": describe_sections(self.song),
            "cells": describe_cells(self.song),
        }


def compose(
    song: Song,
    takes: int,
    on_progress: OnProgress = lambda bars: None,
    command: Sequence[str] = LOCAL_ENGINE,
    keep: float = KEPT_SHARE,
) -> ComposedSong:
    """Fill every cell of a song.

    Args:
        song: with its seed.
        takes: candidates a cell, 1-64; the best is chosen.
        on_progress: told how many bars of cells are written in all; `song.bars` times the parts is the end.
        command: what starts the engine.
        keep: how much of the first drop a later drop keeps, 0-1; 0 writes it anew.

    Raises:
        UserError: where the engine cannot be started, dies twice, or refuses.
    """
    return asyncio.run(_compose(song, takes, on_progress, command, keep))


async def _compose(
    song: Song, takes: int, on_progress: OnProgress, command: Sequence[str], keep: float
) -> ComposedSong:
    for attempt in range(ATTEMPTS):
        client = await EngineClient.start(command)
        try:
            return await _fill(client, song, takes, on_progress, keep)
        except EngineDiedError:
            if attempt == ATTEMPTS - 1:
                raise
        finally:
            await client.close()
    raise AssertionError("unreachable")


async def _fill(client: EngineClient, song: Song, takes: int, on_progress: OnProgress, keep: float) -> ComposedSong:
    started = time.monotonic()
    cells = tuple(CellRef(index, part) for index, part in song.cell_refs())
    bars_done: dict[CellRef, int] = {}
    candidates: dict[CellRef, list[CandidateTake]] = {}
    ready: Ready | None = None
    async for answer in client.answers(PATIENCE_SECONDS):
        match answer:
            case Ready():
                ready = answer
                await client.send(Fill(1, song, cells, takes, song.seed, varied_cells(song, cells, keep)))
            case Progress():
                bars_done[answer.cell] = answer.bars_done
                on_progress(sum(bars_done.values()))
            case CandidateTake():
                candidates.setdefault(answer.cell, []).append(answer)
            case Failed():
                raise UserError(f"the engine could not fill the song: {answer.reason}")
            case Done():
                break
    if ready is None or not candidates.keys() >= set(cells):
        raise UserError("the engine ended before it had written every cell: give the same command again")
    for cell in cells:
        written = tuple(song_take(candidate, ready) for candidate in candidates[cell])
        if cell.part is not Part.DRUMS:
            low, high = song.sections[cell.section].constraints.pitch_range(cell.part)
            written = tuple(within_range(take, low, high) for take in written)
        song = add_takes(song, cell.section, cell.part, written)
    return ComposedSong(song, ready.engine, ready.weights, ready.device, time.monotonic() - started, ready.machine)
