"""The base of the main screen's groups of actions: the workspace, the engine's session, and notes to the user.

The groups are the classes of the `*_actions` modules; `tui.screens.main` puts them together.
"""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.screen import Screen
from textual.timer import Timer

from song.errors import UserError
from tui.engine_session import EngineSession
from tui.keymaps import Keymap
from tui.screens.key_order import KeysInOrder
from tui.widgets.canvas import PAINTS
from tui.workspace import Workspace

REFRESH_SECONDS = 1 / 15
"""The least time between two showings of what the engine sends: its bars come milliseconds apart, keys between."""


class WorkScreen(Screen[None], inherit_bindings=False):
    """A screen on a workspace."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(PAINTS)

    def __init__(self, workspace: Workspace, engine_command: Sequence[str]) -> None:
        super().__init__()
        self.workspace = workspace
        self.session = EngineSession(self.post_message, lambda: self.workspace.song, engine_command)
        self.note = ""
        self.keymap: Keymap = {}
        self._pace: Timer | None = None
        self._behind = False

    @property
    def is_behind(self) -> bool:
        """True while something has come that is to be shown in a moment."""
        return self._behind

    def refresh_view(self) -> None:
        """Show how things stand."""
        raise NotImplementedError

    def refresh_soon(self) -> None:
        """Show how things stand: now, or in a moment where that was done a moment ago."""
        if self._pace is not None:
            self._behind = True
            return
        self.refresh_view()
        self._pace = self.set_timer(REFRESH_SECONDS, self._keep_pace)

    def _keep_pace(self) -> None:
        self._pace = None
        if self._behind:
            self._behind = False
            self.refresh_soon()

    def press(self, key: str) -> None:
        """Press a key before all that wait, once the screen above is left."""
        app = self.app
        if isinstance(app, KeysInOrder):
            app.take_first(key)

    def stop_editing(self) -> None:
        """Let the keys be the screen's again, and not the phrase's."""
        self.remove_class("-notes")
        self.set_focus(None)

    def say(self, note: str) -> None:
        """Show a note until the next one, or until the selection moves; {cell.fill} in it stands for that key."""
        self.note = note
        self.refresh_view()

    def attempt(self, change: Callable[[], object], note: str = "") -> bool:
        """Make a change and show it with a note, or say why not; returns whether it was made."""
        try:
            change()
        except UserError as error:
            self.say(str(error))
            return False
        self.say(note)
        return True
