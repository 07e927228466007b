"""The arrangement: title, ruler with tempo changes and playhead, sections to scale, their chords, their energy."""

from textual import events

from song.density import onsets_to_density
from song.parts import PARTS
from song.sections import Section, Song
from song.time import ramp, seconds
from tui.glyphs import Glyphs
from tui.messages import CellPicked
from tui.view import View
from tui.widgets.canvas import Canvas, Row
from tui.widgets.cells import fitted, width_of
from tui.widgets.chord_names import Harmony, chord_here, fitting_names, harmony_of
from tui.widgets.memo import Memo
from tui.widgets.pictures import onset_counts
from tui.widgets.timeline import Column, columns

LABEL_WIDTH = 8
"""Columns before the first section, here and in the grid."""
_LEAST_TITLE = 12
"""Columns that a title keeps whatever stands beside it."""


def section_columns(view: View, width: int) -> tuple[Column, ...]:
    """The columns of the sections, here and in the grid."""
    bars = [section.bars for section in view.song.sections]
    return columns(bars, max(2, width - LABEL_WIDTH), view.section, LABEL_WIDTH)


def song_seconds(song: Song) -> float:
    """The length of a song in seconds."""
    return sum(
        seconds(ramp(*section.constraints.tempo_bpm, section.bars), section.length_ticks) for section in song.sections
    )


def energy(section: Section) -> float:
    """The fullness that is asked of a section, 0-1: the mean density over all parts."""
    return sum(section.constraints.density.of(part) for part in PARTS) / len(PARTS)


def energy_curve(section: Section, slots: int) -> list[float]:
    """The fullness of each of `slots` equal stretches of a section, 0-1: the mean density over the parts.

    A part that is written counts with the density of what is there, an empty one with the density that is asked.

    Args:
        section: the section.
        slots: 1 or more.
    """
    curve = [0.0] * slots
    bars_a_slot = section.bars / slots
    for part in PARTS:
        phrase = section.cell(part).phrase
        if phrase is None:
            shares = [section.constraints.density.of(part)] * slots
        else:
            shares = [onsets_to_density(part, count / bars_a_slot) for count in onset_counts(phrase, slots)]
        curve = [total + share / len(PARTS) for total, share in zip(curve, shares, strict=True)]
    return curve


