"""While the engine writes: bars arrive, keys answer, a cancel keeps what has come, and a dead engine costs nothing."""

import os
import signal
import time
from pathlib import Path

import pytest

from model.protocol import CellRef
from song.edits.takes import set_bars, set_locked
from song.parts import PARTS, Part
from song.sections import CellKey, SectionKind
from song.templates import song_from_form
from tests.tui_tests.driving import LARGE, SMALL, Driver, filled_song, is_alive, running, short_song
from tui.app import DropsmithApp
from tui.engine_session import NICENESS
from tui.messages import CellWritten, FillEnded, WritingChanged
from tui.screens.work_screen import REFRESH_SECONDS
from tui.view import EngineState, Outstanding
from tui.workspace import Workspace

SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
INTRO_DRUMS, DROP_DRUMS = CellRef(0, Part.DRUMS), CellRef(1, Part.DRUMS)


async def held(app: Driver, cell: CellRef, bars: int) -> None:
    """Wait until a held engine has sent its last bar."""
    await app.until(lambda: (draft := app.view.writing.drafts.get(cell)) is not None and draft.bars_done == bars)


@SIZES
async def test_bars_arrive_in_the_grid_the_phrase_and_the_status(size: tuple[int, int]) -> None:
    async with running("--hold-after=2", size=size, song=short_song()) as app:
        await app.press("right", "f")
        await held(app, DROP_DRUMS, 2)
        assert "░" in app.text("grid")
        assert "2 of 4 bars" in app.rows("phrase")[0]
        assert any(glyph in app.text("phrase") for glyph in "▫▪■")
        assert "DROP drums 2/4" in app.text("status")
        assert app.taken() == 0


async def test_cells_that_wait_look_different_from_empty_ones() -> None:
    async with running("--hold-after=1", song=short_song()) as app:
        await app.press("right", "F")
        await held(app, DROP_DRUMS, 1)
        rows = app.rows("grid")
        assert all("┄" in rows[PARTS.index(part)] for part in (Part.BASS, Part.CHORDS, Part.LEAD))
        await app.press("down")
        assert "Waiting for its turn" in app.text("phrase")
        assert "1/4" in app.text("status")


@SIZES
async def test_keys_answer_while_everything_is_being_written(size: tuple[int, int]) -> None:
    async with running("--hold-after=3", size=size, song=short_song()) as app:
        await app.press("A")
        await held(app, CellRef(0, Part.BASS), 1)
        assert app.taken() == 1
        await app.press("right", "t", "+", "down", "l", "?", "escape", "n")
        assert app.work.selected_section.constraints.tempo_bpm == (141, 141)
        assert app.cell().locked
        assert app.view.writing.busy
        await app.press("u", "u")
        assert app.work.selected_section.constraints.tempo_bpm == (140, 140)
        assert app.view.writing.busy


async def test_a_cell_that_is_being_written_is_not_asked_for_twice() -> None:
    async with running("--hold-after=1", song=short_song()) as app:
        await app.press("right", "f")
        await held(app, DROP_DRUMS, 1)
        await app.press("f")
        assert "written already" in app.text("status")
        assert app.view.writing.total == 1


async def test_escape_stops_the_fill_and_keeps_what_has_come() -> None:
    async with running("--hold-after=3", song=short_song()) as app:
        await app.press("A")
        await held(app, CellRef(0, Part.BASS), 1)
        await app.press("escape")
        await app.until(lambda: not app.view.writing.busy)
        assert "cancelled; what had come is kept" in app.text("status")
        assert len(app.song.sections[0].cells.drums.takes) == 1
        assert app.taken() == 1
        assert not app.view.failed
        assert app.engine is EngineState.READY
        await app.press("F")
        await app.until_written()
        assert app.taken() == 5


async def test_a_fill_asked_for_before_the_engine_is_ready_waits_and_can_be_cancelled() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("A")
        assert "once the engine is ready" in app.text("status")
        assert len(app.view.writing.queued) == 12
        await app.press("escape")
        await app.until(lambda: not app.view.writing.busy)
        assert "cancelled" in app.text("status")


