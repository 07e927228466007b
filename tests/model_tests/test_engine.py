"""The real engine as its own process, over the real protocol, with a network that has learned nothing."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from model.engine import MOST_WAITING, Engine
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
from song.sections import Song
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
    await engine.send(Fill(6, msgspec.structs.replace(SONG, key="H dur"), (DROP_BASS,)))
    await engine.send(Warm(SONG, TAKES))
    await engine.send(Fill(7, SONG, (DROP_BASS,), TAKES))
    seen = await until(engine.answers(), lambda answer: isinstance(answer, Done))
    failures = [answer for answer in seen if isinstance(answer, Failed)]
    assert [failure.id for failure in failures] == [None, None, None, 5, 6]
    assert "no section 99" in failures[3].reason
    assert "the song cannot be: " in failures[4].reason


class BrokenFiller:
    """A filler that fails at its first fill and has nothing to write for the next."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def fill(self, song: Song, cells: object, takes: int, seed: int, kept: object = ()) -> Iterator[None]:
        self.asked.append(seed)
        if len(self.asked) == 1:
            raise RuntimeError("out of\nmemory")
        yield None

    def warm(self) -> None:
        raise RuntimeError("cold")


async def test_an_error_anywhere_in_a_fill_is_told_and_the_next_one_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    sent: list[Answer] = []
    engine = Engine(BrokenFiller(), sent.append)  # type: ignore[arg-type]
    for number in (1, 2):
        engine.receive(Fill(number, SONG, (DROP_BASS,), seed=number))
    engine.receive(Warm(SONG))
    engine.receive(Warm(SONG, takes=0))
    threading.Timer(0.2, engine.close).start()
    engine.work()
    assert sent[0] == Failed(1, "the engine could not do this: RuntimeError: out of memory")
    assert isinstance(sent[1], Done)
    assert sent[1].id == 2
    assert len(sent) == 2
    cold, wrong = capsys.readouterr().err.splitlines()
    assert cold.endswith("RuntimeError: cold")
    assert wrong.endswith("takes is 0, not 1-64")


async def test_more_than_can_wait_is_refused_and_a_cancel_of_nothing_is_forgotten() -> None:
    sent: list[Answer] = []
    engine = Engine(BrokenFiller(), sent.append)  # type: ignore[arg-type]
    for number in range(MOST_WAITING + 1):
        engine.receive(Cancel(number))
        engine.receive(Fill(number, SONG, (DROP_BASS,)))
    assert [answer.id for answer in sent if isinstance(answer, Failed)] == [MOST_WAITING]
    assert engine._cancelled == set()


async def test_an_engine_whose_app_dies_while_it_loads_ends_too(command: tuple[str, ...]) -> None:
    client = await EngineClient.start(command)
    client._process.stdin.close()
    assert await asyncio.wait_for(client._process.wait(), 10) == 0
    assert client.ready is None
    await client.close()


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


async def test_an_error_of_a_library_is_told_with_its_reason(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAX_PLATFORMS", "abacus")
    client = await EngineClient.start(command)
    with pytest.raises(EngineDiedError, match=r"the engine does not start: dropsmith: the engine broke down: .*abacus"):
        await anext(client.answers())
    assert client._process.returncode == 1
    await client.close()
