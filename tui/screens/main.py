"""The main screen: composes the widgets, carries out the actions, and takes in what the engine sends.

Every action ends in `refresh_view`, which hands the widgets one new `View`. No action waits for anything.
"""

from collections.abc import Sequence
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Horizontal

from song.errors import UserError
from song.parts import PARTS
from song.sections import CellKey, Song
from tui.actions import MAIN_ACTIONS, bindings
from tui.fields import FIELDS
from tui.glyphs import Glyphs
from tui.messages import (
    CellPicked,
    CellWritten,
    EngineChanged,
    FieldPicked,
    FileWritten,
    FillEnded,
    Trouble,
    WritingChanged,
)
from tui.paths import short_path
from tui.screens.save_as import SaveAsScreen
from tui.screens.section_actions import SectionActions
from tui.view import EngineState, EngineStatus, Outstanding, View, cell_key, placed_cells
from tui.widgets.arrangement import Arrangement
from tui.widgets.canvas import Canvas
from tui.widgets.constraints import ConstraintsPanel
from tui.widgets.grid import PartGrid
from tui.widgets.key_line import KeyLine
from tui.widgets.phrase_roll import PhraseRoll
from tui.widgets.status import StatusLine
from tui.workspace import Workspace

WELCOME = "press A to fill everything, then e to export"


