"""Thousands of random keys, with a fake engine that writes meanwhile: the song stays valid, and undo leads back.

    DROPSMITH_WALKS=300 pytest tests/tui_tests/whole_app/test_random_walk.py

goes so many walks that nobody has gone before, and makes a failing one as short as it can. Without it the walks are the
same every time. What is drawn never depends on the app: the engine is a process, and no two runs of it are in step.
"""

import asyncio
import os
import signal
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager, ExitStack
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from textual.geometry import Size
from textual.widgets import Input

from song.edits.history import History
from song.sections import CellKey, Section, Song
from song.store import decode_song, encode_song
from song.time import TICKS_PER_BAR
from song.validation import find_problem
from tests.tui_tests.driving import Driver, running, short_song
from tui.actions import (
    CHANGE,
    FILL,
    FORM,
    MAIN_ACTIONS,
    MOVE,
    NOTE_ACTIONS,
    OPEN_ACTIONS,
    PROMPT_ACTIONS,
    START_ACTIONS,
    Action,
)
from tui.view import View
from tui.widgets.canvas import Canvas

WALKS, RULES_A_WALK = 11, 70
SEARCHED = int(os.environ.get("DROPSMITH_WALKS", "0"))
PROFILE = settings(
    max_examples=SEARCHED or WALKS,
    stateful_step_count=RULES_A_WALK,
    derandomize=not SEARCHED,
    phases=(Phase.generate, Phase.shrink) if SEARCHED else (Phase.generate,),
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
DEATHS_A_WALK = 2
LEFT_OUT = {"song.export", "app.quit", "app.palette"}
"""An export is slow and tested elsewhere; the palette knows how to quit."""

SIZES = ((80, 24), (120, 40), (40, 12), (20, 5), (160, 50))
FLAGS = ((), ("--bar-delay=0.002",), ("--bar-delay=0.02",))
TEXTS = (
    "", "0", "1", "5", "128", "129", "-1", "0.5", "2.01", "AABA", "ab", "140-175", "39", "F minor", "e phrygian", "H",
    "1/8 1/16T", "none", "sine", "C2-C4", "36 60", "riddim", "dubstep 3 trap 1", "drop", "Wub", "[b]x[/", "{cell.fill}",
    "ä\u4e16", "x" * 41,
)  # fmt: skip


def keys_of(*tables: tuple[Action, ...], groups: tuple[str, ...] = ()) -> list[str]:
    """The keys of the actions of some tables, or of those in some groups of them."""
    chosen = [one for table in tables for one in table if one.id not in LEFT_OUT]
    return sorted({key for one in chosen if not groups or one.group in groups for key in one.keys.split(",")})


def rows_of(keys: list[str], most: int = 8) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(keys), min_size=1, max_size=most)


EVERY_KEY = keys_of(MAIN_ACTIONS, NOTE_ACTIONS, START_ACTIONS, OPEN_ACTIONS, PROMPT_ACTIONS)
FIELD_KEYS = [one.keys for one in MAIN_ACTIONS if one.id.startswith("field.")]


