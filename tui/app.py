"""The app: puts the workspace, the screens and the themes together. What they do is theirs."""

import contextlib
import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar

from textual.app import SystemCommand
from textual.binding import Binding
from textual.driver import Driver
from textual.screen import Screen

from model.engine_client import LOCAL_ENGINE
from song.errors import UserError
from song.files import MUSIC_SUFFIXES
from song.terminal_text import say
from tui.actions import APP_ACTIONS, MAIN_ACTIONS, NOTE_ACTIONS, Action, bindings
from tui.autosave import Autosave, UnsavedWork, autosave_of
from tui.files.paths import absolute, is_same, patch_folder, short_path
from tui.files.recent import remember
from tui.glyphs import Glyphs, terminal_glyphs
from tui.keymaps import written
from tui.messages import AutosaveChanged, EndAsked
from tui.midi_import import ImportChoices
from tui.playing.session import sound_command
from tui.screens.key_order import KeysInOrder
from tui.screens.main import MainScreen
from tui.settings import Settings
from tui.shutdown import EndingWatch, is_served
from tui.terminal_output import lean_driver
from tui.themes import DARK, LIGHT, theme_variables
from tui.workspace import Workspace

if TYPE_CHECKING:
    from tui.screens.palette import Command

_SCREENS = Path(__file__).with_name("screens")
_QUITS = "again quits without saving"


