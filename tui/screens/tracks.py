"""The screen that says which track of an opened file is what: what became of each, and a key for each part."""

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from corpus.track_accounts import TrackAccount, more_facts, summary
from song.parts import Part
from song.terminal_text import inert
from tui.actions import TRACKS_ACTIONS, bindings
from tui.midi_import import ImportChoices, ImportedSong
from tui.screens.dialog import Dialog
from tui.widgets.cells import fitted, padded

_WIDTH = 100
_NAME_WIDTH, _PART_WIDTH = 20, 9
_FRAME_ROWS = 8
"""Rows that are not tracks: the title, what the keys do, and what is around them."""
_FEWEST_ROWS, _MOST_TOLD = 3, 4


class TracksScreen(Dialog[ImportChoices], inherit_bindings=False):
    """The tracks of a file; its answer is what they are to be, or None where all stays as it was opened."""

    CSS_PATH = "tracks.tcss"
    BINDINGS = bindings(TRACKS_ACTIONS)

    def __init__(self, imported: ImportedSong, name: str) -> None:
        """Make the screen.

        Args:
            imported: the file as it was opened.
            name: the file's.
        """
        super().__init__()
        self._imported, self._file_name = imported, name
        self._parts = list(imported.parts)
        self._quantize = imported.choices.quantize
        self._at = 0

    def compose(self) -> ComposeResult:
        """The tracks, what else became of the file, and the keys."""
        yield Static(self._text(self.app.size), id="tracks")

    def on_resize(self, event: events.Resize) -> None:
        """Show as many tracks as there is room for."""
        self.query_one("#tracks", Static).update(self._text(event.size))

    def action_step(self, tracks: int) -> None:
        """Go to another track."""
        self._at = min(max(self._at + tracks, 0), len(self._parts) - 1)
        self._show()

    def action_choose(self, part: str) -> None:
        """Say what the track is, or with no part leave it out; go on to the next."""
        self._parts[self._at] = Part(part) if part else None
        self.action_step(1)

    def action_quantize(self) -> None:
        """Have the notes moved to the grid, or not."""
        self._quantize = not self._quantize
        self._show()

    def action_take(self) -> None:
        """Answer with what was chosen, where that is anything new."""
        before = self._imported
        chosen = {
            place: part
            for place, (part, was) in enumerate(zip(self._parts, before.parts, strict=True))
            if part is not was or place in before.choices.parts
        }
        choices = ImportChoices(chosen, self._quantize)
        self.dismiss(None if choices == before.choices else choices)

    def action_close(self) -> None:
        """Answer with nothing."""
        self.dismiss(None)

    def _show(self) -> None:
        self.query_one("#tracks", Static).update(self._text(self.app.size))

    def _text(self, size: Size) -> Content:
        width = min(size.width, _WIDTH) - 4
        account = self._imported.account
        told = [fitted(inert(line), width) for line in account.told]
        room = size.height - _FRAME_ROWS
        shown_told = told[: min(_MOST_TOLD, max(room - _FEWEST_ROWS, 0))]
        rows = max(room - len(shown_told), _FEWEST_ROWS)
        first = min(max(self._at - rows // 2, 0), max(len(self._parts) - rows, 0))
        lines: list[str | tuple[str, str]] = [
            (f"{fitted(inert(self._file_name), width)}\n", "bold $accent"),
            f"{fitted(summary(account), width)}\n\n",
        ]
        for place in range(first, min(first + rows, len(self._parts))):
            lines += self._row(place, account.tracks[place], width)
        if len(self._parts) > rows:
            lines.append((f"  tracks {first + 1} to {first + rows} of {len(self._parts)}\n", "$muted"))
        lines += [(f"{line}\n", "$muted") for line in shown_told]
        if len(told) > len(shown_told):
            lines.append((f"{len(told) - len(shown_told)} more: dropsmith corpus doctor tells all\n", "$muted"))
        lines.append("\n")
        for key, does in (("d", "drums"), ("b", "bass"), ("c", "chords"), ("l", "lead"), ("x", "leave out")):
            lines += [(key, "bold $accent"), f" {does}  "]
        lines += [("q", "bold $accent"), f" quantize ({'yes' if self._quantize else 'no'})\n"]
        lines += [("enter", "bold $accent"), " take it so  ", ("esc", "bold $accent"), " go on as it was opened"]
        return Content.assemble(*lines)

    def _row(self, place: int, track: TrackAccount, width: int) -> list[str | tuple[str, str]]:
        part, was = self._parts[place], self._imported.parts[place]
        here = place == self._at
        facts = "; ".join(more_facts(track))
        if part is not was:
            facts = f"was {was.value if was else 'left out'}"
        name = padded(fitted(inert(track.name), _NAME_WIDTH), _NAME_WIDTH)
        head = f"{'>' if here else ' '} {place + 1:>3}  {name}  {track.notes:>6}  "
        word = padded(part.value if part else "left out", _PART_WIDTH)
        rest = fitted(inert(facts), max(width - len(head) - _PART_WIDTH - 1, 0))
        style = "bold" if here else ""
        return [(head, style), (word, "bold $accent" if part is not was else style), (f" {rest}\n", "$muted")]
