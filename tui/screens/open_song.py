"""The screen that another song is opened from: recent and kept ones, a key each, or a name that is typed."""

from collections.abc import Sequence
from pathlib import Path

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from song.files import MIDI_SUFFIXES, SONG_SUFFIX
from song.terminal_text import inert
from tui.actions import OPEN_ACTIONS, bindings
from tui.files.paths import short_path
from tui.files.recent import MOST
from tui.screens.dialog import Dialog


class OpenScreen(Dialog[Path | str], inherit_bindings=False):
    """An offer of songs; its answer is one of them, an empty text where a name is to be typed, or None."""

    CSS_PATH = "open_song.tcss"
    BINDINGS = bindings(OPEN_ACTIONS)

    def __init__(self, recent: Sequence[Path], kept: Sequence[Path] = ()) -> None:
        """Make the screen.

        Args:
            recent: the files that were open last, the latest first.
            kept: the songs that were kept because nobody saved them, the latest first.
        """
        super().__init__()
        self._recent, self._kept = list(recent), list(kept)
        self._listed = self._recent

    def compose(self) -> ComposeResult:
        """The songs, and what to press for another."""
        yield Static(self._text(), id="songs")

    def _text(self) -> Content:
        of_kept = self._listed is self._kept
        head = "Kept songs, which nobody saved" if of_kept else "Open a song"
        lines: list[str | tuple[str, str]] = [(f"{head}\n\n", "bold $accent")]
        for number, path in enumerate(self._listed[:MOST], 1):
            name = inert(path.stem if of_kept else short_path(path))
            lines += [(f"{number}", "bold $accent"), f"    {name}\n"]
        if self._listed:
            lines.append("\n")
        if of_kept:
            if len(self._kept) > MOST:
                lines.append(f"{len(self._kept) - MOST} older ones lie in {inert(short_path(self._kept[0].parent))}\n")
            lines += [("k", "bold $accent"), "    the recent songs\n"]
        elif self._kept:
            lines += [("k", "bold $accent"), f"    songs that were kept, but not saved: {len(self._kept)}\n"]
        lines += [("o", "bold $accent"), f"    another: write its name ({SONG_SUFFIX} or {MIDI_SUFFIXES[0]})\n"]
        lines += [("esc", "bold $accent"), "  go on with this one"]
        return Content.assemble(*lines)

    def action_choose(self, index: int) -> None:
        """Take a song of the list."""
        if index < len(self._listed[:MOST]):
            self.dismiss(self._listed[index])

    def action_kept(self) -> None:
        """List the kept songs in place of the recent ones, or these again."""
        if self._kept:
            self._listed = self._recent if self._listed is self._kept else self._kept
            self.query_one("#songs", Static).update(self._text())

    def action_type(self) -> None:
        """Ask for a name."""
        self.dismiss("")

    def action_close(self) -> None:
        """Take none."""
        self.dismiss(None)
