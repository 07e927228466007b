"""A line to write something into: what it is, what it was, and, where what is written will not do, why not."""

import inspect
from collections.abc import Callable, Coroutine

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Label

from song.errors import UserError
from song.terminal_text import inert
from tui.actions import PROMPT_ACTIONS, bindings
from tui.screens.dialog import Dialog


class PromptScreen(Dialog[str], inherit_bindings=False):
    """A line to be written. Its answer is what was taken, or None where it was left."""

    CSS_PATH = "prompt.tcss"
    BINDINGS = bindings(PROMPT_ACTIONS)

    def __init__(self, what: str, value: str, take: Callable[[str], object], hint: str = "") -> None:
        """Make the screen.

        Args:
            what: the name of what is written.
            value: what it is now.
            take: makes the change, or gives what is to be awaited until it is made; a `UserError` of its is shown, and
                the line stays open.
            hint: what may be written.
        """
        super().__init__()
        self._what = what
        self._value = value
        self._take = take
        self._hint = hint

    def compose(self) -> ComposeResult:
        """The name, the line and what to do."""
        with Vertical(id="prompt"):
            yield Label(inert(self._what), id="what", markup=False)
            yield Input(inert(self._value), id="line", compact=True)
            yield Label(self._hint or "enter takes it, esc leaves it as it was", id="said", markup=False)

    def tell(self, text: str) -> None:
        """Say something under the line."""
        self.query_one("#said", Label).update(inert(text))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what is written, or say why not."""
        try:
            taken = self._take(event.value)
        except UserError as error:
            self.tell(str(error))
        else:
            if inspect.iscoroutine(taken):
                self.run_worker(self._wait_for(taken, event.value))
            else:
                self.dismiss(event.value)

    async def _wait_for(self, taken: Coroutine[None, None, None], value: str) -> None:
        try:
            await taken
        except UserError as error:
            self.tell(str(error))
        else:
            self.dismiss(value)

    def action_leave(self) -> None:
        """Leave it as it was."""
        self.dismiss(None)
