"""The main screen's actions on the song as a whole: undo, save, export, open another."""

from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from song.errors import UserError
from song.export.formats import chosen_formats, kind_of, write_song
from song.files import MUSIC_SUFFIXES, SONG_SUFFIX, mark_of
from song.outputs import check_kind
from song.parts import PARTS
from song.sections import Song
from tui.files.kept import kept_paths
from tui.files.paths import openable_path, short_path
from tui.files.recent import recent_paths, remember
from tui.messages import FileWritten, SongOpened, Trouble
from tui.screens.fill_actions import FillActions
from tui.screens.key_order import KeysInOrder
from tui.screens.step_words import step_words
from tui.workspace import Workspace

if TYPE_CHECKING:
    from tui.midi_import import ImportChoices
    from tui.screens.opening import Opening


class SongActions(FillActions, inherit_bindings=False):
    """Actions on the song."""

    def __init__(self, workspace: Workspace, engine_command: Sequence[str]) -> None:
        super().__init__(workspace, engine_command)
        self._exported: dict[Path, object] = {}
        self._asked: tuple[Path, object] | None = None
        self.export_keys: tuple[str, ...] = ()

    def action_undo(self) -> None:
        """Take the last step back; what is being written stays."""
        before = self.workspace.song
        if self.workspace.undo():
            self.say(f"undone: {step_words(before, self.workspace.song)}")
        elif self.workspace.history.is_filling:
            self.say("nothing to undo but what is being written: {fill.cancel} stops that")
        else:
            self.say("there is nothing to undo")

    def action_redo(self) -> None:
        """Make it again."""
        before = self.workspace.song
        redone = self.workspace.redo()
        self.say(f"redone: {step_words(before, self.workspace.song)}" if redone else "there is nothing to redo")

    def action_save(self) -> None:
        """Save the song."""
        try:
            path = self.workspace.save()
            remember(path)
            self.say(f"saved {short_path(path)}")
        except UserError as error:
            self.say(str(error))

    def action_save_as(self) -> None:
        """Ask for another file, and save the song there."""
        # Screens with a line to write into are imported when they are asked for: the first paint needs none.
        from tui.screens.save_as import SaveAsScreen

        work = self.workspace
        try:
            offered = short_path(work.file.other_path(work.song.title))
        except UserError:
            offered = ""
        self.app.push_screen(SaveAsScreen(offered, work.save_as), self._saved_as)

    def _saved_as(self, path: Path | None) -> None:
        if path is not None:
            remember(path)
            self.say(f"saved {short_path(path)}")

    def action_export(self) -> None:
        """Write what was chosen once, in a thread: a file, or a folder of them."""
        song = self.workspace.song
        if self.workspace.empty_cells() == sum(1 for _ in song.cell_refs()):
            self.say("there is nothing to export yet: press {song.fill} to fill everything")
        elif not song.heard_parts():
            self.say("every part is muted: {part.mute} lets the selected part be heard")
        elif self.export_keys:
            self._export_or_ask(song)
        else:
            self._choose_export()

    def _choose_export(self) -> None:
        from tui.export.choice import OFFERED, QUESTION, choose, hint
        from tui.screens.prompt import PromptScreen

        def take(text: str) -> None:
            self.export_keys = choose(text)

        def go_on(answer: str | None) -> None:
            if answer is None:
                self.say("nothing is exported")
            else:
                self.action_export()

        self.app.push_screen(PromptScreen(QUESTION, OFFERED, take, hint()), go_on)

    def _export_or_ask(self, song: Song) -> None:
        from song.export.bundle import check_bundle
        from tui.export.choice import is_one_file

        keys = self.export_keys
        try:
            path = self.workspace.export_path() if is_one_file(keys) else self.workspace.bundle_path()
            if is_one_file(keys):
                check_kind(path, kind_of(path))
            else:
                check_bundle(song, path.parent, force=True)
        except UserError as error:
            self.say(str(error))
            return
        mark = mark_of(path)
        question = f"{short_path(path)} is there already: {{song.export}} again writes over it"
        # It may be what the song was made of, or another program's: asked, unless it is as we have left it; and anew
        # where the question is not on the screen any more.
        is_answered = self._asked == (path, mark) and self.note == question
        if mark is not None and self._exported.get(path) != mark and not is_answered:
            self._asked = path, mark
            self.say(question)
            return
        self.say(f"exporting {short_path(path)}")
        self.run_worker(lambda: self._export(song, path, keys), name="export", group="export", thread=True)

    def _export(self, song: Song, path: Path, keys: tuple[str, ...]) -> None:
        from song.export.bundle import write_bundle
        from tui.export.choice import is_one_file
        from tui.export.credits import training_credits
        from tui.export.sounds import samples_for

        kept: tuple[str, ...] = ()
        try:
            if is_one_file(keys):
                check_kind(path, kind_of(path))
                write_song(song, path)
            else:
                formats = chosen_formats(keys)
                samples = samples_for(song, formats)
                written = write_bundle(
                    song, path.parent, formats, force=True, credits=training_credits(), samples=samples
                )
                kept = written.kept
        except UserError as error:
            self.post_message(Trouble(str(error)))
        else:
            self.post_message(FileWritten(path, kept))

    def on_file_written(self, message: FileWritten) -> None:
        """Say where the export is."""
        self._exported[message.path] = mark_of(message.path)
        empty = self.workspace.empty_cells()
        rest = f", {empty} {'cell' if empty == 1 else 'cells'} still empty" if empty else ""
        song = self.workspace.song
        unheard = [part.value for part in PARTS if part not in song.heard_parts()]
        without = f" without {' and '.join(unheard)} (muted)" if unheard else ""
        yours = f"; {len(message.kept)} of your own files there are kept" if message.kept else ""
        self.say(f"exported {short_path(message.path)}{without}{rest}{yours}")

    def on_trouble(self, message: Trouble) -> None:
        """Say what did not work."""
        self.say(message.reason)

    def action_open_song(self) -> None:
        """Offer the recent songs and those that were kept, or ask for a name where there are none."""
        from tui.screens.open_song import OpenScreen

        kept = [path for path in kept_paths() if path != self.workspace.path]
        recent = [path for path in recent_paths() if path != self.workspace.path]
        if recent or kept:
            self.app.push_screen(OpenScreen(recent, kept), self._open_chosen)
        else:
            self._ask_for_name()

    def action_import_midi(self) -> None:
        """Ask for another program's file, and go on with the song that it becomes."""
        self._ask_for_name()

    def _open_chosen(self, chosen: Path | str | None) -> None:
        if isinstance(chosen, Path):
            self.run_worker(self._open(self._opening(chosen)), name="open")
        elif chosen is not None:
            self._ask_for_name()

    def _ask_for_name(self) -> None:
        from tui.screens.prompt import PromptScreen

        told = ""

        def take(name: str) -> Coroutine[None, None, None]:
            return go_on(self._opening(openable_path(name)))

        async def go_on(opening: "Opening") -> None:
            nonlocal told
            told = self._go_on_with(await opening.result(prompt.tell), opening.path)

        def tell(_: object) -> None:
            self.say(told)
            if told:
                self.tell_of_tracks()

        prompt = PromptScreen("open", "", take, f"a song ({SONG_SUFFIX}), or {', '.join(MUSIC_SUFFIXES)}")
        self.app.push_screen(prompt, tell)

    async def open_song(self, path: Path) -> None:
        """Go on with another song, and say so, or say why not."""
        await self._open(self._opening(path))

    def _opening(self, path: Path, read: Callable[[], Workspace] | None = None) -> "Opening":
        from tui.screens.opening import Opening

        assert isinstance(self.app, KeysInOrder), "a screen of ours is in no other app"
        return Opening(self.app, path, read or (lambda: self.workspace.read_other(path)))

    async def _open(self, opening: "Opening") -> None:
        try:
            self.say(self._go_on_with(await opening.result(self.say), opening.path))
        except UserError as error:
            self.say(str(error))
        else:
            self.tell_of_tracks()

    def tell_of_tracks(self) -> None:
        """Show what became of the tracks of a file, where there is anything to tell; else say how many notes came."""
        imported = self.workspace.imported
        if imported is None:
            return
        if imported.account.is_plain or imported.is_chosen:
            self._tell_summary()
        else:
            self.action_choose_tracks()

    def _tell_summary(self) -> None:
        from corpus.track_accounts import summary

        imported = self.workspace.imported
        if imported is not None:
            self.say(f"opened {self._imported_name()}: {summary(imported.account)}; {{song.tracks}} shows its tracks")

    def action_choose_tracks(self) -> None:
        """Show which track of the file is what, and open it anew as is chosen there."""
        imported = self.workspace.imported
        if imported is None:
            self.say("this song was not made of a MIDI file: {song.import} opens one")
            return
        from tui.screens.tracks import TracksScreen

        self.app.push_screen(TracksScreen(imported, self._imported_name()), self._tracks_chosen)

    def _imported_name(self) -> str:
        path = self.workspace.imported_from
        return path.name if path is not None else ""

    def _tracks_chosen(self, choices: "ImportChoices | None") -> None:
        path = self.workspace.imported_from
        if choices is None:
            self._tell_summary()
        elif path is not None:
            opening = self._opening(path, lambda: Workspace.open_midi(path, choices))
            self.run_worker(self._open(opening), name="open")

    def _go_on_with(self, other: Workspace, path: Path) -> str:
        """Go on with another song. What is unsaved of this one is kept; its fills are over. Returns what to tell.

        Args:
            other: the song.
            path: the file that it was read from.

        Raises:
            UserError: where what is unsaved cannot be kept; all is as it was then.
        """
        before = self.workspace.path
        kept = self.workspace.go_on_with(other)
        self.forget_fills()
        apart = kept is not None and kept != before
        if kept is not None:
            remember(kept)
        remember(path)
        self.stop_editing()
        self.refresh_view()
        self.post_message(SongOpened())
        read_only = ", read-only" if self.workspace.file.read_only else ""
        return f"opened {path.name}{read_only}{'; the one before is kept: o finds it' if apart else ''}"
