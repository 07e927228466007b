"""The screen that a song is started from: the arrangements, one key each, and the two keys that make a track of one.

A key that means nothing here goes on to the main screen, so that nobody has to choose.
"""

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.widgets import Static

from song.arrangements import ARRANGEMENTS, first_drop, seconds_to
from song.layout import draw_layout
from song.sections import Song
from tui.actions import START_ACTIONS, bindings
from tui.screens.dialog import Dialog

_NARROW = 72
_SHORT = 20


def describe(song: Song, *, shortly: bool = False) -> str:
    """An arrangement in columns: tempo, bars, length, when its first drop comes; shortly, tempo and length alone."""
    drop = first_drop(song)
    tempo = song.sections[0].constraints.tempo_bpm[0]
    if shortly:
        return f"{tempo:g} BPM  {_minutes(seconds_to(song, len(song.sections)))}"
    when = f"drop at {_minutes(seconds_to(song, drop))}" if drop is not None else "no drop"
    return f"{tempo:g} BPM  {song.bars:>3} bars  {_minutes(seconds_to(song, len(song.sections)))}  {when}"


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


class StartScreen(Dialog[str], inherit_bindings=False):
    """An offer of the arrangements; its answer is the name of the chosen one, or None."""

    CSS_PATH = "start.tcss"
    BINDINGS = bindings(START_ACTIONS)

    def __init__(self, song: Song, pass_on: Callable[[str], object]) -> None:
        """Make the screen.

        Args:
            song: what there is already.
            pass_on: presses a key on the screen below, before any other.
        """
        super().__init__()
        self._song = song
        self._pass_on = pass_on

    def compose(self) -> ComposeResult:
        """The arrangements, and what to press then."""
        yield Static(self._text(self.app.size), id="start")

    def on_resize(self, event: events.Resize) -> None:
        """Say it in as many words as there is room for."""
        self.query_one("#start", Static).update(self._text(event.size))

    def _text(self, size: Size) -> Content:
        shortly, gap = size.width < _NARROW, "\n" if size.height >= _SHORT else ""
        lines: list[str | tuple[str, str]] = [(f"What will it be?\n{gap}", "bold $accent")]
        for number, name in enumerate(ARRANGEMENTS, 1):
            described = describe(draw_layout(name, self._song.seed), shortly=shortly)
            lines += [(f"{number}", "bold $accent"), f"  {name:<16}", (f"  {described}\n", "$muted")]
        if shortly:
            lines += [gap, ("o", "bold $accent"), " open a song  ", ("esc", "bold $accent"), " go on as it is\n", gap]
            lines += ["Then ", ("A", "bold $accent"), " writes all, ", ("e", "bold $accent"), " exports MIDI."]
            return Content.assemble(*lines)
        written = any(self._song.sections[index].cell(part).takes for index, part in self._song.cell_refs())
        stays = "stay with your song" if written else "go on with the short dubstep form that is there"
        lines += [gap, ("o", "bold $accent"), "    open a song or a MIDI file\n"]
        lines += [("esc", "bold $accent"), f"  {stays}\n{gap}"]
        if written:
            lines += [("It takes the place of your sections; u brings them back.", "$muted")]
        else:
            lines += ["Then ", ("A", "bold $accent"), " writes everything, and ", ("e", "bold $accent")]
            lines += [" exports the MIDI file."]
        return Content.assemble(*lines)

    def on_key(self, event: events.Key) -> None:
        """Let a key that means nothing here do what it does on the main screen."""
        if event.key not in self.active_bindings:
            event.stop()
            self.dismiss(None)
            self._pass_on(event.key)

    def action_choose(self, index: int) -> None:
        """Take an arrangement."""
        self.dismiss(ARRANGEMENTS[index])

    def action_close(self) -> None:
        """Take none."""
        self.dismiss(None)
