"""The main screen: its widgets, moves of the selection, and changes of constraints.

Its other actions, and what the engine sends, are in the `*_actions` modules beside it. Every action ends in
`refresh_view`, which hands the widgets one new `View`. No action waits for anything.
"""

import gc
from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal

from song.time import ticks_to_bar
from tui.actions import MAIN_ACTIONS, bindings
from tui.fields import FIELDS
from tui.glyphs import Glyphs
from tui.keymaps import with_keys
from tui.messages import (
    CellPicked,
    FieldPicked,
    NotePicked,
)
from tui.screens.section_actions import SectionActions
from tui.screens.song_actions import SongActions
from tui.screens.sound_actions import SoundActions
from tui.screens.whole_song_actions import WholeSongActions
from tui.view import View, placed_cells
from tui.widgets.arrangement import Arrangement
from tui.widgets.canvas import Canvas
from tui.widgets.constraints import ConstraintsPanel
from tui.widgets.grid import PartGrid
from tui.widgets.key_line import KeyLine
from tui.widgets.phrase_roll import PhraseRoll
from tui.widgets.status import StatusLine
from tui.widgets.takes import TakesPanel
from tui.workspace import Workspace

WELCOME = "press {song.fill} to fill everything, then {song.export} to export"


class MainScreen(SectionActions, SongActions, WholeSongActions, SoundActions, inherit_bindings=False):
    """The whole app but its help."""

    BINDINGS = bindings(MAIN_ACTIONS)
    AUTO_FOCUS = ""

    def __init__(self, workspace: Workspace, engine_command: Sequence[str], glyphs: Glyphs) -> None:
        super().__init__(workspace, engine_command)
        self._glyphs = glyphs
        self.autosave_fails = False
        self.note = _greeting(workspace)

    def compose(self) -> ComposeResult:
        """From the whole song at the top to the selected cell at the bottom."""
        yield Arrangement(id="arrangement")
        yield PartGrid(id="grid")
        with Horizontal(id="panels"):
            yield ConstraintsPanel(id="constraints")
            yield TakesPanel(id="takes")
            yield PhraseRoll(id="phrase")
        yield StatusLine(id="status")
        yield KeyLine(id="keys")

    def on_mount(self) -> None:
        """Show the song, and start the engine once it has been painted."""
        self.refresh_view()
        self.call_after_refresh(self._start_engine)

    def _start_engine(self) -> None:
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        self.run_worker(self.session.run(), name="engine", exit_on_error=True)

    async def on_unmount(self) -> None:
        """Leave no engine and no sound behind."""
        await self.sound.close()
        await self.session.close()

    @property
    def view(self) -> View:
        """All that the widgets draw, as it is now."""
        work = self.workspace
        looked_at, cursor = work.looked_at, self.editor.cursor if self.editing else None
        return View(
            song=work.shown_song,
            section=work.section,
            part=work.part,
            field=work.field_id,
            writing=self._writing.placed(work.song),
            failed=placed_cells(self._failed, work.song),
            engine=self._engine,
            saved=work.saved,
            in_file=work.path is not None,
            file_name=self._file_name(),
            note=with_keys(self.note, self.keymap),
            glyphs=self._glyphs,
            bar=work.bar if cursor is None else ticks_to_bar(cursor.tick),
            sounding=None if looked_at is None else work.selected_section.cell(work.part).chosen,
            cursor=cursor,
            ghost=self.ghost,
            columns=self.columns,
            full=self.has_class("-full"),
            heard=self.heard,
        )

    def _file_name(self) -> str:
        file = self.workspace.file
        name = file.path.name if file.path is not None else ""
        doubts = ("read-only" if file.read_only else "", "not autosaved" if self.autosave_fails else "")
        return ", ".join(filter(None, (name or "no file yet", *doubts)))

    def refresh_view(self) -> None:
        """Hand the widgets how things stand, and the sound what is to be heard."""
        view = self.view
        for canvas in self.query(Canvas):
            canvas.show(view)
        self.follow_song()

    def refresh_heard(self) -> None:
        """Show where playing is."""
        view = self.view
        for canvas in (self.query_one(Arrangement), self.query_one(PhraseRoll)):
            canvas.show(view)

    # Moving

    def action_move(self, sections: int, parts: int) -> None:
        """Select another cell."""
        self.workspace.move(sections, parts)
        self.say("")

    def action_move_bar(self, bars: int) -> None:
        """Go on by bars, through the sections."""
        self.workspace.move_bars(bars)
        self.say("")

    def action_turn_page(self, pages: int) -> None:
        """Show other bars of the phrase."""
        self.workspace.move_pages(pages, self.query_one(PhraseRoll).bars_shown)
        self.say("")

    def on_note_picked(self, message: NotePicked) -> None:
        """Edit the phrase where it was clicked."""
        self.action_edit_notes()
        if self.editing:
            self.editor.go_to(message.tick, message.pitch)
            self.refresh_view()

    def on_cell_picked(self, message: CellPicked) -> None:
        """Select what was clicked."""
        self.workspace.select(message.section, message.part, message.bar)
        self.say("")

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
        from tui.field_text import hint, typed_text
        from tui.screens.prompt import PromptScreen

        work = self.workspace
        value = typed_text(work.song, work.section, work.field_id)
        name = next(one.label for one in FIELDS if one.id == work.field_id)
        self.app.push_screen(PromptScreen(name, value, work.type_field, hint(work.field_id)), lambda _: self.say(""))


def _greeting(workspace: Workspace) -> str:
    if workspace.file.read_only:
        return f"read-only, S saves it elsewhere: {workspace.file.read_only}"
    return WELCOME if workspace.empty_cells() else ""
