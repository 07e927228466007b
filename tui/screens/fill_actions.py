"""The main screen's actions on what is written: fills, takes, locks, variations; and what the engine sends."""

from collections.abc import Mapping, Sequence

from model.protocol import CellRef
from song.edits.bars import copy_section_takes, variation_bars, variation_source
from song.edits.history import Edit
from song.errors import UserError
from song.sections import CellKey, Song
from tui.messages import CellWritten, EngineChanged, FillEnded, TakePicked, WritingChanged
from tui.screens.work_screen import WorkScreen
from tui.view import EngineState, EngineStatus, Outstanding, cell_key
from tui.workspace import Workspace

WAITING = "writing begins once the engine is ready"
SILENT = "the engine has not answered for a minute: {engine.restart} starts it anew"


class FillActions(WorkScreen, inherit_bindings=False):
    """Actions on takes."""

    def __init__(self, workspace: Workspace, engine_command: Sequence[str]) -> None:
        super().__init__(workspace, engine_command)
        self._writing = Outstanding()
        self._engine = EngineStatus()
        self._failed: frozenset[CellKey] = frozenset()
        self._forgotten = 0

    def action_fill(self, scope: str) -> None:
        """Ask the engine for takes of the cell, the section, the part or the song."""
        free, writing = self.workspace.free_cells(scope), self.session.writing().placed(self.workspace.song)
        open_cells = [cell for cell in free if len(self.workspace.kept_bars(cell)) < self._bars(cell)]
        cells = [cell for cell in open_cells if not writing.covers(cell)]
        if not free:
            self.say("locked: {cell.lock} frees this cell" if scope == "cell" else "every cell there is locked")
        elif not open_cells:
            self.say("every bar there is kept: {notes.keep} in the notes ({notes.edit}) frees bars")
        elif not cells:
            self.say("that is being written already")
        else:
            self.write(cells, {cell: self.workspace.kept_bars(cell) for cell in cells})

    def write(
        self, cells: Sequence[CellRef], kept: Mapping[CellRef, tuple[int, ...]], joined: Edit | None = None
    ) -> None:
        """Ask the engine for takes of cells, with some of their bars kept; one step with an edit just made, if any."""
        self._failed -= {cell_key(self.workspace.song, cell) for cell in cells}
        self.note = "" if self._engine.state is EngineState.READY else WAITING
        self.workspace.begin_fill(self.session.fill(cells, self.workspace.next_seed(), kept), joined)
        self._writing = self.session.writing()
        self.refresh_view()

    def forget_fills(self) -> None:
        """Stop writing, and take nothing any more of what was asked for so far: the song is another."""
        self.session.cancel()
        self._forgotten = self.session.last_fill_id
        self._failed = frozenset()
        self._writing = self.session.writing()

    def _bars(self, cell: CellRef) -> int:
        return self.workspace.song.sections[cell.section].bars

    def action_leave(self) -> None:
        """Leave the take that is looked at, or stop writing, or say that there is nothing to cancel."""
        if self.workspace.leave_take():
            self._tell_of_take()
        elif self.session.writing().busy:
            self.session.cancel()
        else:
            self.say("nothing to cancel; {app.quit} quits")

    def action_step_take(self, step: int) -> None:
        """Look at another take of the cell; what sounds stays until one is accepted."""
        work = self.workspace
        if self.focused is not None:
            # What is edited is the take that sounds.
            self.stop_editing()
        if self.attempt(lambda: work.step_take(step)):
            self._tell_of_take()

    def _tell_of_take(self) -> None:
        cell, shown = self.workspace.selected_section.cell(self.workspace.part), self.workspace.looked_at
        if shown is None:
            self.say(f"take {(cell.chosen or 0) + 1} of {len(cell.takes)}: the one that sounds")
        else:
            self.say(f"take {shown + 1} of {len(cell.takes)}: {{take.accept}} takes it, {{fill.cancel}} leaves it")

    def action_accept_take(self) -> None:
        """Let the take that is looked at sound."""
        accepted: list[int] = []
        if self.attempt(lambda: accepted.append(self.workspace.accept_take())):
            self.say(f"take {accepted[0] + 1} sounds: {{song.undo}} brings back the one before")

    def action_show_takes(self) -> None:
        """Show the takes of the cell in place of the constraints, or these again; where there is room, beside them."""
        self.toggle_class("-takes")
        seen = self.has_class("-takes") is not self.has_class("-vast")
        self.say("{take.next} and {take.previous} show another take" if seen else "")

    def on_take_picked(self, message: TakePicked) -> None:
        """Look at the take that was clicked; clicked again, let it sound."""
        if message.index == self.workspace.looked_at:
            self.action_accept_take()
        else:
            self.workspace.look_at(message.index)
            self._tell_of_take()

    def action_lock(self) -> None:
        """Lock the cell, or free it."""
        self.say("locked: fills pass over this cell" if self.workspace.toggle_lock() else "free")

    def action_clear(self) -> None:
        """Empty the cell."""
        self._failed -= {cell_key(self.workspace.song, self.workspace.cell_ref)}
        if self.workspace.selected_section.cell(self.workspace.part).take is None:
            self.say("this cell is empty already")
            return
        self.attempt(self.workspace.clear, "emptied: {song.undo} brings it back")

    def action_restart_engine(self) -> None:
        """End the engine; the session starts another."""
        self.session.restart()

    def action_vary(self) -> None:
        """Make the selected section a variation of the nearest of its kind: some bars stay, the others are written."""
        work, index = self.workspace, self.workspace.section
        try:
            source = variation_source(work.song, index)
        except UserError as error:
            self.say(str(error))
            return
        cells = [
            ref for ref in work.free_cells("section") if work.song.sections[source].cell(ref.part).take is not None
        ]
        writing = self.session.writing().placed(work.song)
        if not cells:
            self.say("every cell there is locked: {cell.lock} frees one")
        elif any(writing.covers(ref) for ref in cells):
            self.say("that is being written already: esc stops it")
        else:
            name = work.song.section_names()[source]
            copied, section_id, before = work.song.sections[source], work.selected_section.id, work.song

            def copy(song: Song) -> Song:
                return copy_section_takes(song, copied, section_id)

            work.edit(copy)
            kept = {cell: variation_bars(work.song, index, cell.part) for cell in cells}
            self.write(cells, kept, copy if work.song is not before else None)
            some = "some bars of it stay" if any(kept.values()) else "no bar of it is as this section asks for"
            self.say(f"a variation of {name}: {some}, the others are written")

    # What the engine sends

    def on_engine_changed(self, message: EngineChanged) -> None:
        """Show the engine's status, and tell of a death."""
        before, self._engine = self._engine, message.status
        if self.note == SILENT:
            self.note = ""
        match message.status.state:
            case _ if message.status.silent:
                self.note = SILENT
            case _ if before.silent and before.state is message.status.state:
                pass
            case EngineState.RESTARTING:
                self.note = f"engine restarting, the song is as it was: {message.status.reason}"
            case EngineState.DEAD:
                self.note = f"engine down, {{engine.restart}} starts it again: {message.status.reason}"
            case EngineState.READY if self.note == WAITING:
                self.note = ""
            case EngineState.READY if before.reason:
                self.note = f"engine restarted, the song is as it was: {before.reason}"
        self.refresh_view()

    def on_writing_changed(self, message: WritingChanged) -> None:
        """Show the bars that have come."""
        self._writing = message.writing
        if message.writing.busy:
            self.refresh_soon()
        else:
            self.refresh_view()

    def on_cell_written(self, message: CellWritten) -> None:
        """Put a cell's takes in the song."""
        if message.fill_id <= self._forgotten:
            return
        try:
            self.workspace.accept(message.fill_id, message.cell, message.takes, message.kept)
        except UserError as error:
            self.note = f"a take was dropped: {error}"
        self.refresh_soon()

    def on_fill_ended(self, message: FillEnded) -> None:
        """Say how a fill ended, and mark what it left unwritten."""
        self.workspace.end_fill(message.fill_id)
        if message.fill_id <= self._forgotten:
            return
        if message.reason == "cancelled":
            self.note = "cancelled; what had come is kept"
        elif message.reason or message.unwritten:
            self._failed |= set(message.unwritten)
            self.note = message.reason or "the engine left cells unwritten"
        elif not self.workspace.empty_cells():
            self.note = "all written: press {song.export} to export, {song.fill} for other notes"
        self.refresh_view()