class MainScreen(SectionActions, inherit_bindings=False):
    """The whole app but its help."""

    BINDINGS = bindings(MAIN_ACTIONS)

    def __init__(self, workspace: Workspace, engine_command: Sequence[str], glyphs: Glyphs) -> None:
        super().__init__(workspace, engine_command)
        self._glyphs = glyphs
        self._writing = Outstanding()
        self._engine = EngineStatus()
        self._failed: frozenset[CellKey] = frozenset()
        self.autosave_fails = False
        self.note = _greeting(workspace)

    def compose(self) -> ComposeResult:
        """From the whole song at the top to the selected cell at the bottom."""
        yield Arrangement(id="arrangement")
        yield PartGrid(id="grid")
        with Horizontal(id="panels"):
            yield ConstraintsPanel(id="constraints")
            yield PhraseRoll(id="phrase")
        yield StatusLine(id="status")
        yield KeyLine(id="keys")

    def on_mount(self) -> None:
        """Show the song, and start the engine once it has been painted."""
        self.refresh_view()
        self.call_after_refresh(self._start_engine)

    def _start_engine(self) -> None:
        self.run_worker(self.session.run(), name="engine", exit_on_error=True)

    async def on_unmount(self) -> None:
        """Leave no engine behind."""
        await self.session.close()

    @property
    def view(self) -> View:
        """What is on the screen."""
        work = self.workspace
        return View(
            song=work.song,
            section=work.section,
            part=work.part,
            field=work.field_id,
            writing=self._writing.placed(work.song),
            failed=placed_cells(self._failed, work.song),
            engine=self._engine,
            saved=work.saved,
            file_name=self._file_name(),
            note=self.note,
            glyphs=self._glyphs,
        )

    def _file_name(self) -> str:
        file = self.workspace.file
        name = file.path.name if file.path is not None else ""
        doubts = ("read-only" if file.read_only else "", "not autosaved" if self.autosave_fails else "")
        return ", ".join(filter(None, (name or "no file yet", *doubts)))

    def refresh_view(self) -> None:
        """Hand the widgets how things stand."""
        view = self.view
        for canvas in self.query(Canvas):
            canvas.show(view)

    # Moving

    def action_move(self, sections: int, parts: int) -> None:
        """Select another cell."""
        self.workspace.move(sections, parts)
        self.say("")

    def action_turn_page(self, pages: int) -> None:
        """Show other bars of the phrase."""
        self.query_one(PhraseRoll).turn_page(pages)

    def on_cell_picked(self, message: CellPicked) -> None:
        """Select what was clicked."""
        self.workspace.select(message.section, message.part)
        self.say("")

    # Writing

    def action_fill(self, scope: str) -> None:
        """Ask the engine for takes of the cell, the section or the song."""
        song = self.workspace.song
        free, writing = self.workspace.free_cells(scope), self.session.writing().placed(song)
        cells = [cell for cell in free if not writing.covers(cell)]
        if not free:
            self.say("locked: l frees this cell" if scope == "cell" else "every cell there is locked")
        elif not cells:
            self.say("that is being written already")
        else:
            self._failed -= {cell_key(song, cell) for cell in cells}
            self.note = "" if self._engine.state is EngineState.READY else "writing begins once the engine is ready"
            self.session.fill(cells, self.workspace.next_seed())
            self._writing = self.session.writing()
            self.refresh_view()

    def action_leave(self) -> None:
        """Stop writing, or clear the note."""
        if self.session.writing().busy:
            self.session.cancel()
        else:
            self.say("nothing to cancel; ^q quits")

    def action_step_take(self, step: int) -> None:
        """Let another take of the cell sound."""
        self.attempt(lambda: self.workspace.step_take(step))

    def action_lock(self) -> None:
        """Lock the cell, or free it."""
        self.say("locked: fills pass over this cell" if self.workspace.toggle_lock() else "free")

    def action_clear(self) -> None:
        """Empty the cell."""
        self._failed -= {cell_key(self.workspace.song, self.workspace.cell_ref)}
        self.attempt(self.workspace.clear)

    def action_restart_engine(self) -> None:
        """End the engine; the session starts another."""
        self.session.restart()

    # Changing constraints

    def action_next_field(self, step: int) -> None:
        """Choose another constraint."""
        self.attempt(lambda: self.workspace.next_field(step))

    def action_pick_field(self, name: str) -> None:
        """Choose a constraint by name; again for the next that belongs to it."""
        self.attempt(lambda: self.workspace.pick_field(name))

    def on_field_picked(self, message: FieldPicked) -> None:
        """Choose the constraint that was clicked."""
        self.workspace.select_field(message.field_id)
        self.say("")

    def action_step(self, steps: int) -> None:
        """Change the chosen constraint by a step."""
        self.attempt(lambda: self.workspace.step_field(steps))

    def action_leap(self, steps: int) -> None:
        """Change the chosen constraint by a coarse step."""
        self.attempt(lambda: self.workspace.step_field(steps, coarse=True))

    def action_type_field(self) -> None:
        """Ask for the value of the chosen constraint."""
        from tui.field_reading import hint, typed_text
        from tui.screens.prompt import PromptScreen

        work = self.workspace
        value = typed_text(work.song, work.section, work.field_id)
        name = next(one.label for one in FIELDS if one.id == work.field_id)
        self.app.push_screen(PromptScreen(name, value, work.type_field, hint(work.field_id)), lambda _: self.say(""))

    # The song

    def action_undo(self) -> None:
        """Take the last edit back."""
        self.say("undone" if self.workspace.undo() else "there is nothing to undo")

    def action_redo(self) -> None:
        """Make it again."""
        self.say("made again" if self.workspace.redo() else "there is nothing to redo")

    def action_save(self) -> None:
        """Save the song."""
        try:
            self.say(f"saved {short_path(self.workspace.save())}")
        except UserError as error:
            self.say(str(error))

    def action_save_as(self) -> None:
        """Ask for another file, and save the song there."""
        work = self.workspace
        try:
            offered = short_path(work.file.other_path(work.song.title))
        except UserError:
            offered = ""
        self.app.push_screen(SaveAsScreen(offered, work.save_as), self._saved_as)

    def _saved_as(self, path: Path | None) -> None:
        if path is not None:
            self.say(f"saved {short_path(path)}")

    def action_export(self) -> None:
        """Write a MIDI file, in a thread."""
        song = self.workspace.song
        if self.workspace.empty_cells() == sum(1 for _ in song.cell_refs()):
            self.say("there is nothing to export yet: press A to fill everything")
            return
        if not song.heard_parts():
            self.say("every part is muted: m lets the selected part be heard")
            return
        try:
            path = self.workspace.export_path()
        except UserError as error:
            self.say(str(error))
            return
        self.say(f"exporting {short_path(path)}")
        self.run_worker(lambda: self._export(song, path), name="export", group="export", thread=True)

    def _export(self, song: Song, path: Path) -> None:
        # Here and not at the top: music21 takes its time to import, and only an export needs it.
        from song.assemble import write_midi

        try:
            write_midi(song, path)
        except UserError as error:
            self.post_message(Trouble(str(error)))
        else:
            self.post_message(FileWritten(path))

    def on_file_written(self, message: FileWritten) -> None:
        """Say where the export is."""
        empty = self.workspace.empty_cells()
        rest = f", {empty} {'cell' if empty == 1 else 'cells'} still empty" if empty else ""
        song = self.workspace.song
        unheard = [part.value for part in PARTS if part not in song.heard_parts()]
        without = f" without {' and '.join(unheard)} (muted)" if unheard else ""
        self.say(f"exported {short_path(message.path)}{without}{rest}")

    def on_trouble(self, message: Trouble) -> None:
        """Say what did not work."""
        self.say(message.reason)

    # What the engine sends

    def on_engine_changed(self, message: EngineChanged) -> None:
        """Show the engine's status, and tell of a death."""
        before, self._engine = self._engine, message.status
        match message.status.state:
            case EngineState.RESTARTING:
                self.note = f"engine restarting, the song is as it was: {message.status.reason}"
            case EngineState.DEAD:
                self.note = f"engine down, ^e starts it again: {message.status.reason}"
            case EngineState.READY if before.reason:
                self.note = f"engine restarted, the song is as it was: {before.reason}"
        self.refresh_view()

    def on_writing_changed(self, message: WritingChanged) -> None:
        """Show the bars that have come."""
        self._writing = message.writing
        self.refresh_view()

    def on_cell_written(self, message: CellWritten) -> None:
        """Put a cell's takes in the song."""
        try:
            self.workspace.accept(message.fill_id, message.cell, message.takes, message.kept)
        except UserError as error:
            self.note = f"a take was dropped: {error}"
        self.refresh_view()

    def on_fill_ended(self, message: FillEnded) -> None:
        """Say how a fill ended, and mark what it left unwritten."""
        if message.reason == "cancelled":
            self.note = "cancelled; what had come is kept"
        elif message.reason or message.unwritten:
            self._failed |= set(message.unwritten)
            self.note = message.reason or "the engine left cells unwritten"
        elif not self.workspace.empty_cells():
            self.note = "all written: press e to export"
        self.refresh_view()


def _greeting(workspace: Workspace) -> str:
    if workspace.file.read_only:
        return f"read-only, S saves it elsewhere: {workspace.file.read_only}"
    return WELCOME if workspace.empty_cells() else ""
