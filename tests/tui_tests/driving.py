"""The app with a fake engine in a real process, driven by keys, and waited on by its state."""

import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from model.protocol import CellRef
from song.edits.takes import add_takes
from song.notes import Note, Phrase
from song.parts import Part
from song.sections import Cell, SectionKind, Song, Take
from song.templates import song_from_form
from tests.tui_tests.pressing import Messages, key_event
from tui.app import DropsmithApp
from tui.autosave import Autosave
from tui.glyphs import UNICODE, Glyphs
from tui.screens.main import MainScreen
from tui.settings import Settings
from tui.view import EngineState, View
from tui.widgets.canvas import Canvas
from tui.workspace import Workspace

FAKE_ENGINE = Path(__file__).with_name("fake_engine.py")
SMALL, LARGE = (80, 24), (120, 40)

SHORT_FORM = ((SectionKind.INTRO, 2), (SectionKind.DROP, 4), (SectionKind.OUTRO, 2))
INTRO_DRUMS, DROP_DRUMS = CellRef(0, Part.DRUMS), CellRef(1, Part.DRUMS)
"""Cells of the short song."""


def engine_command(*flags: str) -> tuple[str, ...]:
    """Command of the fake engine under some flags; under "--silent" alone one that never greets.

    That one is no Python: most tests of the app have it, and it would take as long to start as the app.
    """
    if flags == ("--silent",):
        return ("sh", "-c", "exec cat >/dev/null")
    return (sys.executable, str(FAKE_ENGINE), *flags)


class Driver:
    """A running app: presses keys, waits for a state, reads what is on the screen."""

    def __init__(self, app: DropsmithApp, pilot: Pilot[str], messages: Messages) -> None:
        self.app = app
        self.pilot = pilot
        self._messages = messages

    @property
    def main(self) -> MainScreen:
        return self.app.main

    @property
    def work(self) -> Workspace:
        return self.main.workspace

    @property
    def song(self) -> Song:
        return self.work.song

    @property
    def view(self) -> View:
        return self.main.view

    @property
    def engine(self) -> EngineState:
        return self.main.session.status.state

    def cell(self) -> Cell:
        return self.work.selected_section.cell(self.work.part)

    def taken(self) -> int:
        return sum(len(self.song.sections[index].cell(part).takes) for index, part in self.song.cell_refs())

    async def press(self, *keys: str) -> None:
        """Press keys, each once the app has done what the one before asked for."""
        for key in keys:
            self.app.post_message(key_event(key))
            await self.settled()

    async def type(self, *keys: str) -> None:
        """Press keys as fast as they come from a slow line: the app draws what they have done once, after the last."""
        for key in keys:
            self.app.post_message(key_event(key))
        await self.settled()

    async def settled(self) -> None:
        """Wait until the app has nothing left to do but what others send it."""
        await self._messages.settled(self.app)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for the app to come to a state and to show it, looking whenever it has handled a message."""
        await self._messages.until(condition)
        await self._messages.until(lambda: not self.main.is_behind or not self.app.is_running)
        await self.settled()

    async def until_shown(self, condition: Callable[[], object]) -> None:
        """Wait for a condition alone, while the app may be in the middle of something."""
        await self._messages.until(condition)

    async def until_ready(self) -> None:
        await self.until(lambda: self.view.engine.state is EngineState.READY)

    async def until_written(self) -> None:
        """Wait until nothing is being written and every take has reached the song."""
        await self.until(lambda: not self.main.session.writing().busy and not self.view.writing.busy)

    def rows(self, widget_id: str) -> list[str]:
        """The rows of a widget, as they are shown."""
        canvas = self.main.query_one(f"#{widget_id}", Canvas)
        return [canvas.render_line(y).text for y in range(canvas.size.height)]

    def text(self, widget_id: str) -> str:
        return "\n".join(self.rows(widget_id))


@asynccontextmanager
async def running(
    *flags: str,
    size: tuple[int, int] = SMALL,
    song: Song | None = None,
    path: Path | None = None,
    glyphs: Glyphs = UNICODE,
    command: tuple[str, ...] | None = None,
    restart_delays: tuple[float, ...] = (0.0, 0.0, 0.0),
    starts_anew: bool = False,
    settings: Settings | None = None,
) -> AsyncIterator[Driver]:
    """The app at a size, with a fake engine under some flags; quits at the end."""
    workspace = Workspace(song, path) if song is not None else Workspace.open(path)
    app = DropsmithApp(
        workspace,
        command or engine_command(*flags),
        glyphs,
        Autosave(workspace),
        starts_anew=starts_anew,
        # Chosen already, or the first export would ask.
        settings=settings or Settings(export=("midi",), sound="null"),
    )
    app.main.session.restart_delays = restart_delays
    messages = Messages()
    async with app.run_test(size=size, message_hook=messages.hook) as pilot:
        driver = Driver(app, pilot, messages)
        await driver.settled()
        yield driver


def short_song() -> Song:
    """Three sections, eight bars."""
    return song_from_form(SHORT_FORM, title="Short")


def one_note_take(bars: int, seed: int = 1) -> Take:
    return Take(Phrase(bars, (Note(0, 40, 96, 100),)), seed=seed)


def filled_song() -> Song:
    """The short song with a take of one note in every cell."""
    song = short_song()
    for index, part in list(song.cell_refs()):
        song = add_takes(song, index, part, (one_note_take(song.sections[index].bars),))
    return song


async def held(app: Driver, cell: CellRef, bars: int) -> None:
    """Wait until a held engine has sent its last bar."""
    await app.until(lambda: (draft := app.view.writing.drafts.get(cell)) is not None and draft.bars_done == bars)


def bars_shown(app: Driver) -> list[str]:
    """The bar numbers over the phrase."""
    return app.rows("phrase")[1].split()[1:]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
