"""The palette: a line to write into, and what may be chosen that has those letters in its name.

Our own in place of Textual's, which gathers what it finds in the background: keys that come fast, and clicks, meet a
list that is not there yet or no longer, and that ends the app (Textual 8.2.8).
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tui.actions import PALETTE_ACTIONS, bindings
from tui.screens.dialog import Dialog


class Command(NamedTuple):
    """Something to choose.

    Attributes:
        name: what is searched.
        told: what it does, in a few words; may be empty.
        do: does it.
    """

    name: str
    told: str
    do: Callable[[], Awaitable[object] | object]


class PaletteScreen(Dialog[Command], inherit_bindings=False):
    """A choice by name; its answer is the chosen command, None where it was left."""

    CSS_PATH = "palette.tcss"
    BINDINGS = bindings(PALETTE_ACTIONS)

    def __init__(self, commands: Iterable[Command], placeholder: str) -> None:
        """Make the screen.

        Args:
            commands: what may be chosen, in the order of an empty line.
            placeholder: what stands in the empty line.
        """
        super().__init__()
        self._commands = list(commands)
        self._placeholder = placeholder
        self._found = self._commands

    def compose(self) -> ComposeResult:
        """The line, and what is found."""
        with Vertical(id="palette"):
            yield Input(placeholder=self._placeholder, id="search", compact=True)
            found = OptionList(*self._options(), id="found", compact=True)
            found.can_focus = False
            yield found

    def on_mount(self) -> None:
        """Let enter take the first."""
        self._show()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for what is written."""
        self._found = self._search(event.value)
        self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the one that is marked."""
        marked = self.query_one(OptionList).highlighted
        self._choose(marked)
        event.stop()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take what was clicked."""
        self._choose(event.option_index)

    def action_step(self, by: int) -> None:
        """Mark another."""
        found = self.query_one(OptionList)
        if self._found:
            found.highlighted = min(max(0, (found.highlighted or 0) + by), len(self._found) - 1)

    def action_leave(self) -> None:
        """Take none."""
        self.dismiss(None)

    def _choose(self, index: int | None) -> None:
        if index is not None and index < len(self._found):
            self.dismiss(self._found[index])

    def _search(self, text: str) -> list[Command]:
        wanted = text.strip()
        if not wanted:
            return self._commands
        matcher = Matcher(wanted)
        scored = [(matcher.match(command.name), command) for command in self._commands]
        return [command for score, command in sorted(scored, key=lambda one: -one[0]) if score > 0]

    def _show(self) -> None:
        found = self.query_one(OptionList)
        found.clear_options()
        found.add_options(self._options())
        found.highlighted = 0 if self._found else None

    def _options(self) -> list[Option]:
        return [
            Option(Content.assemble((one.name, "bold"), (f"  {one.told}" if one.told else "", "$muted")))
            for one in self._found
        ] or [Option("nothing has these letters", disabled=True)]