class Walk(RuleBasedStateMachine):
    """A running app under random keys. Each rule is a kind of thing that a user does; all look at the song after it."""

    def __init__(self) -> None:
        super().__init__()
        self._resources = ExitStack()
        folder = self._resources.enter_context(TemporaryDirectory())
        patch = self._resources.enter_context(pytest.MonkeyPatch.context())
        patch.chdir(folder)
        patch.setenv("XDG_STATE_HOME", folder)
        self._runner = self._resources.enter_context(asyncio.Runner())
        self._running: AbstractAsyncContextManager[Driver] | None = None
        self._trace: list[str] = []
        self._deaths = 0
        self._looked_at: dict[Canvas, tuple[View | None, Size]] = {}

    def do(self, work: Coroutine[Any, Any, object]) -> None:
        """Let the app run until something is done."""
        self._runner.run(work)

    @initialize(size=st.sampled_from(SIZES), flags=st.sampled_from(FLAGS))
    def open(self, size: tuple[int, int], flags: tuple[str, ...]) -> None:
        self._running = running(*flags, size=size, song=short_song())
        self.app = self._runner.run(self._running.__aenter__())
        self._sound: list[Section] = []
        self.begin()
        self.do(self.app.until_ready())

    def begin(self) -> None:
        """Know nothing of the songs before: this one has been opened."""
        work = self.app.work
        self._file, self._before, self._seen = work.file, work.history, set(ids(work.song))

    def teardown(self) -> None:
        if self._running is not None:
            self._runner.run(self._running.__aexit__(None, None, None))
        self._resources.close()

    def press(self, *keys: str) -> None:
        """Press keys, and look at the song after each."""
        for key in keys:
            self._trace.append(key)
            self.do(self.app.press(key))
            assert self.app.app.is_running, self.told()
            self.look()
        self.look_at_the_screen()

    def type(self, *keys: str) -> None:
        """Type into a field, where keys change no song before the last; press them where no field has the focus."""
        if not isinstance(self.app.app.focused, Input):
            self.press(*keys)
            return
        self._trace += keys
        self.do(self.app.type(*keys))
        assert self.app.app.is_running, self.told()
        self.look()
        self.look_at_the_screen()

    def told(self) -> str:
        return " ".join(self._trace[-12:])

    # Kinds of keys

    @rule(keys=rows_of(keys_of(MAIN_ACTIONS, groups=(MOVE,))))
    def move(self, keys: list[str]) -> None:
        self.press(*keys)

    @rule(keys=rows_of([*keys_of(MAIN_ACTIONS, groups=(FORM,)), "K", "plus", "b", "right_curly_bracket", "left"], 5))
    def change_the_form(self, keys: list[str]) -> None:
        self.press(*keys)

    @rule(keys=rows_of([*keys_of(MAIN_ACTIONS, groups=(FILL,)), "left", "right", "up", "down"]))
    def write(self, keys: list[str]) -> None:
        self.press(*keys)

    @rule(keys=rows_of(keys_of(MAIN_ACTIONS, groups=(CHANGE,))))
    def change_constraints(self, keys: list[str]) -> None:
        self.press(*keys)

    @rule(keys=rows_of(keys_of(NOTE_ACTIONS), 12), leave=st.booleans())
    def edit_notes(self, keys: list[str], leave: bool) -> None:
        self.press("enter", *keys)
        if leave:
            self.go_home()

    @rule(keys=rows_of(["u", "u", "U", "ctrl+r"]))
    def undo_and_redo(self, keys: list[str]) -> None:
        self.press(*keys)

    @rule(picked=st.sampled_from(FIELD_KEYS), times=st.integers(1, 3), text=st.sampled_from(TEXTS))
    def type_a_value(self, picked: str, times: int, text: str) -> None:
        self.go_home()
        self.press(*[picked] * times, "i")
        self.type("end", *["backspace"] * 8, *text)
        self.press("enter")
        self.go_home()

    @rule(opening=st.sampled_from(["R", "o", "I", "S"]), text=st.sampled_from(TEXTS), taken=st.booleans())
    def type_a_name(self, opening: str, text: str, taken: bool) -> None:
        self.go_home()
        self.press(opening)
        self.type(*text)
        if taken:
            self.press("enter", "enter")
        self.go_home()

    @rule(number=st.sampled_from("123456"))
    def lay_out_anew(self, number: str) -> None:
        self.go_home()
        self.press("T", number)

    @rule(opening=st.sampled_from(["question_mark", "T", "o", "ctrl+p", "z"]), keys=rows_of(["down", "up", "x"], 3))
    def look_at_another_screen(self, opening: str, keys: list[str]) -> None:
        self.press(opening, *keys)
        self.go_home()

    @rule(keys=rows_of(EVERY_KEY))
    def press_anything(self, keys: list[str]) -> None:
        self.press(*keys)

    # What is not a key

    @rule(size=st.sampled_from(SIZES))
    def resize(self, size: tuple[int, int]) -> None:
        self._trace.append(f"<{size[0]}x{size[1]}>")
        self.do(self.app.pilot.resize_terminal(*size))
        self.press("right")

    @precondition(lambda self: self._deaths < DEATHS_A_WALK)
    @rule()
    def kill_the_engine(self) -> None:
        self._trace.append("<kill>")
        self._deaths += 1
        killed = self.app.main.session.pid
        if killed is not None:
            os.kill(killed, signal.SIGKILL)
            self.do(self.app.until(lambda: self.app.main.session.pid != killed))
        self.look()

    @rule()
    def wait_for_a_take(self) -> None:
        self._trace.append("<take>")
        taken = self.app.taken()
        self.do(self.app.until(lambda: self.app.taken() != taken or not self.app.view.writing.busy))
        self.look()

    @rule()
    def undo_everything_and_make_it_again(self) -> None:
        self._trace.append("<undo all>")
        work, last = self.app.work, self.app.song
        undone = 0
        while work.undo():
            undone += 1
        self.look_at_the_cursor()
        self.look_within()
        for _ in range(undone):
            assert work.redo()
        assert self.app.song == last
        self._before = work.history
        self.look()

    def go_home(self) -> None:
        """Leave every screen and the notes."""
        for _ in range(8):
            if self.app.app.screen is self.app.main and not self.app.main.editing:
                return
            self.press("escape")
        raise AssertionError(f"escape does not leave {self.app.app.screen}: {self.told()}")

    # What holds of every song

    def look(self) -> None:
        """See what holds of the song, and of the song beside the one before."""
        self.look_at_the_cursor()
        if self.app.work.file is not self._file:
            self.begin()
        history, before = self.app.work.history, self._before
        if history is before:
            return
        self._before = history
        self.look_within()
        if history.past:
            assert history.undo().redo().present == history.present, self.told()
        walked = walked_to(before, history.present)
        new = set(ids(history.present)) - set(ids(before.present))
        assert walked or not new & self._seen, f"an id stands for two sections: {self.told()}"
        self._seen |= new
        for key, cell in locked_cells(before.present).items():
            after = locked_cells(history.present).get(key)
            assert after in (None, cell), f"a locked cell has changed: {self.told()}"

    def look_at_the_cursor(self) -> None:
        work = self.app.work
        assert 0 <= work.section < len(work.song.sections), self.told()
        assert 0 <= work.bar < work.selected_section.bars, self.told()
        assert 0 <= self.app.main.editor.tick < work.selected_section.length_ticks, self.told()

    def look_within(self) -> None:
        song = self.app.song
        assert song.sections, self.told()
        assert len(set(ids(song))) == len(song.sections), self.told()
        # What an edit leaves alone is the same object as before: only what is new is looked at.
        fresh = [one for one in song.sections if not any(one is known for known in self._sound)]
        part = msgspec.structs.replace(song, sections=tuple(fresh))
        assert find_problem(part) is None, self.told()
        for section in fresh:
            look_at_section(section, self.told())
        assert decode_song(encode_song(part), "walk.drop") == part, self.told()
        self._sound = list(song.sections)

    def look_at_the_screen(self) -> None:
        assert "{" not in self.app.view.note.replace("{cell.fill}", ""), self.told()
        for canvas in self.app.main.query(Canvas):
            size, seen = canvas.size, self._looked_at.get(canvas)
            if seen is not None and seen[0] is canvas.view and seen[1] == size:
                continue
            self._looked_at[canvas] = canvas.view, size
            for y in range(size.height):
                assert canvas.render_line(y).cell_length == size.width, self.told()


