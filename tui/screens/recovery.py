"""The screen that offers unsaved work: what it is, and three keys, none of which loses anything."""

import time
from enum import StrEnum
from pathlib import Path

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from song.files import is_there
from song.sections import Song
from song.terminal_text import inert
from tui.actions import RECOVERY_ACTIONS, bindings
from tui.autosave import UnsavedWork
from tui.files.paths import is_same
from tui.screens.dialog import Dialog


def when(seconds: float, now: float | None = None) -> str:
    """A moment in seconds since 1970 as people say it: the time alone where it is today."""
    moment, today = time.localtime(seconds), time.localtime(now)
    is_today = moment[:3] == today[:3]
    return time.strftime("%H:%M" if is_today else "%Y-%m-%d %H:%M", moment)


def describe(song: Song) -> str:
    """A song in one line: how long it is, and how much of it is written."""
    cells = [song.sections[index].cell(part) for index, part in song.cell_refs()]
    written = sum(cell.chosen is not None for cell in cells)
    return f"{inert(song.title)}: {song.bars} bars, {written} of {len(cells)} cells written"


class Answer(StrEnum):
    """Answers to an offer of unsaved work."""

    TAKE = "take"
    PUT_ASIDE = "put aside"
    LATER = "later"


class RecoveryScreen(Dialog[Answer], inherit_bindings=False):
    """An offer of what an app left behind that did not end well; its answer is what becomes of it."""

    CSS_PATH = "recovery.tcss"
    BINDINGS = bindings(RECOVERY_ACTIONS)

    def __init__(self, found: UnsavedWork, path: Path | None) -> None:
        """Make the screen.

        Args:
            found: the unsaved work.
            path: the file of the song that is open, if it has one.
        """
        super().__init__()
        self._found = found
        self._is_own = found.path is None or is_same(found.path, path)

    def compose(self) -> ComposeResult:
        """The unsaved work, and what each key does."""
        lines: list[str | tuple[str, str]] = [
            ("Unsaved work was left behind\n\n", "bold $accent"),
            f"{describe(self._found.song)}\n",
            (f"{self._age()}\n\n", "$muted"),
        ]
        after = "  go on with it; u brings back the file's\n" if self._has_file() else "  go on with it\n"
        if not self._is_own and self._found.path is not None:
            after = f"  open {inert(self._found.path.name)} with it\n"
        lines += [("r", "bold $accent"), after, ("esc", "bold $accent"), "  not now: it is offered again\n"]
        lines += [("x", "bold $accent"), "  put it aside, as a file of its own"]
        yield Static(Content.assemble(*lines), id="found")

    def action_answer(self, answer: str) -> None:
        """Say what to do with it."""
        self.dismiss(Answer(answer))

    def _has_file(self) -> bool:
        return self._found.path is not None and is_there(self._found.path)

    def _age(self) -> str:
        kept, path = f"kept at {when(self._found.written_at)}", self._found.path
        if path is None:
            return kept
        try:
            changed = path.stat().st_mtime
        except OSError:
            return f"{kept}; {inert(path.name)} is not there"
        newer = " and newer" if changed > self._found.written_at else ""
        return f"{kept}; {inert(path.name)} is from {when(changed)}{newer}"