class DropsmithApp(KeysInOrder, inherit_bindings=False):
    """Composing by keyboard. Returns what there is to say once the terminal is the shell's again."""

    TITLE = "Dropsmith"
    # Textual reads no stylesheet for the screen that an app starts with; and that of a screen that often comes next it
    # reads here too, since each that comes later makes it read all of them again.
    # Absolute: Textual looks for a relative one beside the file of the subclass, and `PlainApp` lies elsewhere.
    CSS_PATH: ClassVar[list[str | PurePath]] = [_SCREENS / "main.tcss", _SCREENS / "start.tcss"]
    BINDINGS = bindings(APP_ACTIONS)
    # Textual declares these as if they were an instance's, so they cannot be ClassVar.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (72, "-medium"), (110, "-wide"), (150, "-vast")]  # noqa: RUF012 - see above
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-middling"), (32, "-tall")]  # noqa: RUF012 - see above

    def __init__(
        self,
        workspace: Workspace,
        engine_command: Sequence[str] = LOCAL_ENGINE,
        glyphs: Glyphs | None = None,
        autosave: Autosave | None = None,
        *,
        starts_anew: bool = False,
        settings: Settings | None = None,
    ) -> None:
        # Under NO_COLOR Textual greys its colours, but leaves them out where it believes that the terminal maps them.
        super().__init__(ansi_color=True if os.environ.get("NO_COLOR") else None)
        self.animation_level = "none"
        self._glyphs = glyphs or terminal_glyphs()
        self._settings = settings or Settings()
        self.keymap = self._settings.keymap()
        self.main = MainScreen(workspace, engine_command, self._glyphs)
        self.main.keymap = self.keymap
        self.main.session.takes = self._settings.takes
        self.main.export_keys = self._settings.export
        self.main.sound.command = sound_command(self._settings.sound, patch_folder(), self._settings.midi_out)
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        theme = self._settings.theme or DARK.name
        if theme not in self.available_themes:
            raise UserError(f'settings: theme "{theme}" is not known: use one of {", ".join(self.available_themes)}')
        self.theme = theme
        self._may_lose_changes = False
        self._autosave = autosave
        self._starts_anew = starts_anew

    def get_key_display(self, binding: Binding) -> str:
        """The key as the help writes it: the first of those that an action has."""
        return binding.key_display or written(binding.key)

    def get_default_screen(self) -> Screen[None]:
        """The main screen."""
        return self.main

    def get_driver_class(self) -> type[Driver]:
        """The driver of this terminal, made to write little."""
        return lean_driver(super().get_driver_class())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The variables of our stylesheets, fitted to the theme in use."""
        return theme_variables(self.current_theme)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette's commands: the table of actions."""
        for action in MAIN_ACTIONS:
            yield SystemCommand(action.label, action.tooltip, partial(self.run_action, action.call, self.main))
        for action in NOTE_ACTIONS:
            yield SystemCommand(action.label, action.tooltip, partial(self._in_notes, action))
        for action in APP_ACTIONS:
            if action.id != "app.palette":
                yield SystemCommand(action.label, action.tooltip, partial(self.run_action, action.call, self))

    def action_command_palette(self) -> None:
        """Find an action by its name."""
        from tui.screens.palette import Command

        commands = [Command(one.title, one.help, one.callback) for one in self.get_system_commands(self.screen)]
        self._choose(commands, "an action")

    def action_change_theme(self) -> None:
        """Choose other colours, ours first."""
        from tui.screens.palette import Command

        names = sorted(self.available_themes, key=lambda name: (name not in (DARK.name, LIGHT.name), name))
        self._choose([Command(name, "", partial(setattr, self, "theme", name)) for name in names], "a theme")

    def _choose(self, commands: "list[Command]", what: str) -> None:
        from tui.screens.palette import PaletteScreen

        if not isinstance(self.screen, PaletteScreen):
            self.push_screen(PaletteScreen(commands, f"the name of {what}"), lambda one: one.do() if one else None)

    async def _in_notes(self, action: Action) -> None:
        """Do what an action of the notes does, once they are edited; why they cannot be is said."""
        if not self.main.editing:
            self.main.action_edit_notes()
        if self.main.editing:
            await self.run_action(action.call, self.main)

    def on_mount(self) -> None:
        """Take the user's keys; offer what was left unsaved; keep the song from then on."""
        self.set_keymap(self.keymap)
        if self._autosave is not None:
            self._offer(self._autosave)
        else:
            self._begin()

    def _begin(self) -> None:
        """Offer the arrangements where there is no song yet; tell what became of a file of music."""
        if self._starts_anew and self.main.workspace.saved:
            self.main.action_start_anew()
        self.main.tell_of_tracks()

    async def on_unmount(self) -> None:
        """Let others have the files."""
        if self._autosave is not None:
            self._autosave.close()
        self.main.workspace.file.close()

    def _offer(self, autosave: Autosave) -> None:
        """Offer what was left behind, one after the other, then begin."""
        found = autosave.find()
        if found is None:
            if autosave.unreadable:
                self.main.say(autosave.unreadable)
            autosave.start(self._tell_of_autosave)
            self._begin()
        else:
            self._ask_about(autosave, found, lambda: self._offer(autosave))

    def on_song_opened(self) -> None:
        """Offer what was left behind of the song that was opened."""
        found = self._autosave.find(own=True) if self._autosave is not None else None
        if self._autosave is not None and found is not None:
            self._ask_about(self._autosave, found, lambda: None)

    def _ask_about(self, autosave: Autosave, found: UnsavedWork, otherwise: Callable[[], None]) -> None:
        from tui.screens.recovery import Answer, RecoveryScreen

        def decide(answer: Answer | None) -> None:
            if answer is Answer.TAKE:
                self._recover(autosave, found)
            elif answer is Answer.PUT_ASIDE:
                try:
                    self.main.say(f"put aside: {short_path(autosave.leave(found))}")
                except UserError as error:
                    self.main.say(str(error))
            else:
                autosave.pass_over(found)
            otherwise()

        self.push_screen(RecoveryScreen(found, self.main.workspace.path), decide)

    def _recover(self, autosave: Autosave, found: UnsavedWork) -> None:
        work = self.main.workspace
        # What was taken before it stays a song of its own.
        if not is_same(found.path, work.path) or not work.saved:
            try:
                work.open_for(found.path)
            except UserError as error:
                autosave.pass_over(found)
                self.main.say(str(error))
                return
            self.main.forget_fills()
        autosave.take(found)
        self.main.say("here is your unsaved work: {song.save} saves it")

    def _tell_of_autosave(self, trouble: str) -> None:
        self.post_message(AutosaveChanged(trouble))

    def on_autosave_changed(self, message: AutosaveChanged) -> None:
        """Say that the song is in memory alone, or that it no longer is."""
        self.main.autosave_fails = bool(message.trouble)
        if message.trouble and _QUITS in self.main.note:
            # The same reason has just been told, and how to quit all the same stays to be read.
            self.main.refresh_view()
            return
        self.main.say(f"not autosaved: {message.trouble}" if message.trouble else "autosaved again")

    async def on_end_asked(self, message: EndAsked) -> None:
        """End though nobody pressed the key; what is unsaved is offered at the next start."""
        await self.main.session.close()
        self.exit("", return_code=message.status)

    def action_stop_sound(self) -> None:
        """Play nothing any more, whatever screen is seen."""
        self.main.stop_sound()

    def action_help(self) -> None:
        """Show every key."""
        from tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self._glyphs, self.keymap, in_notes=self.main.editing))

    def play(self) -> str | None:
        """Run until the end; returns the last words."""
        return self.run()

    async def action_quit(self) -> None:
        """Quit, once the keys before have had their effect: a slow line brings many at once, and this one overtakes."""
        self.screen.call_later(self.call_later, self._quit)

    async def _quit(self) -> None:
        """Keep unsaved work, then quit; where it cannot be kept, ask for the key once more."""
        song = self.main.workspace.song
        try:
            kept = self.main.workspace.keep()
        except UserError as error:
            if not self._may_lose_changes:
                self._may_lose_changes = True
                self.main.say(f"{{app.quit}} {_QUITS}: {error}")
                return
            await self.main.session.close()
            self.exit("")
            return
        await self.main.session.close()
        # The engine's last takes, and keys that were pressed meanwhile; where they cannot be kept, the autosave stays.
        with contextlib.suppress(UserError):
            if self.main.workspace.song is not song:
                kept = self.main.workspace.keep() or kept
            if self._autosave is not None:
                self._autosave.close(discard=True)
        if kept is None:
            self.exit("")
        elif kept == self.main.workspace.path:
            before = "; what it held before is kept: o, then k in the app" if self.main.workspace.file.before else ""
            self.exit(f"saved {short_path(kept)}{before}")
        else:
            self.exit(f"kept your unsaved song: o in the app lists it, or  dropsmith {shlex.quote(str(kept))}")


