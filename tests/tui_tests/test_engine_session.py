"""The session by itself: how long it says that writing will take."""

import sys

import pytest

from model.protocol import CellRef, Fill, KeptBars, Progress, Ready
from song.edits.takes import add_takes, set_bars
from song.notes import Note, Phrase
from song.parts import Part
from song.sections import SectionKind, Take
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


async def test_bars_that_stay_are_told_as_the_cell_is_by_then(now: list[float]) -> None:
    song = set_bars(song_from_form([(SectionKind.DROP, 4)]), 0, 2)
    full = add_takes(song, 0, Part.DRUMS, (Take(Phrase(2, (Note(0, 36, 24, 90),))),))
    session = EngineSession(lambda _: None, lambda: full, (sys.executable,), clock=lambda: now[0])
    cells = [CellRef(0, Part.DRUMS), CellRef(0, Part.BASS)]
    session.fill(cells, 1, dict.fromkeys(cells, (0, 3)))
    session._receive(Ready(1, "1", "0", "cpu"))
    fill = session._outbox.get_nowait()
    assert isinstance(fill, Fill)
    assert fill.kept == (KeptBars(cells[0], (0,)),)


async def test_silence_is_told_while_something_is_waited_for_and_taken_back_when_it_ends(now: list[float]) -> None:
    song = song_from_form([(SectionKind.DROP, 4)])
    session = EngineSession(lambda _: None, lambda: song, (sys.executable,), clock=lambda: now[0], patience=60)

    def silent_after(seconds: float) -> bool:
        now[0] += seconds
        session._notice_silence()
        return session.status.silent

    assert not silent_after(59)
    assert silent_after(2), "it has not greeted"
    session._receive(Ready(1, "1", "0", "cpu"))
    assert not session.status.silent
    assert not silent_after(1000), "nothing is asked of it"
    session.fill([CellRef(0, Part.DRUMS)], 1)
    assert not silent_after(59)
    assert silent_after(2)
    session._receive(Progress(1, CellRef(0, Part.DRUMS), 1))
    assert not session.status.silent
    assert silent_after(61)
    session.cancel()
    assert not silent_after(0)


async def test_an_answer_about_a_section_that_cannot_be_is_nothing(now: list[float]) -> None:
    song = song_from_form([(SectionKind.DROP, 4)])
    session = EngineSession(lambda _: None, lambda: song, (sys.executable,), clock=lambda: now[0])
    session._receive(Ready(1, "1", "0", "cpu"))
    session.fill([CellRef(0, Part.DRUMS)], 1)
    before = session.writing()
    for section in (-9, -1, 7):
        session._receive(Progress(1, CellRef(section, Part.DRUMS), 1))
    assert session.writing() == before
