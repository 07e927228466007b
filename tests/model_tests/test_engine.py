"""The real engine as its own process, over the real protocol, with a network that has learned nothing."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from model.engine_client import EngineClient, EngineDiedError
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
    Warm,
)
from song.parts import Part
from song.templates import song_from_form

pytestmark = pytest.mark.asyncio(loop_scope="module")

SONG = song_from_form()
DROP_BASS = CellRef(2, Part.BASS)
TAKES = 2
"""Takes of every fill: each number of them is compiled by itself."""


@pytest.fixture(scope="module")
def command(tiny_weights_path: Path) -> tuple[str, ...]:
    return (sys.executable, "-m", "model", "engine", "--weights", str(tiny_weights_path))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine(command: tuple[str, ...]) -> AsyncIterator[EngineClient]:
    """One engine for the tests that it outlives, its greeting read."""
    client = await EngineClient.start(command)
    assert isinstance(await anext(client.answers()), Ready)
    yield client
    await client.close()


async def until(answers: AsyncIterator[Answer], is_last: Callable[[Answer], bool]) -> list[Answer]:
    seen = []
    async for answer in answers:
        seen.append(answer)
        if is_last(answer):
            return seen
    raise AssertionError("the engine ended before it said so")


async def test_a_fill_greets_reports_bars_gives_its_takes_and_ends(engine: EngineClient) -> None:
    assert engine.ready is not None
    assert engine.ready.protocol == PROTOCOL_VERSION
    assert len(engine.ready.weights) == 16
    await engine.send(Fill(3, SONG, (DROP_BASS,), TAKES, seed=11))
    seen = await until(engine.answers(), lambda answer: isinstance(answer, Done))
    bars = [answer.bars_done for answer in seen if isinstance(answer, Progress)]
    takes = [answer for answer in seen if isinstance(answer, CandidateTake)]
    assert bars == sorted(bars)
    assert bars[-1] == 16
    assert len(takes) == TAKES
    assert {take.cell for take in takes} == {DROP_BASS}
    assert all(take.phrase.bars == 16 and take.seed == 11 and take.id == 3 for take in takes)


async def test_a_cancelled_fill_ends_and_the_next_one_goes_on(engine: EngineClient) -> None:
    everything = tuple(CellRef(index, part) for index, part in SONG.cell_refs())
    await engine.send(Fill(1, SONG, everything, TAKES))
    await engine.send(Cancel(1))
    await engine.send(Fill(2, SONG, (DROP_BASS,), TAKES))
    seen = await until(engine.answers(), lambda answer: isinstance(answer, Done))
    assert Failed(1, "cancelled") in seen
    assert seen[-1].id == 2


async def test_nonsense_is_answered_and_survived(engine: EngineClient) -> None:
    engine._process.stdin.write(b'{"type": "dance"}\nnot json\n\xff\xfe\n')
    await engine.send(Fill(5, SONG, (CellRef(99, Part.LEAD),)))
    await engine.send(Fill(6, SONG, (DROP_BASS,), takes=65))
    await engine.send(Warm(SONG, TAKES))
    await engine.send(Fill(7, SONG, (DROP_BASS,), TAKES))
    seen = await until(engine.answers(), lambda answer: isinstance(answer, Done))
    failures = [answer for answer in seen if isinstance(answer, Failed)]
    assert [failure.id for failure in failures] == [None, None, None, 5, 6]
    assert "no section 99" in failures[3].reason


async def test_a_killed_engine_is_told_and_another_can_be_started(command: tuple[str, ...]) -> None:
    client = await EngineClient.start(command)
    answers = client.answers()
    await anext(answers)
    await client.send(Fill(1, SONG, (DROP_BASS,)))
    os.kill(client.pid, signal.SIGKILL)
    with pytest.raises(EngineDiedError, match="the engine ended"):
        await until(answers, lambda answer: isinstance(answer, Done))
    await client.close()
    again = await EngineClient.start(command)
    assert isinstance(await anext(again.answers()), Ready)
    await again.close()


async def test_the_engine_ends_when_nobody_listens_any_more(command: tuple[str, ...]) -> None:
    client = await EngineClient.start(command)
    await anext(client.answers())
    client._process.stdin.close()
    assert await asyncio.wait_for(client._process.wait(), 10) == 0
    await client.close()
