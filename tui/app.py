"""The app: puts the workspace, the screens and the themes together. What they do is theirs."""

import os
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from textual.app import App, SystemCommand
from textual.screen import Screen

from model.engine_client import LOCAL_ENGINE
from song.errors import UserError
from tui.actions import APP_ACTIONS, MAIN_ACTIONS, bindings
from tui.glyphs import Glyphs, terminal_glyphs
from tui.paths import short_path
from tui.screens.help import HelpScreen
from tui.screens.main import MainScreen
from tui.themes import DARK, LIGHT, theme_variables
from tui.workspace import Workspace


class DropsmithApp(App[str], inherit_bindings=False):
    """Composing by keyboard. Returns what there is to say once the terminal is the shell's again."""

    TITLE = "Dropsmith"
    # The stylesheet of the main screen: Textual reads none for the screen that an app starts with.
    CSS_PATH = "screens/main.tcss"
    BINDINGS = bindings(APP_ACTIONS)
    # Textual declares these as if they were an instance's, so they cannot be ClassVar.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (72, "-medium"), (110, "-wide")]  # noqa: RUF012 - see above
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-middling"), (32, "-tall")]  # noqa: RUF012 - see above

    def __init__(
        self,
        workspace: Workspace,
        engine_command: Sequence[str] = LOCAL_ENGINE,
        glyphs: Glyphs | None = None,
    ) -> None:
        # Under NO_COLOR Textual greys its colours, but leaves them out where it believes that the terminal maps them.
        super().__init__(ansi_color=True if os.environ.get("NO_COLOR") else None)
        self.animation_level = "none"
        self._glyphs = glyphs or terminal_glyphs()
        self.main = MainScreen(workspace, engine_command, self._glyphs)
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name
        self._may_lose_changes = False

    def get_default_screen(self) -> Screen[None]:
        """The main screen."""
        return self.main

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The variables of our stylesheets, fitted to the theme in use."""
        return theme_variables(self.current_theme)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette's commands: the table of actions."""
        for action in MAIN_ACTIONS:
            yield SystemCommand(action.label, action.tooltip, partial(self.run_action, action.call, self.main))
        for action in APP_ACTIONS:
            if action.id != "app.palette":
                yield SystemCommand(action.label, action.tooltip, partial(self.run_action, action.call, self))

    async def on_unmount(self) -> None:
        """Let others have the song's file."""
        self.main.workspace.file.close()

    def action_help(self) -> None:
        """Show every key."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self._glyphs))

    async def action_quit(self) -> None:
        """Keep unsaved work, then quit; where it cannot be kept, ask for the key once more."""
        try:
            kept = self.main.workspace.keep()
        except UserError as error:
            if not self._may_lose_changes:
                self._may_lose_changes = True
                self.main.say(f"{error}; ^q again quits without saving")
                return
            kept = None
        await self.main.session.close()
        if kept is None:
            self.exit("")
        elif kept == self.main.workspace.path:
            self.exit(f"saved {short_path(kept)}")
        else:
            self.exit(f'kept your unsaved song: open it with  dropsmith "{kept}"')


def run(path: Path | None, *, engine_command: tuple[str, ...] = LOCAL_ENGINE) -> int:
    """Open the app on a song file, or on a ready-made arrangement; returns the exit status.

    Raises:
        UserError: where the file cannot be read or is not a valid song.
    """
    app = DropsmithApp(Workspace.open(path), engine_command)
    last_words = app.run()
    if last_words:
        print(last_words)
    return app.return_code or 0
