"""The session by itself: how long it says that writing will take."""

import sys

import pytest
from textual.message import Message

from model.protocol import CellRef, Done, Fill, Progress, Ready
from song.edit_constraints import set_style
from song.parts import Part
from song.sections import SectionKind
from song.templates import song_from_form
from tui.engine_session import EngineSession
from tui.view import Outstanding


@pytest.fixture
def now() -> list[float]:
    return [100.0]


async def test_what_is_left_is_told_from_the_pace_so_far(now: list[float]) -> None:
    song = song_from_form([(SectionKind.DROP, 8)])
    session = EngineSession(lambda _: None, lambda: song, (sys.executable,), clock=lambda: now[0])
    session._receive(Ready(1, "1", "0", "cpu"))
    session.fill([CellRef(0, Part.DRUMS), CellRef(0, Part.BASS)], 1)
    assert session.writing().seconds_left is None
    now[0] += 2
    session._receive(Progress(1, CellRef(0, Part.DRUMS), 4))
    assert session.writing().seconds_left == pytest.approx(2 / 4 * 12)
    session.fill([CellRef(0, Part.LEAD)], 2)
    assert session.writing().seconds_left == pytest.approx(2 / 4 * 20)
    session.cancel()
    assert session.writing() == Outstanding()


async def test_sections_of_another_style_are_written_by_another_fill_that_counts_as_the_same(now: list[float]) -> None:
    song = song_from_form([(SectionKind.INTRO, 2), (SectionKind.DROP, 2), (SectionKind.OUTRO, 2)])
    song = set_style(song, 1, {"trap": 1.0})
    posted: list[Message] = []
    session = EngineSession(posted.append, lambda: song, (sys.executable,), clock=lambda: now[0])
    session.fill([CellRef(index, Part.DRUMS) for index in range(3)], 1)
    session._receive(Ready(1, "1", "0", "cpu"))
    first = session._outbox.get_nowait()
    assert isinstance(first, Fill)
    assert (first.song.style, [cell.section for cell in first.cells]) == ({"dubstep": 1.0}, [0, 2])
    session._receive(Done(1, 0.1))
    second = session._outbox.get_nowait()
    assert isinstance(second, Fill)
    assert (second.id, second.song.style, [cell.section for cell in second.cells]) == (1, {"trap": 1.0}, [1])
    session._receive(Done(1, 0.1))
    assert not session.writing().busy