class Arrangement(Canvas):
    """The song along its bars."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._curves: Memo[list[float]] = Memo()
        self._chords: Memo[Harmony] = Memo()

    def paint(self, view: View, width: int, height: int) -> list[Row]:
        """A title, a ruler, the sections, their chords if any has some, and their energy over what rows there are."""
        placed = section_columns(view, width)
        harmonies = [self._harmony(view.song, index) for index in range(len(view.song.sections))]
        chords = [self._chord_names(view, placed, harmonies)] if any(chords for chords, _ in harmonies) else []
        skyline = max(1, height - 3 - len(chords))
        curves = [self._curve(view.song.sections[column.section], column.inner) for column in placed]
        fullest = max([energy(section) for section in view.song.sections] + [max(curve, default=0) for curve in curves])
        curves = [[share / (fullest or 1.0) for share in curve] for curve in curves]
        return [
            self._title(view, width),
            self._ruler(view, placed),
            self._names(view, placed),
            *chords,
            *(self._energy(view, placed, curves, row, skyline) for row in range(skyline)),
        ]

    def _curve(self, section: Section, slots: int) -> list[float]:
        """The section's energy; as long as it is the same, no note of it is looked at again."""
        return self._curves.of(section.id, (section, slots), lambda: energy_curve(section, slots)) if slots > 0 else []

    def _harmony(self, song: Song, index: int) -> Harmony:
        section = song.sections[index]
        inputs = section.constraints, section.bars, song.key_of(index)
        return self._chords.of(section.id, inputs, lambda: harmony_of(song, index))

    def on_click(self, event: events.Click) -> None:
        """Select the section and the bar under the mouse."""
        if self.view is None:
            return
        for column in section_columns(self.view, self.size.width):
            if column.x <= event.x < column.x + column.width:
                bars = self.view.song.sections[column.section].bars
                self.post_message(CellPicked(column.section, bar=(event.x - column.x) * bars // column.width))

    def _title(self, view: View, width: int) -> Row:
        song, dot = view.song, f" {view.glyphs.dot} "
        minutes, rest = divmod(round(song_seconds(song)), 60)
        style = " + ".join(song.style)
        facts = [f"seed {song.seed}", song.key, f"{song.bars} bars", f"{minutes}:{rest:02}", style]
        state = view.file_name if view.saved else f"{view.glyphs.unsaved} {view.file_name}, unsaved"
        room, title = width - width_of(state) - 6, song.title
        # The seed goes last: by it a layout is drawn again. The title gives way to it before.
        while len(facts) > 1 and width_of(dot.join(facts)) > room - width_of(title):
            facts.pop()
        if width_of(title) > (least := max(_LEAST_TITLE, room - width_of(facts[0]))):
            title = fitted(title, least - 1) + view.glyphs.ellipsis
        if width_of(title) + width_of(facts[0]) > room:
            facts = []
        row = Row().add(" ").add(title, "strong").add("  ").add(dot.join(facts), "muted")
        row.pad(width - width_of(state) - 1)
        return row.add(state, "faint" if view.saved else "accent")

    def _ruler(self, view: View, placed: tuple[Column, ...]) -> Row:
        starts, glyphs = view.song.start_bars(), view.glyphs
        row = Row().add(f" bar {starts[view.section] + view.bar + 1}".ljust(LABEL_WIDTH)[:LABEL_WIDTH], "accent")
        shown_tempo: float | None = None
        for column in placed:
            section = view.song.sections[column.section]
            pieces = [(str(starts[column.section] + 1)[: column.inner], "muted")]
            room = column.inner - len(pieces[0][0]) - 1
            tempo = _tempo_change(section, shown_tempo, glyphs, room)
            shown_tempo = section.constraints.tempo_bpm[1]
            if tempo:
                pieces += [(" ", "text"), (tempo, "accent")]
            text = Row().add(" ")
            for piece, paint in pieces:
                text.add(piece, paint)
            text.pad(column.width)
            if column.section == view.section:
                text.put(bar_offset(column, section.bars, view.bar), glyphs.playhead)
            heard = view.heard
            if heard is not None and heard.section == column.section:
                # By columns and not by bars, so that it moves on in long sections too.
                at = min(column.width - 1, heard.tick * column.width // section.length_ticks)
                text.put(at, glyphs.heard, "good strong")
            row.pad(column.x)
            for piece, paint in text.pieces:
                row.add(piece, paint)
        return row

    @staticmethod
    def _energy(view: View, placed: tuple[Column, ...], curves: list[list[float]], line: int, lines: int) -> Row:
        row = Row().add(" energy" if line == lines - 1 else "", "faint")
        levels = view.glyphs.levels
        for column, curve in zip(placed, curves, strict=True):
            section = view.song.sections[column.section]
            # One shade, selected or not: a step writes no more of this than the line that moves.
            text = Row().add(" ").add(_skyline(curve, levels, line, lines), f"shade-{section.kind}")
            if column.section == view.section:
                text.put(bar_offset(column, section.bars, view.bar), view.glyphs.playline)
            row.pad(column.x)
            for piece, paint in text.pieces:
                row.add(piece, paint)
        return row

    @staticmethod
    def _chord_names(view: View, placed: tuple[Column, ...], harmonies: list[Harmony]) -> Row:
        row = Row().add(" harmony", "faint")
        for column in placed:
            is_here, harmony = column.section == view.section, harmonies[column.section]
            here = chord_here(view, harmony) if is_here else None
            names = [chord.name for chord in harmony[0]]
            row.pad(column.x).add(view.glyphs.bar, "faint")
            for text, at in fitting_names(names, column.inner, here, view.glyphs.ellipsis) if names else ():
                row.add(text, "accent strong" if is_here and at == here else "text" if is_here else "muted")
        return row

    def _names(self, view: View, placed: tuple[Column, ...]) -> Row:
        names, glyphs = view.song.section_names(), view.glyphs
        row = Row()
        if placed and placed[0].section > 0:
            row.pad(LABEL_WIDTH - 2).add(glyphs.before, "accent")
        for column in placed:
            section = view.song.sections[column.section]
            paint = f"head-{section.kind}" if column.section == view.section else f"block-{section.kind}"
            label = f"{glyphs.kinds[section.kind]}{names[column.section]}"
            row.pad(column.x).add(_fit(label, column.width, glyphs), paint).pad(column.x + column.width, " ", paint)
        if placed and placed[-1].section < len(names) - 1:
            row.add(glyphs.after, "accent")
        return row


def bar_offset(column: Column, bars: int, bar: int) -> int:
    """The column of a bar, counted from its section's left edge, which is where the first bar begins."""
    return min(column.width - 1, bar * column.width // bars)


def _skyline(curve: list[float], levels: str, line: int, lines: int) -> str:
    """One of so many lines of a curve of 0-1, the uppermost being 0; the last is never empty."""
    base = (lines - 1 - line) * len(levels)
    heights = [max(1, round(share * len(levels) * lines)) - base for share in curve]
    return "".join(levels[min(height, len(levels)) - 1] if height > 0 else " " for height in heights)


def _tempo_change(section: Section, before: float | None, glyphs: Glyphs, room: int) -> str:
    """A tempo that is another than before, in so many columns: what does not fit is told by its sign alone."""
    start, end = section.constraints.tempo_bpm
    steady, sign = start == end, glyphs.tempo
    if not steady:
        sign = glyphs.ramp_up if end > start else glyphs.ramp_down
    elif start == before:
        return ""
    to = f"{sign}{end:g}"
    choices = [to, sign] if steady else [f"{glyphs.tempo}{start:g}{to}" if start != before else to, to, sign]
    return next((text for text in choices if len(text) < room), "")


def _fit(name: str, width: int, glyphs: Glyphs) -> str:
    """A name in so many columns: of "BUILD 12" the number stays, of other names the beginning."""
    if width_of(name) <= width:
        return name
    word, _, number = name.rpartition(" ")
    if number.isdigit() and width_of(number) < width - 2:
        return fitted(word, width - width_of(number)) + number
    return fitted(name, max(0, width - 1)) + glyphs.ellipsis
