"""The main screen's actions on what is heard, and what the sound process sends."""

from collections.abc import Sequence

from song.edits.patches import set_patch
from song.sections import Song
from song.time import ticks_to_bar
from sound.playing.protocol import Play, Scope
from tui.files.paths import patch_folder
from tui.messages import SoundChanged
from tui.playing.patches import check_offered, offered_patches
from tui.playing.session import SoundSession, SoundStatus
from tui.playing.words import page_words, sound_words
from tui.screens.note_actions import NoteActions
from tui.view import Heard
from tui.workspace import Workspace


class SoundActions(NoteActions, inherit_bindings=False):
    """Actions on what is heard."""

    def __init__(self, workspace: Workspace, engine_command: Sequence[str]) -> None:
        super().__init__(workspace, engine_command)
        self.sound = SoundSession(self.post_message)
        self._sound_told = ""
        self._seen: tuple[Song, object, Song] | None = None
        self._shown_sound = SoundStatus()

    @property
    def heard(self) -> Heard | None:
        """The place that is heard, while something plays."""
        position = self.sound.status.position
        index = None if position is None else self.workspace.song.index_of(position.section_id)
        return None if position is None or index is None else Heard(index, position.tick)

    def action_play(self, scope: str) -> None:
        """Play the cell, the section, or the song from here on."""
        work = self.workspace
        bar = ticks_to_bar(self.editor.cursor.tick) if self.editing else work.bar
        self.sound.play(self._to_hear(), Play(Scope(scope), work.section, work.part, bar))
        self._tell_of_sound(anew=True)

    def action_loop(self) -> None:
        """Begin again at the end of what plays, or do not."""
        on = self.sound.toggle_loop()
        self.say("looped: what plays begins again at its end" if on else "not looped: what plays ends at its end")

    def action_choose_patch(self) -> None:
        """Ask for another sound of the selected part."""
        # Here and not at the top: an input takes its time to import, and the first paint needs none.
        from tui.screens.prompt import PromptScreen

        work = self.workspace
        part, offered = work.part, offered_patches(work.part, patch_folder())

        def take(text: str) -> None:
            name = text.strip()
            check_offered(name, offered, part)
            work.edit(lambda song: set_patch(song, part, name))

        def taken(text: str | None) -> None:
            name = (text or "").strip()
            told = f"{name}: {offered[name]}" if offered.get(name) else name or "the usual one of the style"
            self.say(f"sound of the {part}: {told}" if text is not None else "")

        hint = f"{', '.join(offered)}; nothing: the usual one of the style"
        self.app.push_screen(PromptScreen(f"sound of the {part}", work.song.patches.of(part), take, hint), taken)

    def action_listening_page(self) -> None:
        """Have the listening page served, and tell where it is."""
        page = self.sound.status.page
        self.sound.open_page(self._to_hear())
        self.say(page_words(page) if page is not None else "starting the listening page")

    def stop_sound(self) -> None:
        """Play nothing any more."""
        self._sound_told = ""
        self.say("stopped" if self.sound.stop() else "nothing plays: {sound.section} plays this section")

    def action_step_take(self, step: int) -> None:
        """Look at another take, and hear it in its place while something plays."""
        super().action_step_take(step)
        play, work, heard = self.sound.status.playing, self.workspace, self.heard
        if play is None:
            return
        here = heard is not None and heard.section == work.section
        # Where it plays already, the song that was told holds it.
        if not here or (play.scope is Scope.CELL and play.part is not work.part):
            self.sound.play(self._to_hear(), Play(Scope.SECTION, work.section, work.part, goes_on=True))

    def follow_song(self) -> None:
        """Let what plays be of the song as it is seen now, and have the takes beside it rendered ahead."""
        if not self.sound.status.running:
            return
        song = self._to_hear()
        self.sound.follow(song)
        cell = self.workspace.selected_section.cell(self.workspace.part)
        if self.sound.status.playing is not None and cell.chosen is not None and len(cell.takes) > 1:
            shown = self.workspace.looked_at
            at = cell.chosen if shown is None else shown
            count = len(cell.takes)
            near = sorted(range(1, count), key=lambda step: min(step, count - step))
            phrases = [cell.takes[(at + step) % count].phrase for step in near]
            self.sound.render_ahead(self.workspace.section, self.workspace.part, phrases)

    def _to_hear(self) -> Song:
        """The song as it is seen, the same object as long as it is the same."""
        work = self.workspace
        if work.looked_at is None:
            return work.song
        state = (work.section, work.part, work.looked_at)
        if self._seen is None or self._seen[0] is not work.song or self._seen[1] != state:
            self._seen = (work.song, state, work.shown_song)
        return self._seen[2]

    def refresh_heard(self) -> None:
        """Show where playing is, and nothing else anew: this is done many times a second."""
        raise NotImplementedError

    # What the sound sends

    def on_sound_changed(self, message: SoundChanged) -> None:
        """Show where playing is; tell what is new of it."""
        before, self._shown_sound = self._shown_sound, self.sound.status
        now = self._shown_sound
        if (before.playing, before.page, before.output) != (now.playing, now.page, now.output) or (
            before.position is None or now.position is None or before.position.waiting != now.position.waiting
        ):
            self._tell_of_sound()
        if self.heard is None and before.position is None:
            return
        self.refresh_heard()

    def _tell_of_sound(self, *, anew: bool = False) -> None:
        """Say how the sound stands, in the place of what was last said of it or, anew, of whatever is said."""
        words = sound_words(self.workspace.song, self.sound.status)
        if (anew or self.note == self._sound_told or not self.note) and words != self.note:
            self.say(words)
        elif self.note == self._sound_told and not words:
            self.say("")
        self._sound_told = words
