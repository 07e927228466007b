"""The session by itself: how long it says that writing will take."""

import sys

import pytest

from model.protocol import CellRef, Progress, Ready
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