def run(
    path: Path | None,
    *,
    engine_command: tuple[str, ...] = LOCAL_ENGINE,
    settings: Settings | None = None,
    kind: type[DropsmithApp] = DropsmithApp,
    choices: ImportChoices | None = None,
) -> int:
    """Open the app on a song file, or on a ready-made arrangement; returns the exit status.

    Args:
        path: a song or a file of music, or none.
        engine_command: what starts the engine.
        settings: what the user has set.
        kind: the app to open.
        choices: which track of a file of music is to be what.

    Raises:
        UserError: where the file cannot be read or is not a valid song.
    """
    try:
        if path is not None and path.suffix.lower() in MUSIC_SUFFIXES:
            workspace = Workspace.open_midi(path, choices)
        else:
            workspace = Workspace.open(path)
    except UserError as error:
        left = autosave_of(path) if path is not None else None
        raise UserError(f'{error}; unsaved work on it is in "{left}"' if left else str(error)) from error
    if path is not None:
        remember(absolute(path))
    autosave = Autosave(workspace)
    app = kind(workspace, engine_command, autosave=autosave, starts_anew=path is None, settings=settings)

    def abandon() -> None:
        workspace.file.close()
        for pid in (app.main.session.pid, app.main.sound.pid):
            if pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    with EndingWatch(autosave.keep, lambda status: app.post_message(EndAsked(status)), abandon):
        last_words = app.play()
    if not last_words and autosave.close():
        last_words = "your changes are not saved: they are offered when you start again"
    if last_words:
        # To a server its standard output is what a terminal would be.
        say(last_words, sys.stderr if is_served() else sys.stdout)
    return app.return_code or 0
