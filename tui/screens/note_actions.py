"""The main screen's actions on the notes of the selected phrase; their keys are the phrase's while it has the focus."""

from collections.abc import Callable, Sequence

from song.edits.clips import Clip
from song.errors import UserError
from song.parts import Part
from song.time import TICKS_PER_BAR, ticks_to_bar
from tui.actions import PAINTED_RATES
from tui.phrase_editor import PhraseEditor, next_ghost
from tui.screens.fill_actions import FillActions
from tui.widgets.phrase_roll import PhraseRoll
from tui.widgets.rolls import COLUMNS_A_BAR, USUAL_COLUMNS
from tui.workspace import Workspace

_NO_ROOM = "there is no room for a bar so wide: {phrase.full} gives the notes the whole screen"


class NoteActions(FillActions, inherit_bindings=False):
    """Actions on notes."""

    def __init__(self, workspace: Workspace, engine_command: Sequence[str]) -> None:
        super().__init__(workspace, engine_command)
        self.editor = PhraseEditor(workspace)
        self.ghost: Part | None = None
        self.columns = USUAL_COLUMNS
        self._clip: Clip | None = None

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

    def action_quantize(self, percent: int) -> None:
        """Put the notes of the chosen bars on the grid, or so much of the way to it."""
        grid = self.editor.cursor.grid
        told = f"on the grid of {grid}" if percent == 100 else f"nearer to the grid of {grid}; again: nearer still"
        self.attempt(lambda: self.editor.quantize(percent / 100), told)

    def action_full_screen(self) -> None:
        """Give the phrase the whole screen, or show the rest again."""
        full = not self.has_class("-full")
        self.set_class(full, "-full")
        self.call_after_refresh(self.refresh_view)
        self.say("{phrase.full} shows the rest again, {phrase.wider} and {phrase.narrower} zoom" if full else "")

    def action_zoom(self, steps: int) -> None:
        """Draw a bar in more columns, or in fewer."""
        place = COLUMNS_A_BAR.index(self.columns) + steps
        if not 0 <= place < len(COLUMNS_A_BAR):
            self.say("it zooms no further")
            return
        self.columns = COLUMNS_A_BAR[place]
        self.say(f"a column is a 1/{self.columns}" if self.query_one(PhraseRoll).fits(self.columns) else _NO_ROOM)

    def action_fold(self) -> None:
        """Give rows to the pitches in use alone, or to all."""
        self.say("rows of the pitches in use; again: all" if self.editor.fold() else "rows of all pitches")

    def action_copy_bars(self) -> None:
        """Take the chosen bars along."""
        self._take_along(self.editor.copy, "copied")

    def action_cut_bars(self) -> None:
        """Take the chosen bars along and empty them."""
        self._take_along(self.editor.cut, "cut out")

    def _take_along(self, take: Callable[[], Clip], done: str) -> None:
        try:
            self._clip = take()
        except UserError as error:
            self.say(str(error))
            return
        bars = self._clip.length_ticks // TICKS_PER_BAR
        self.say(f"{done} {bars} bar{'s' if bars > 1 else ''}: {{notes.paste}} puts them in, in other cells too")

    def action_paste_bars(self) -> None:
        """Put in what was taken along, from the cursor's bar on."""
        clip = self._clip
        if clip is None:
            self.say("nothing is copied: {notes.copy} copies these bars")
            return
        self.attempt(lambda: self.editor.paste(clip), "put in here")

    def action_repeat_bars(self) -> None:
        """Put the chosen bars once more behind themselves."""
        self.attempt(self.editor.repeat, "repeated")

    def action_legato(self) -> None:
        """Hold the notes of the chosen bars until the next ones."""
        self.attempt(self.editor.legato, "held until the next notes")

    def action_mirror(self) -> None:
        """Turn the chosen bars from back to front."""
        self.attempt(self.editor.mirror, "from back to front")

    def action_speed(self, way: str) -> None:
        """Play the chosen bars in double or in half time."""
        self.attempt(lambda: self.editor.change_speed(faster=way == "double"), f"{way} time")

    def action_wobble_depth(self, percent: int) -> None:
        """Make the wobbles of the chosen bars, or of this beat, deeper or shallower."""
        self.attempt(lambda: self.editor.deepen(percent / 100))

    def action_wobble_shape(self) -> None:
        """Give the wobbles of the chosen bars, or of this beat, another shape."""
        shapes: list[str] = []
        if self.attempt(lambda: shapes.append(self.editor.next_shape())):
            self.say(f"a {shapes[0]} wobble")

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
