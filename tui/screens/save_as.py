"""The screen that asks for a file name and saves the song there; it stays until that has worked, or it is left."""

from collections.abc import Callable
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from song.errors import UserError
from song.files import is_there
from song.terminal_text import inert
from tui.actions import SAVE_AS_ACTIONS, bindings
from tui.files.paths import short_path, typed_path
from tui.screens.dialog import Dialog


class SaveAsScreen(Dialog[Path], inherit_bindings=False):
    """A question for a name; its answer is the path that the song was saved to, None where it was not."""

    CSS_PATH = "save_as.tcss"
    BINDINGS = bindings(SAVE_AS_ACTIONS)

    def __init__(self, offered: str, save: Callable[[Path], Path]) -> None:
        """Make the screen.

        Args:
            offered: the name to begin with.
            save: writes the song to a path, or raises UserError.
        """
        super().__init__()
        self._offered = offered
        self._save = save
        self._replaces: Path | None = None

    def compose(self) -> ComposeResult:
        """A name, and what came of it."""
        with Vertical(id="save_as"):
            yield Static(Content.styled("Save the song as", "bold $accent"), id="title")
            name = Input(inert(self._offered), id="name", compact=True)
            name.cursor_blink = False
            yield name
            yield Static("", id="note")
            yield Static(Content.assemble(*self._keys()), id="answers")

    def on_input_changed(self) -> None:
        """Another name is another file to ask about."""
        self._replaces = None
        self._say("")

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Save under the name as it was then: a slow line brings many keys at once."""
        self._save_as(message.value)

    def action_save(self) -> None:
        """Save under this name."""
        self._save_as(self.query_one(Input).value)

    def _save_as(self, name: str) -> None:
        """Save; over a file that is there only at the second time."""
        try:
            path = typed_path(name)
            if is_there(path) and path != self._replaces:
                self._replaces = path
                self._say(f"{short_path(path)} is there already: enter again writes over it")
                return
            saved = self._save(path)
        except UserError as error:
            self._say(str(error))
        else:
            self.dismiss(saved)

    def action_leave(self) -> None:
        """Leave, with nothing saved."""
        self.dismiss(None)

    def _say(self, note: str) -> None:
        self.query_one("#note", Static).update(Content(inert(note)))

    @staticmethod
    def _keys() -> list[str | tuple[str, str]]:
        pairs = [((action.shown, "bold $accent"), f" {action.label.lower()}   ") for action in SAVE_AS_ACTIONS]
        return [piece for pair in pairs for piece in pair]
