"""The main screen's actions on the form: sections, templates, phrases carried along, mute and solo."""

from song.arrangements import ARRANGEMENTS
from song.edits.bars import paste_take
from song.edits.sections import (
    add_section,
    delete_section,
    duplicate_section,
    move_section,
    rename_section,
    take_arrangement,
    toggle_muted,
    toggle_solo,
)
from song.edits.takes import set_bars
from song.layout import draw_layout, redraw
from song.parts import PARTS, Part
from song.sections import Take
from song.seeds import fresh_seed
from tui.screens.fill_actions import FillActions


class SectionActions(FillActions, inherit_bindings=False):
    """Actions on sections and parts."""

    _copied: Take | None = None
    _copied_part = Part.DRUMS

    def action_add_section(self) -> None:
        """Add a section after the selected one and select it."""
        work = self.workspace
        if self.attempt(lambda: work.edit(lambda song: add_section(song, work.section))):
            work.move(1, 0)
            keys = "{section.fill} writes it, {section.rename} names it, {field.bars} and +- set its bars"
            self.say(f"added {self._section_name()}: {keys}")

    def action_duplicate_section(self) -> None:
        """Copy the selected section and select the copy."""
        work = self.workspace
        if self.attempt(lambda: work.edit(lambda song: duplicate_section(song, work.section))):
            work.move(1, 0)
            self.say(f"copied to {self._section_name()}: {{section.vary}} makes a variation of it")

    def action_delete_section(self) -> None:
        """Remove the selected section."""
        work, name = self.workspace, self._section_name()
        if self.attempt(lambda: work.edit(lambda song: delete_section(song, work.section))):
            work.move(0, 0)
            self.say(f"removed {name}: {{song.undo}} brings it back")

    def action_shift_section(self, places: int) -> None:
        """Move the selected section among the others; it stays selected."""
        work = self.workspace
        if self.attempt(lambda: work.edit(lambda song: move_section(song, work.section, places))):
            work.move(places, 0)
            self.say("")

    def action_resize_section(self, bars: int) -> None:
        """Make the selected section longer or shorter."""
        work = self.workspace
        wanted = work.selected_section.bars + bars
        if self.attempt(lambda: work.edit(lambda song: set_bars(song, work.section, wanted))):
            self.say(f"{self._section_name()}: {wanted} {'bar' if wanted == 1 else 'bars'}")

    def action_rename_section(self) -> None:
        """Ask for a name of the selected section."""
        # Here and not at the top: an input takes its time to import, and the first paint needs none.
        from tui.screens.prompt import PromptScreen

        work, index = self.workspace, self.workspace.section

        def rename(name: str) -> None:
            work.edit(lambda song: rename_section(song, index, name))

        self.app.push_screen(PromptScreen("name", work.selected_section.name, rename), lambda _: self.say(""))

    def action_start_anew(self) -> None:
        """Offer the arrangements."""
        from tui.screens.start import StartScreen

        self.app.push_screen(StartScreen(self.workspace.song, self.press), self.start_from)

    def start_from(self, name: str | None) -> None:
        """Lay the song out as an arrangement does, and stop writing what was there; nothing where none was chosen."""
        if name is None:
            return
        had_music = self.workspace.has_music()
        self.forget_fills()
        self.workspace.begin_anew(lambda song: take_arrangement(song, draw_layout(name, song.seed)))
        self.workspace.select(0)
        self.say(
            f"{name}, seed {self.workspace.song.seed}: press {{song.fill}} to write it"
            + ("; {song.undo} brings back what was there" if had_music else "")
        )

    def action_draw_layout(self) -> None:
        """Lay the song out by another seed; what was set by hand stays, and so does what is written."""
        if self.workspace.song.template not in ARRANGEMENTS:
            self.say("this layout was not drawn: {song.start} chooses an arrangement to draw from")
            return
        self.workspace.edit(lambda song: redraw(song, fresh_seed()))
        self.workspace.select(min(self.workspace.section, len(self.workspace.song.sections) - 1))
        stays = ", what is written stays" if self.workspace.has_music() else ""
        self.say(f"drawn again, seed {self.workspace.song.seed}{stays}: {{song.fill}} writes it")

    def action_copy(self) -> None:
        """Copy the selected phrase, of the take that is seen."""
        take = self.workspace.shown_song.sections[self.workspace.section].cell(self.workspace.part).take
        if take is None:
            self.say("this cell is empty: {cell.fill} fills it")
            return
        self._copied = take
        self._copied_part = self.workspace.part
        self.say(f"copied {self.workspace.part} of {self._section_name()}: {{cell.paste}} puts it into another section")

    def action_paste(self) -> None:
        """Put the copied phrase into the selected section."""
        work, take = self.workspace, self._copied
        if take is None:
            self.say("nothing is copied: {cell.copy} copies a phrase")
            return
        part = self._copied_part
        work.select(work.section, part)
        self.attempt(lambda: work.edit(lambda song: paste_take(song, work.section, part, take)), "put here as a take")

    def action_mute(self) -> None:
        """Mute the selected part, or no longer."""
        part = self.workspace.part
        self.workspace.edit(lambda song: toggle_muted(song, part))
        self.say(self._heard())

    def action_solo(self) -> None:
        """Give the selected part solo, or no longer."""
        part = self.workspace.part
        self.workspace.edit(lambda song: toggle_solo(song, part))
        self.say(self._heard())

    def _heard(self) -> str:
        heard = self.workspace.song.heard_parts()
        if heard == PARTS:
            return "all parts are heard and exported"
        return f"heard and exported: {', '.join(heard) or 'nothing'}"

    def _section_name(self) -> str:
        return self.workspace.song.section_names()[self.workspace.section]