async def test_a_second_fill_is_given_the_takes_of_the_first() -> None:
    async with running(song=short_song()) as app:
        await app.press("f", "right", "f")
        await app.until_written()
        assert app.taken() == 2
        seeds = {app.song.sections[index].cells.drums.takes[0].seed for index in (0, 1)}
        assert len(seeds) == 2


async def test_a_cell_locked_while_its_fill_waited_is_left_alone(tmp_path: Path) -> None:
    async with running("--hold-after=1", f"--once={tmp_path / 'held'}", song=short_song()) as app:
        await app.press("right", "f")
        await held(app, DROP_DRUMS, 1)
        await app.press("left", "F", "l")
        assert app.view.writing.total == 5
        os.kill(app.main.session.pid or 0, signal.SIGKILL)
        await app.until_written()
        assert app.song.sections[0].cells.drums.takes == ()
        assert app.taken() == 3


async def test_a_take_that_comes_after_its_section_changed_is_fitted() -> None:
    async with running(song=short_song()) as app:
        await app.until_ready()
        app.main.session.fill([DROP_DRUMS], 3)
        app.work.edit(lambda song: set_bars(song, 1, 2))
        await app.until_written()
        phrase = app.song.sections[1].cells.drums.phrase
        assert phrase is not None
        assert phrase.bars == 2


async def test_a_take_for_a_cell_that_was_locked_is_dropped_and_said() -> None:
    async with running(song=short_song()) as app:
        await app.until_ready()
        app.main.session.fill([DROP_DRUMS], 3)
        app.work.edit(lambda song: set_locked(song, 1, Part.DRUMS, True))
        await app.until(lambda: "a take was dropped" in app.main.note)
        assert app.song.sections[1].cells.drums.takes == ()


@SIZES
async def test_an_engine_killed_while_writing_is_told_and_restarted_and_the_song_is_as_it_was(
    size: tuple[int, int], tmp_path: Path
) -> None:
    async with running("--hold-after=3", f"--once={tmp_path / 'held'}", size=size, song=short_song()) as app:
        await app.press("A")
        await held(app, CellRef(0, Part.BASS), 1)
        song, killed = app.song, app.main.session.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        await app.until(lambda: app.view.engine.state is EngineState.READY and app.main.session.pid != killed)
        assert app.song == song
        assert app.taken() == 1
        assert "engine restarted, the song is as it was" in app.text("status")
        assert "exit code -9" in app.text("status")
        assert len(app.view.failed) == 11
        assert "✗" in app.text("grid")
        assert not is_alive(killed)
        await app.press("F")
        await app.until_written()
        assert app.taken() == 5
        assert len(app.view.failed) == 8


async def test_the_last_words_of_an_engine_are_told(tmp_path: Path) -> None:
    mark = tmp_path / "died"
    async with running("--die-after=2", f"--once={mark}", song=short_song()) as app:
        await app.press("right", "f")
        await app.until(lambda: mark.exists() and "engine restarted" in app.main.note)
        assert "out of luck" in app.main.note
        assert app.taken() == 0
        await app.press("f")
        await app.until_written()
        assert app.taken() == 1


async def test_a_fill_that_waited_is_written_by_the_next_engine(tmp_path: Path) -> None:
    mark = tmp_path / "died"
    async with running("--die-after=1", f"--once={mark}", song=short_song()) as app:
        await app.press("f", "right", "f")
        await app.until_written()
        assert app.view.failed == {INTRO_DRUMS}
        assert len(app.song.sections[1].cells.drums.takes) == 1


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--protocol=99",), "the engine speaks protocol 99"),
        (("--nonsense",), "not an answer of the engine"),
    ],
)
async def test_an_engine_that_speaks_otherwise_is_down_until_it_is_asked_for(flags: tuple[str, ...], said: str) -> None:
    async with running(*flags, song=short_song(), restart_delays=(0.0,)) as app:
        await app.until(lambda: app.view.engine.state is EngineState.DEAD)
        assert "engine down, ^e starts it again" in app.text("status")
        assert said in app.main.note
        await app.press("right", "t", "+", "u")
        await app.press("f")
        await app.until(lambda: app.view.engine.state is EngineState.DEAD and DROP_DRUMS in app.view.failed)
        assert not app.view.writing.busy


