"""`dropsmith --plain`: the app without a screen, for screen readers, braille lines and pipes.

It is the same app, run without a terminal: lines from standard input are turned into its actions and keys, and every
change of what its widgets would draw is told as a line of text.
"""

import asyncio
import contextlib
import io
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rich.console import Console
from textual.content import Content
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Input, Static
from textual.worker import WorkerCancelled, WorkerFailed

from song.errors import UserError
from song.terminal_text import end_quietly, inert, say
from tui.actions import (
    APP_ACTIONS,
    MAIN_ACTIONS,
    NOTE_ACTIONS,
    OPEN_ACTIONS,
    PROMPT_ACTIONS,
    RECOVERY_ACTIONS,
    SAVE_AS_ACTIONS,
    START_ACTIONS,
    TRACKS_ACTIONS,
    Action,
)
from tui.app import DropsmithApp
from tui.keymaps import with_keys
from tui.messages import EndAsked
from tui.plain.changes import changes
from tui.plain.commands import Command, DoAction, PressKeys, SetField, TellStatus, Wait, help_lines, read_command
from tui.plain.words import (
    constraints_words,
    engine_words,
    place_words,
    song_words,
    takes_words,
    writing_words,
)
from tui.screens.open_song import OpenScreen
from tui.screens.start import StartScreen
from tui.view import EngineState, View
from tui.widgets.canvas import Canvas

GREETING = "Dropsmith without a screen: type an action's name or key, then enter; help tells them all"
PROGRESS_SECONDS = 10.0
"""The least time between two lines on how far the writing has come."""

_SIZE = (120, 40)
_OPENING_SECONDS = 0.02
_LOOK_SECONDS = 0.5
"""The time between two looks after an app that has broken down, while nothing is typed: it tells nobody."""
_DIALOG_ACTIONS = (
    *START_ACTIONS,
    *OPEN_ACTIONS,
    *RECOVERY_ACTIONS,
    *SAVE_AS_ACTIONS,
    *TRACKS_ACTIONS,
    *PROMPT_ACTIONS,
)


