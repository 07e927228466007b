"""The session with engines in real processes: started, killed, restarted, and given the fills that waited."""

import os
import signal
from pathlib import Path

import pytest

from model.protocol import CellRef
from song.parts import Part
from tests.tui_tests.driving import DROP_DRUMS, INTRO_DRUMS, held, is_alive, running, short_song
from tests.tui_tests.sizes import SIZES
from tui.engine_session import NICENESS
from tui.view import EngineState


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


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="this system has no niceness")
async def test_the_engine_gives_way_to_the_app() -> None:
    async with running() as app:
        await app.until_ready()
        pid = app.main.session.pid
        assert pid is not None
        # Whoever runs the tests may be as nice as can be already.
        assert os.getpriority(os.PRIO_PROCESS, pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICENESS)


async def test_an_engine_that_does_not_answer_is_told_and_restarted_on_request(tmp_path: Path) -> None:
    async with running("--hold-after=1", f"--once={tmp_path / 'held'}", song=short_song()) as app:
        await app.until_ready()
        app.main.session._patience = 0.2
        await app.press("right", "f")
        await held(app, DROP_DRUMS, 1)
        await app.until(lambda: app.view.engine.silent or app.main.session._notice_silence() is not None)
        assert "has not answered for a minute: ^e starts it anew" in app.text("status")
        app.main.session._patience = 60.0
        before = app.main.session.pid
        await app.press("ctrl+e")
        await app.until(lambda: app.view.engine.state is EngineState.READY and app.main.session.pid != before)
        assert not app.view.engine.silent
        await app.press("f")
        await app.until_written()
        assert app.taken() == 1
