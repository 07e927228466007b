"""The main screen's actions on the notes of the selected phrase; their keys are the phrase's while it has the focus."""

from collections.abc import Sequence

from song.parts import Part
from song.time import ticks_to_bar
from tui.actions import PAINTED_RATES
from tui.phrase_editor import PhraseEditor, next_ghost
from tui.screens.fill_actions import FillActions
from tui.widgets.phrase_roll import PhraseRoll
from tui.workspace import Workspace


class NoteActions(FillActions, inherit_bindings=False):
    """Actions on notes."""

    def __init__(self, workspace: Workspace, engine_command: Sequence[str]) -> None:
        super().__init__(workspace, engine_command)
        self.editor = PhraseEditor(workspace)
        self.ghost: Part | None = None

    @property
    def editing(self) -> bool:
        """True while the keys are the phrase's."""
        return isinstance(self.focused, PhraseRoll)

    def action_edit_notes(self) -> None:
        """Edit the selected phrase; where another take of it is looked at, let that one sound instead."""
        if self.workspace.looked_at is not None:
            self.action_accept_take()
            return
        if self.workspace.selected_section.cell(self.workspace.part).locked:
            self.say("locked: {cell.lock} frees this cell")
            return
        if not self.editing:
            self.editor.begin()
            # On a narrow screen the phrase takes the place of the constraints meanwhile.
            self.add_class("-notes")
            self.set_focus(self.query_one(PhraseRoll))
        self.say("")

    def action_leave_notes(self) -> None:
        """Unmark the bars, or stop writing, or leave the phrase."""
        if self.editor.marked is not None:
            self.editor.mark()
        elif self.session.writing().busy:
            self.session.cancel()
        else:
            self.workspace.select(self.workspace.section, bar=ticks_to_bar(self.editor.tick))
            self.stop_editing()
        self.say("")

    def action_note_move(self, steps: int, rows: int) -> None:
        """Move the cursor."""
        self.editor.move(steps, rows)
        self.say("")

    def action_note_bar(self, bars: int) -> None:
        """Move the cursor by bars."""
        self.editor.move_bars(bars)
        self.say("")

    def action_note_grid(self) -> None:
        """Step by another length."""
        self.say(f"steps of {self.editor.next_grid()}")

    def action_mark_bars(self) -> None:
        """Mark bars from here on, or none."""
        self.say("bars are marked from here to where you go" if self.editor.mark() else "")

    def action_ghost(self) -> None:
        """Show when another part plays."""
        self.ghost = next_ghost(self.ghost, self.workspace.part)
        if self.ghost is None:
            self.say("no other part is shown")
            return
        empty = self.workspace.selected_section.cell(self.ghost).phrase is None
        self.say(f"ghost of the {self.ghost}: empty here" if empty else f"ghost of the {self.ghost}; again: another")

    def action_toggle_note(self) -> None:
        """Put a note at the cursor, or take it away."""
        self.attempt(self.editor.toggle)

    def action_remove_notes(self) -> None:
        """Take the chosen notes away."""
        self.attempt(self.editor.remove)

    def action_note_velocity(self, change: int) -> None:
        """Make the chosen notes louder or softer."""
        self.attempt(lambda: self.editor.louder(change))

    def action_note_length(self, steps: int) -> None:
        """Make the chosen notes longer or shorter."""
        self.attempt(lambda: self.editor.resize(steps))

    def action_note_shift(self, steps: int) -> None:
        """Move the chosen notes in time."""
        self.attempt(lambda: self.editor.shift(steps))

    def action_note_transpose(self, semitones: int) -> None:
        """Move the chosen notes in pitch."""
        self.attempt(lambda: self.editor.transpose(semitones))

    def action_quantize(self) -> None:
        """Put the notes of the chosen bars on the grid."""
        self.attempt(self.editor.quantize, f"on the grid of {self.editor.cursor.grid}")

    def action_humanize(self) -> None:
        """Play the chosen bars less evenly."""
        self.attempt(self.editor.humanize, "played less evenly; again: otherwise")

    def action_paint(self, number: int) -> None:
        """Paint a wobble rate, or none."""
        rate = PAINTED_RATES[number - 1] if number else None
        self.attempt(lambda: self.editor.paint(rate))

    def action_keep_bars(self) -> None:
        """Keep the chosen bars from fills, or free them."""
        kept: list[bool] = []
        if self.attempt(lambda: kept.append(self.editor.toggle_kept())):
            self.say("kept: fills leave these bars alone" if kept[0] else "free: fills may write these bars")

    def action_refill(self) -> None:
        """Write the chosen bars anew, those that are kept apart."""
        work = self.workspace
        cell, bars = work.cell_ref, work.selected_section.bars
        kept = work.kept_bars(cell)
        anew = set(self.editor.chosen_bars()) - set(kept)
        if work.selected_section.cell(work.part).take is None:
            self.action_fill("cell")
        elif not anew:
            self.say("kept: {notes.keep} frees these bars")
        elif self.session.writing().placed(work.song).covers(cell):
            self.say("that is being written already")
        else:
            self.write([cell], {cell: tuple(bar for bar in range(bars) if bar not in anew)})
