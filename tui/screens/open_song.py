"""The screen that another song is opened from: the recent ones, a key each, or a name that is typed."""

from collections.abc import Sequence
from pathlib import Path

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from song.files import MIDI_SUFFIXES, SONG_SUFFIX
from tui.actions import OPEN_ACTIONS, bindings
from tui.files.paths import short_path


class OpenScreen(ModalScreen[Path | str | None], inherit_bindings=False):
    """An offer of recent songs; its answer is one of them, an empty text where a name is to be typed, or None."""

    CSS_PATH = "open_song.tcss"
    BINDINGS = bindings(OPEN_ACTIONS)

    def __init__(self, recent: Sequence[Path]) -> None:
        """Make the screen.

        Args:
            recent: the files to offer, the latest first.
        """
        super().__init__()
        self._recent = list(recent)

    def compose(self) -> ComposeResult:
        """The songs, and what to press for another."""
        lines: list[str | tuple[str, str]] = [("Open a song\n\n", "bold $accent")]
        for number, path in enumerate(self._recent, 1):
            lines += [(f"{number}", "bold $accent"), f"    {short_path(path)}\n"]
        lines += [("\no", "bold $accent"), f"    another: write its name ({SONG_SUFFIX} or {MIDI_SUFFIXES[0]})\n"]
        lines += [("esc", "bold $accent"), "  go on with this one"]
        yield Static(Content.assemble(*lines), id="songs")

    def action_choose(self, index: int) -> None:
        """Take a recent song."""
        if index < len(self._recent):
            self.dismiss(self._recent[index])

    def action_type(self) -> None:
        """Ask for a name."""
        self.dismiss("")

    def action_close(self) -> None:
        """Take none."""
        self.dismiss(None)
