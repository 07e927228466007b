"""Requests to an engine."""

import os
import random
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from model.checkpoint import Card
from model.engine import Engine
from model.engine_input import EngineInput
from model.network import NetworkConfig
from model.protocol import Cancel, CellRef, Failed, Fill, KeptBars, Warm, encode
from model.writing.fill import Filler
from model.writing.fill_order import kept_music, quotations, stages
from song.parts import PARTS, Part
from song.sections import Song
from tests.mutations.mutate import Files
from tests.mutations.reading import check_line, written_song
from tests.mutations.texts import mutate_lines
from tests.tui_tests.driving import short_song

FORMS = {".lines": mutate_lines}


def make_requests(_folder: Path) -> list[Files]:
    song, short = written_song(), short_song()
    kept = (KeptBars(CellRef(1, Part.BASS), (0, 2)), KeptBars(CellRef(2, Part.BASS), (0,), 1))
    cells = tuple(CellRef(index, part) for index in (1, 2) for part in PARTS)
    lines = [Warm(short, 2), Fill(1, short, cells[:1]), Cancel(1), Fill(2, song, cells, 3, 9, kept), Cancel(2)]
    return [{"in.lines": b"".join(map(encode, some))} for some in (lines, lines[1:])]


class _Planner(Filler):
    """A filler that plans all that is asked for, and writes nothing."""

    def __init__(self) -> None:
        self._card = Card(NetworkConfig())

    def warm(self) -> None:
        pass

    def fill(
        self, song: Song, cells: Sequence[CellRef], takes: int, seed: int, kept: Sequence[KeptBars] = ()
    ) -> Iterator[None]:
        kept_of = {one.cell: one for one in kept}
        quotes = quotations(song, cells, kept_of)
        for stage in stages(cells, kept_of, quotes):
            for cell in stage[:8]:
                job = self._job(song, cell, seed, *kept_music(cell, kept_of, quotes, song, song, cells))
                self._row(song, job, seed, 0)
            yield None


def use_requests(folder: Path, _rng: random.Random) -> None:
    """Say lines to an engine whose filler plans, and hear its answers."""
    answers: list[Any] = []
    engine = Engine(_Planner(), answers.append)
    reading, writing = os.pipe()
    heard = EngineInput(reading, leave=lambda code: None, grace=0.0)
    heard.start()
    heard.listen(engine.receive, answers.append, lambda: engine._requests.put(None))

    def write() -> None:
        with open(writing, "wb") as file:  # noqa: PTH123 - a descriptor
            file.write((folder / "in.lines").read_bytes())

    threading.Thread(target=write, daemon=True).start()
    engine.work()
    os.close(reading)
    for answer in answers:
        if isinstance(answer, Failed):
            check_line(answer.reason)
            assert not answer.reason.startswith("the engine could not do this"), answer.reason
