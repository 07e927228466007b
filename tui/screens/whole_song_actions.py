"""The main screen's actions on what the song is as a whole: title, tempo, key, style; and music moved up or down."""

from collections.abc import Callable

from song.edits.history import Edit
from song.edits.transposing import (
    SCOPES,
    has_pitched_notes,
    read_transposition,
    scope_cells,
    shortest_way,
    transpose_cells,
)
from song.edits.whole_song import set_song_key, set_song_style, set_song_tempo, set_title, song_tempo
from song.scales import SCALES, parse_key
from tui.field_text import hint, read_mixture, read_number
from tui.fields import mixture_text
from tui.screens.fill_actions import FillActions


class WholeSongActions(FillActions, inherit_bindings=False):
    """Actions on the song as a whole."""

    _transposition = ""
    """An offer of what to type, so that notes follow a change of key; empty for none."""

    def action_name_song(self) -> None:
        """Ask for another title."""
        self._ask("title", self.workspace.song.title, lambda text: lambda song: set_title(song, text))

    def action_set_song_tempo(self) -> None:
        """Ask for another tempo of the song; every section follows in proportion."""
        before = f"{song_tempo(self.workspace.song):g}"
        told = "BPM; every section follows in proportion"
        self._ask("tempo of the song", before, lambda text: _at_tempo(read_number(text)), told)

    def action_set_song_style(self) -> None:
        """Ask for another style of the song; sections that have one of their own keep it."""
        before = mixture_text(self.workspace.song.style)
        self._ask("style of the song", before, lambda text: _in_style(read_mixture(text)), hint("style"))

    def action_set_song_key(self) -> None:
        """Ask for another key of the song, and offer to move what is written along."""
        before = parse_key(self.workspace.song.key)
        told = f"a tonic and one of {', '.join(SCALES)}; sections with a key of their own keep it"
        self._ask("key of the song", str(before), lambda text: lambda song: set_song_key(song, text), told)

    def action_transpose(self) -> None:
        """Ask how far to move the music of the cell, the section, the part or the song."""
        work = self.workspace
        index, part = work.section, work.part
        told = ""

        def move(text: str) -> None:
            nonlocal told
            interval, scope = read_transposition(text)
            cells = scope_cells(work.song, scope, index, part)
            work.edit(lambda song: transpose_cells(song, cells, interval))
            self._transposition = ""
            what = {"cell": f"{part} of {work.song.section_names()[index]}", "part": f"{part} of every section"}
            told = f"moved {what.get(scope, f'the {scope}')} by {interval}"

        from tui.screens.prompt import PromptScreen

        hint = f"semitones such as 3 or -12, or 2 steps of the scale; then {', '.join(SCOPES)}"
        prompt = PromptScreen("move notes by", self._transposition, move, hint)
        self.app.push_screen(prompt, lambda _: self.say(told))

    def _ask(self, what: str, before: str, read: Callable[[str], Edit], told: str = "") -> None:
        # Here and not at the top: an input takes its time to import, and the first paint needs none.
        from tui.screens.prompt import PromptScreen

        old = self.workspace.song

        def take(text: str) -> None:
            self.workspace.edit(read(text))

        def taken(text: str | None) -> None:
            song = self.workspace.song
            if text is None or song is old:
                self.say("")
            elif song.key != old.key:
                self.say(self._offer(shortest_way(parse_key(old.key), parse_key(song.key))))
            else:
                self.say(f"{what}: {text.strip()}")

        self.app.push_screen(PromptScreen(what, before, take, told), taken)

    def _offer(self, semitones: int) -> str:
        """The words after a change of key: how what is written can follow."""
        key = self.workspace.song.key
        if not semitones or not has_pitched_notes(self.workspace.song):
            return f"the song is in {key}"
        self._transposition = f"{semitones:+d} song"
        return f"the song is in {key}: {{song.transpose}} and enter moves its notes by {semitones:+d} semitones"


def _at_tempo(bpm: float) -> Edit:
    return lambda song: set_song_tempo(song, bpm)


def _in_style(style: dict[str, float]) -> Edit:
    return lambda song: set_song_style(song, style)