def ids(song: Song) -> list[int]:
    return [section.id for section in song.sections]


def walked_to(before: History, song: Song) -> bool:
    """True for a song that undo and redo lead to."""
    return any(song is one for one in (*before.past, *before.future))


def locked_cells(song: Song) -> dict[tuple[CellKey, int], object]:
    """The locked cells of a song, those of a section that is made longer or shorter being others."""
    return {
        (CellKey(song.sections[index].id, part), song.sections[index].bars): song.sections[index].cell(part)
        for index, part in song.cell_refs()
        if song.sections[index].cell(part).locked
    }


def look_at_section(section: Section, told: str) -> None:
    for cell in (section.cells.drums, section.cells.bass, section.cells.chords, section.cells.lead):
        assert (cell.chosen is None) == (not cell.takes), told
        for take in cell.takes:
            assert take.phrase.bars == section.bars, told
            ends: dict[int, int] = {}
            for note in take.phrase.notes:
                assert ends.get(note.pitch, 0) <= note.onset_tick, f"two notes of a pitch at once: {told}"
                ends[note.pitch] = note.end_tick
            assert max(ends.values(), default=0) <= section.bars * TICKS_PER_BAR, told


@pytest.mark.slow
def test_no_row_of_keys_harms_the_song() -> None:
    run_state_machine_as_test(Walk, settings=PROFILE)