class Teller(Canvas):
    """A widget that is never drawn: it tells what differs between the views that it is shown."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        super().__init__(id="teller")
        self._tell = tell
        self._told_at = time.monotonic()
        self.happened = asyncio.Event()

    def show(self, view: View) -> None:
        """Tell what is new."""
        before, self.view = self.view, view
        for line in changes(before, view) if before is not None else ():
            self._tell(line)
        now = time.monotonic()
        if not view.writing.busy or (before is not None and not before.writing.busy):
            self._told_at = now
        elif now - self._told_at >= PROGRESS_SECONDS:
            self._told_at = now
            self._tell(writing_words(view.writing, view.song))
        self.happened.set()


class PlainApp(DropsmithApp):
    """The app without a screen."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._teller = Teller(self.tell)
        # Where Textual would write the whole traceback of an error.
        self._errors = io.StringIO()
        self.error_console = Console(file=self._errors, markup=False, highlight=False)
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._ended = asyncio.Event()
        self._told = 0
        self._described: object = None
        self._seen: frozenset[str] = frozenset()

    def play(self) -> str | None:
        """Run until the end of the input, or until one quits; returns the last words.

        Raises:
            UserError: where the app breaks down; what is unsaved is in its autosave then.
        """
        try:
            last_words = self.run(headless=True, size=_SIZE, auto_pilot=self._follow)
        except Exception as error:
            # What the lines ask for is done in a task of their own, whose errors Textual hands on.
            raise _breakdown(f"{type(error).__name__}: {error}") from error
        if told := self._errors.getvalue().rstrip():
            # Below the box that the traceback is in.
            broken = _breakdown(" ".join(told.rpartition("\N{BOX DRAWINGS LIGHT ARC UP AND LEFT}\n")[2].split()))
            broken.add_note(told)
            raise broken
        return last_words

    def tell(self, line: str) -> None:
        """Print a line, without anything that is no plain text."""
        self._told += 1
        try:
            say(inert(line), sys.__stdout__)
        except OSError:
            # Nobody listens any more: as with a terminal that is gone, what is unsaved is offered at the next start.
            with contextlib.suppress(OSError):
                end_quietly()
            self.post_message(EndAsked(1))

    def exit(self, *arguments: Any, **named: Any) -> None:
        """End, and read no more."""
        super().exit(*arguments, **named)
        self._end()

    def on_unmount(self) -> None:  # type: ignore[override]  # Textual calls this one and the other
        """Read no more, where it was an error that ended the app."""
        self._end()

    def _end(self) -> None:
        self._ended.set()
        self._lines.put_nowait(None)

    async def action_quit(self) -> None:
        """Quit at once: the lines before have had their effect."""
        await self._quit()

    # What only a screen can do

    def action_help(self) -> None:
        """Tell every action."""
        for line in help_lines((*MAIN_ACTIONS, *NOTE_ACTIONS, *APP_ACTIONS), self.keymap):
            self.tell(line)

    def action_command_palette(self) -> None:
        """Say how actions are found here."""
        self.tell("type the name of an action; help tells them all")

    def action_change_theme(self) -> None:
        """Say that there is nothing to colour."""
        self.tell("there are no colours here")

    # The session

    async def _follow(self, pilot: Pilot[object]) -> None:
        """Do what the lines say, one after another."""
        self._teller.display = False
        await self.main.mount(self._teller)
        self.main.refresh_view()
        self.tell(GREETING)
        await self._describe(pilot)
        self._tell_account()
        loop = asyncio.get_running_loop()

        def put(line: str | None) -> None:
            # The loop may have ended while the thread was reading.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._lines.put_nowait, line)

        threading.Thread(target=_read_lines, args=(put,), name="plain-input", daemon=True).start()
        while (line := await self._line()) is not None and not self._is_over():
            await self._obey(line, pilot)
        if not self._is_over():
            await self._wait(pilot)
            await self.action_quit()
        if not self._is_over():
            # It cannot be kept: its autosave stays, and is offered at the next start.
            self.exit("")

    async def _line(self) -> str | None:
        """The next line; None where there is no more, or the app has broken down."""
        while not self._is_over():
            with contextlib.suppress(TimeoutError):
                return await asyncio.wait_for(self._lines.get(), _LOOK_SECONDS)
        return None

    def _is_over(self) -> bool:
        """True once the app ends or has broken down: then it does nothing more, and nothing is to be waited for."""
        return self._ended.is_set() or self.return_code is not None

    async def _obey(self, line: str, pilot: Pilot[object]) -> None:
        told, note = self._told, self.main.note
        if self._entries():
            await self._answer(line, pilot)
        else:
            try:
                await self._do(read_command(line, self._actions(), self.keymap), pilot)
            except UserError as error:
                self.tell(str(error))
        if not self._is_over():
            await self._describe(pilot)
            if self._told == told:
                again = self.main.note if self.main.note == note else ""
                for line in self._asked() or [with_keys(again, self.keymap) or "nothing changed"]:
                    self.tell(line)

    def _actions(self) -> tuple[Action, ...]:
        """The actions of where one stands, the nearest first."""
        here = {active.binding.id for active in self.screen.active_bindings.values()}
        near = tuple(one for one in _DIALOG_ACTIONS if one.id in here)
        notes_first = self.main.editing
        tables = (NOTE_ACTIONS, MAIN_ACTIONS) if notes_first else (MAIN_ACTIONS, NOTE_ACTIONS)
        return (*near, *tables[0], *APP_ACTIONS, *tables[1])

    async def _do(self, command: Command, pilot: Pilot[object]) -> None:
        match command:
            case TellStatus():
                self._tell_all()
            case Wait():
                await self._wait(pilot)
                self.tell("nothing is being written")
            case PressKeys(keys):
                seen = self.main.has_class("-takes")
                for key in keys:
                    self.simulate_key(key)
                    await self._settle(pilot)
                if self.main.has_class("-takes") != seen:
                    self._tell_takes()
            case SetField(field_id, value):
                await self._to_main(pilot)
                self.main.workspace.select_field(field_id)
                self.main.attempt(lambda: self.main.workspace.type_field(value))
                await self._settle(pilot)
            case DoAction(action, text):
                await self._run(action, text, pilot)

    async def _run(self, action: Action, text: str | None, pilot: Pilot[object]) -> None:
        if action.id == "app.quit":
            await self._exported()
        if action in _DIALOG_ACTIONS:
            await self.run_action(action.call, self.screen)
        elif action in APP_ACTIONS:
            await self.run_action(action.call, self)
        else:
            await self._to_main(pilot)
            if action in NOTE_ACTIONS and not self.main.editing:
                self.main.action_edit_notes()
            if action not in NOTE_ACTIONS or self.main.editing:
                await self.run_action(action.call, self.main)
        await self._settle(pilot)
        if action.id == "take.list":
            self._tell_takes()
        if text is not None:
            await self._give(action, text, pilot)

    async def _give(self, action: Action, text: str, pilot: Pilot[object]) -> None:
        """Write what followed an action where it asks for it; what will not do is told, and left."""
        if isinstance(self.screen, OpenScreen):
            await self.run_action("type", self.screen)
            await self._settle(pilot)
        if self._entries():
            self._news()
            await self._answer(text, pilot)
            if isinstance(self.screen, ModalScreen):
                await self._describe(pilot)
                self.simulate_key("escape")
                await self._settle(pilot)
        elif action.id.startswith("field."):
            self.main.attempt(lambda: self.main.workspace.type_field(text))
        else:
            raise UserError(f'{action.id} asks for nothing: "{text}" is left out')

    async def _answer(self, line: str, pilot: Pilot[object]) -> None:
        """Write a line where one is asked for; an empty one takes what is there, two quotes alone nothing."""
        answer = line.strip()
        if answer in ("esc", "escape"):
            self.simulate_key("escape")
        else:
            entry = self.screen.query_one(Input)
            if answer:
                entry.value = "" if answer == '""' else answer
                await self._settle(pilot)
            self.simulate_key("enter")
        await self._settle(pilot)

    async def _to_main(self, pilot: Pilot[object]) -> None:
        """Leave the screen that a song is started from, as its keys do; from others one has to answer.

        Raises:
            UserError: where something is asked.
        """
        if isinstance(self.screen, StartScreen):
            self.simulate_key("escape")
            await self._settle(pilot)
        elif isinstance(self.screen, ModalScreen):
            keys = ", ".join(f"{one.shown} {one.label}" for one in self._actions() if one in _DIALOG_ACTIONS)
            raise UserError(f"that has to wait for an answer: {keys}")

    async def _settle(self, pilot: Pilot[object]) -> None:
        """Let the app take in what was done, and open what is being opened; an app that ends takes in nothing more."""
        while True:
            await self._take_in(pilot)
            if not self.holds_keys or self._is_over():
                return
            await asyncio.sleep(_OPENING_SECONDS)

    async def _take_in(self, pilot: Pilot[object]) -> None:
        waiting = {asyncio.ensure_future(pilot.pause()), asyncio.ensure_future(self._ended.wait())}
        _, rest = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for one in rest:
            one.cancel()

    async def _wait(self, pilot: Pilot[object]) -> None:
        """Wait until nothing is written or exported any more, or the app is to end."""
        while self._busy():
            self._teller.happened.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._teller.happened.wait(), 0.2)
        await self._exported()
        await self._settle(pilot)

    async def _exported(self) -> None:
        """Wait until no export is under way any more."""
        # Of none at all the manager would take every worker, the engine's too.
        if exports := [worker for worker in self.workers if worker.group == "export"]:
            with contextlib.suppress(WorkerFailed, WorkerCancelled):
                await self.workers.wait_for_complete(exports)

    def _busy(self) -> bool:
        writing = self.main.session.writing().busy or self.main.view.writing.busy
        return writing and not self._is_over() and self.main.session.status.state is not EngineState.DEAD

    # What is told when asked

    def _tell_all(self) -> None:
        view = self.main.view
        writing = writing_words(view.writing, view.song)
        for line in (*song_words(view), engine_words(view.engine), place_words(view), constraints_words(view), writing):
            if line:
                self.tell(line)

    def _tell_account(self) -> None:
        """Tell what became of a file's tracks, unless a screen has told it."""
        imported = self.main.workspace.imported
        if imported is not None and not isinstance(self.screen, ModalScreen):
            for line in imported.lines():
                self.tell(line)

    def _tell_takes(self) -> None:
        for line in takes_words(self.main.view):
            self.tell(line)

    async def _describe(self, pilot: Pilot[object]) -> None:
        """Tell what a screen that is before the main one says, as far as it is new."""
        await self._settle(pilot)
        for line in self._news():
            self.tell(line)

    def _news(self) -> list[str]:
        """The lines of a screen before the main one that it did not have when this was last asked."""
        seen = self._seen if self.screen is self._described else frozenset()
        lines = self._asked()
        if lines and not seen:
            lines += (f'now "{one.value}"; enter takes it, esc leaves it, "" is nothing' for one in self._entries())
        self._seen, self._described = frozenset(lines), self.screen
        return [line for line in lines if line not in seen]

    def _asked(self) -> list[str]:
        """The lines of a screen before the main one; none where there is no such screen."""
        return list(_texts(self.screen.query(Static))) if isinstance(self.screen, ModalScreen) else []

    def _entries(self) -> list[Input]:
        """The line that something is to be written into; none where none is asked for."""
        return list(self.screen.query(Input)) if isinstance(self.screen, ModalScreen) else []


def _breakdown(reason: str) -> UserError:
    return UserError(f"the app broke down: {reason}; what is unsaved is offered when you start again")


def _texts(widgets: Iterable[Static]) -> Iterator[str]:
    """The text of widgets, line by line, with commas between columns."""
    for widget in widgets:
        content = widget.content
        text = content.plain if isinstance(content, Content) else str(content)
        for line in text.splitlines():
            if line.strip():
                yield re.sub(r"\s{2,}", ", ", line.strip())


def _read_lines(put: Callable[[str | None], object]) -> None:
    """Hand on the lines of standard input, and None at its end. Without a buffer, which would outlive the thread."""
    waiting = b""
    while True:
        try:
            data = os.read(0, 1 << 16)
        except OSError:
            data = b""
        *lines, waiting = (waiting + data).split(b"\n")
        for line in lines:
            put(line.decode(errors="replace"))
        if not data:
            if waiting.strip():
                put(waiting.decode(errors="replace"))
            put(None)
            return
