"""The help screen: every key with what it does, from the table of actions, and what the glyphs mean."""

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Footer, Static

from tui.actions import (
    APP,
    APP_ACTIONS,
    CHANGE,
    EDIT,
    FILL,
    FORM,
    HELP_ACTIONS,
    MAIN_ACTIONS,
    MOVE,
    NOTE_ACTIONS,
    NOTES,
    SONG,
    WOBBLE,
    bindings,
)
from tui.glyphs import Glyphs
from tui.keymaps import Keymap, shown_keys
from tui.screens.dialog import Dialog
from tui.widgets.cells import padded

_KEYS_WIDTH = 11
_COLUMNS = ((MOVE, FILL, SONG), (CHANGE, FORM, APP))
_COLUMNS_IN_NOTES = ((NOTES, WOBBLE), (EDIT,))


def key_table(groups: tuple[str, ...], keymap: Keymap) -> Content:
    """The actions of some groups, one a line: keys, then what they do."""
    parts: list[str | tuple[str, str]] = []
    for group in groups:
        parts.append((f"{group}\n", "bold $accent"))
        for action in (*MAIN_ACTIONS, *NOTE_ACTIONS, *APP_ACTIONS):
            if action.group == group:
                parts += [(f"  {padded(shown_keys(action, keymap), _KEYS_WIDTH)}", "bold"), f"{action.tooltip}\n"]
        parts.append("\n")
    return Content.assemble(*parts)


def legend(glyphs: Glyphs) -> Content:
    """The glyphs of the sections and the cells, and their meaning."""
    levels = glyphs.levels
    rows = (
        "   ".join(f"{glyph} {kind}" for kind, glyph in glyphs.kinds.items()),
        f"{glyphs.empty * 3} empty     {levels[1]}{levels[5]}{levels[3]} its onsets over time     "
        f"{glyphs.silent * 3} a take that is silent",
        f"{glyphs.queued * 3} waiting   {levels[3]}{glyphs.unwritten * 2} being written   "
        f"{glyphs.left_lock} {glyphs.right_lock} locked   {glyphs.failed}  failed",
        f"{glyphs.unlike}   not as asked: density (by over 15% and 1 onset a bar), key, range, wobble or form",
        f"{glyphs.playhead}   the bar where you are     {glyphs.pen} edited by hand     "
        f"{glyphs.sounding} the take that sounds",
    )
    return Content.assemble(("Glyphs\n", "bold $accent"), "".join(f"  {row}\n" for row in rows))


class HelpScreen(Dialog[None], inherit_bindings=False):
    """Every key."""

    CSS_PATH = "help.tcss"
    BINDINGS = bindings(HELP_ACTIONS)

    def __init__(self, glyphs: Glyphs, keymap: Keymap, *, in_notes: bool = False) -> None:
        """Make the screen.

        Args:
            glyphs: what they mean is told too.
            keymap: the keys that differ from the usual ones.
            in_notes: whether the notes of a phrase are being edited, so that their keys come first.
        """
        super().__init__(classes=f"-{glyphs.name}")
        self._glyphs = glyphs
        self._keymap = keymap
        self._columns = (*_COLUMNS_IN_NOTES, *_COLUMNS) if in_notes else _COLUMNS

    def compose(self) -> ComposeResult:
        """Two columns of keys, one below the other where there is no room, and the legend."""
        with VerticalScroll(id="help", can_focus=False):
            with Container(id="tables"):
                for groups in self._columns:
                    yield Static(key_table(groups, self._keymap))
            yield Static(legend(self._glyphs))
        yield Footer(compact=True, show_command_palette=False)

    def action_close(self) -> None:
        """Leave."""
        self.dismiss()

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)