async def test_an_engine_that_cannot_be_started_says_so() -> None:
    async with running(song=short_song(), command=("/no/such/engine",), restart_delays=(0.0,)) as app:
        await app.until(lambda: app.view.engine.state is EngineState.DEAD)
        assert "/no/such/engine" in app.main.note
        await app.press("ctrl+e")
        await app.until(lambda: app.view.engine.state is EngineState.DEAD)


async def test_the_engine_can_be_restarted_by_hand() -> None:
    async with running(song=short_song()) as app:
        await app.until_ready()
        before = app.main.session.pid
        await app.press("ctrl+e")
        await app.until(lambda: app.view.engine.state is EngineState.READY and app.main.session.pid != before)
        assert app.song == short_song()


async def test_no_engine_is_left_behind() -> None:
    async with running("--hold-after=1", song=short_song()) as app:
        await app.press("A")
        await held(app, INTRO_DRUMS, 1)
        pid = app.main.session.pid
        assert pid is not None
    assert not is_alive(pid)


async def test_several_takes_of_a_cell_come_together_the_best_chosen() -> None:
    async with running(song=short_song()) as app:
        app.main.session.takes = 3
        await app.press("right", "f")
        await app.until_written()
        assert len(app.cell().takes) == 3
        assert app.cell().chosen == 0
        await app.press("u")
        assert app.cell().takes == ()


async def test_a_take_that_is_silent_is_a_take() -> None:
    async with running(song=short_song()) as app:
        assert app.song.sections[0].constraints.density.bass == 0
        await app.press("down", "f")
        await app.until_written()
        assert app.cell().chosen == 0
        assert "───" in app.rows("grid")[1]


async def test_a_density_changed_after_the_fill_shows_as_not_met() -> None:
    async with running(song=short_song()) as app:
        await app.press("right", "f")
        await app.until_written()
        assert "≠" not in app.text("grid") + app.text("constraints")
        await app.press("d", "}", "}")
        assert "≠" in app.rows("grid")[0]
        assert "≠" in app.text("constraints")


def test_only_news_of_the_writing_gives_way_to_newer_news() -> None:
    news, newer = WritingChanged(Outstanding()), WritingChanged(Outstanding())
    key = CellKey(1, Part.DRUMS)
    written, ended = CellWritten(1, key, ()), FillEnded(1)
    assert news.can_replace(newer)
    assert not news.can_replace(written)
    assert not written.can_replace(CellWritten(1, key, ()))
    assert not ended.can_replace(FillEnded(2))


def test_the_app_can_be_made_without_starting_an_engine() -> None:
    app = DropsmithApp(Workspace(filled_song()), ("/no/such/engine",))
    assert app.main.session.pid is None


async def test_a_burst_of_bars_is_shown_once_or_twice_and_to_its_end() -> None:
    song = song_from_form([(SectionKind.DROP, 64)])
    async with running("--hold-after=60", song=song) as app:
        await app.until_ready()
        shown = []
        refresh_view = app.main.refresh_view
        app.main.refresh_view = lambda: shown.append(refresh_view())  # type: ignore[method-assign]
        start = time.monotonic()
        await app.press("f")
        await held(app, CellRef(0, Part.DRUMS), 60)
        # Once for the key, once for its fill, and then at most so often.
        assert len(shown) <= 3 + (time.monotonic() - start) / REFRESH_SECONDS
        assert "60 of 64 bars" in app.rows("phrase")[0]


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="this system has no niceness")
async def test_the_engine_gives_way_to_the_app() -> None:
    async with running() as app:
        await app.until_ready()
        pid = app.main.session.pid
        assert pid is not None
        # Whoever runs the tests may be as nice as can be already.
        assert os.getpriority(os.PRIO_PROCESS, pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICENESS)
