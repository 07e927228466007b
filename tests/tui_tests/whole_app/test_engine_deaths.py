"""The engine killed at any moment: while it starts, between fills, in the middle of one. What was accepted stays."""

import asyncio
import os
import random
import re
import signal

import pytest

from song.sections import Song, Take
from tests.tui_tests.driving import Driver, running, short_song
from tui.view import EngineState

KILLS = 8
TOLD = re.compile("engine (restart|down)")


def takes_of(song: Song) -> list[tuple[Take, ...]]:
    return [song.sections[index].cell(part).takes for index, part in song.cell_refs()]


def kept(before: Song, after: Song) -> bool:
    """True where every take is still there, in its cell and its place."""
    pairs = zip(takes_of(before), takes_of(after), strict=True)
    return all(new[: len(old)] == old for old, new in pairs)


async def kill_the_engine(app: Driver) -> None:
    killed = app.main.session.pid
    if killed is not None:
        os.kill(killed, signal.SIGKILL)
        await app.until(lambda: app.main.session.pid != killed and TOLD.search(app.main.note))


@pytest.mark.parametrize("seed", [1, 2])
async def test_it_is_restarted_and_told_and_every_take_and_edit_stays(seed: int) -> None:
    dice = random.Random(seed)
    async with running("--bar-delay=0.004", song=short_song(), restart_delays=(0.0,) * 3) as app:
        await app.press("t")
        for number in range(KILLS):
            await app.press("home", "+", dice.choice(("A", "F", "f", "down")))
            # The moment is what is tried here: before it is ready, while it writes, or after.
            await asyncio.sleep(dice.uniform(0, 0.4))
            before = app.song
            await kill_the_engine(app)
            assert kept(before, app.song)
            tempo = app.song.sections[0].constraints.tempo_bpm[0]
            assert tempo == short_song().sections[0].constraints.tempo_bpm[0] + number + 1
            await app.press("escape")
            await app.until(lambda: not app.view.writing.busy)
        before = app.song
        await app.press("A")
        await app.until(lambda: app.work.empty_cells() == 0)
        await app.until_written()
        assert app.view.engine.state is EngineState.READY
        assert kept(before, app.song)
        assert app.taken() > sum(len(takes) for takes in takes_of(before))
