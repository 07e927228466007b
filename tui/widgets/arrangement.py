"""The arrangement: title, bar ruler with tempo changes, the energy of each section, and the sections to scale."""

from textual import events

from song.parts import PARTS
from song.sections import Section, Song
from song.time import ramp, seconds
from tui.glyphs import Glyphs
from tui.messages import CellPicked
from tui.timeline import Column, columns
from tui.view import View
from tui.widgets.canvas import Canvas, Row

LABEL_WIDTH = 8
"""Columns before the first section, here and in the grid."""


def section_columns(view: View, width: int) -> tuple[Column, ...]:
    """Where the sections lie, here and in the grid."""
    bars = [section.bars for section in view.song.sections]
    return columns(bars, max(2, width - LABEL_WIDTH), view.section, LABEL_WIDTH)


def song_seconds(song: Song) -> float:
    """How long a song lasts, in seconds."""
    return sum(
        seconds(ramp(*section.constraints.tempo_bpm, section.bars), section.length_ticks) for section in song.sections
    )


def energy(section: Section) -> float:
    """How full a section is, 0-1: the mean density over all parts."""
    return sum(section.constraints.density.of(part) for part in PARTS) / len(PARTS)


class Arrangement(Canvas):
    """The song along its bars."""

    def paint(self, view: View, width: int, height: int) -> list[Row]:
        """A title, a ruler, the energy over what rows there are, and the names."""
        placed = section_columns(view, width)
        skyline = max(1, height - 3)
        return [
            self._title(view, width),
            self._ruler(view, placed),
            *(self._energy(view, placed, row, skyline) for row in range(skyline)),
            self._names(view, placed),
        ]

    def on_click(self, event: events.Click) -> None:
        """Select the section under the mouse."""
        if self.view is None:
            return
        for column in section_columns(self.view, self.size.width):
            if column.x <= event.x < column.x + column.width:
                self.post_message(CellPicked(column.section))

    def _title(self, view: View, width: int) -> Row:
        song, dot = view.song, f" {view.glyphs.dot} "
        minutes, rest = divmod(round(song_seconds(song)), 60)
        style = " + ".join(song.style)
        facts = [song.key, style, f"{song.bars} bars", f"{minutes}:{rest:02}"]
        state = view.file_name if view.saved else f"{view.glyphs.unsaved} {view.file_name}, unsaved"
        room = width - len(state) - 6 - len(song.title)
        while facts and len(dot.join(facts)) > room:
            facts.pop(0)
        row = Row().add(" ").add(song.title, "strong").add("  ").add(dot.join(facts), "muted")
        row.pad(width - len(state) - 1)
        return row.add(state, "faint" if view.saved else "accent")

    def _ruler(self, view: View, placed: tuple[Column, ...]) -> Row:
        row = Row().add(" bar", "faint")
        starts = view.song.start_bars()
        shown_tempo: float | None = None
        for column in placed:
            section = view.song.sections[column.section]
            tempo = _tempo_change(section, shown_tempo, view.glyphs)
            shown_tempo = section.constraints.tempo_bpm[1]
            number = str(starts[column.section] + 1)
            row.pad(column.x + 1).add(number[: column.inner], "muted")
            if tempo and len(number) + 1 + len(tempo) < column.inner:
                row.add(" ").add(tempo, "accent")
        return row

    def _energy(self, view: View, placed: tuple[Column, ...], line: int, lines: int) -> Row:
        row = Row()
        levels = view.glyphs.levels
        fullest = max(energy(section) for section in view.song.sections) or 1.0
        for column in placed:
            section = view.song.sections[column.section]
            height = max(1, round(energy(section) / fullest * len(levels) * lines))
            above_base = height - (lines - 1 - line) * len(levels)
            glyph = levels[min(above_base, len(levels)) - 1] if above_base > 0 else " "
            role = "kind" if column.section == view.section else "shade"
            row.pad(column.x + 1).add(glyph * column.inner, f"{role}-{section.kind}")
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
            row.pad(column.x).add(_fit(label, column.width, glyphs).ljust(column.width), paint)
        if placed and placed[-1].section < len(names) - 1:
            row.add(glyphs.after, "accent")
        return row


def _tempo_change(section: Section, before: float | None, glyphs: Glyphs) -> str:
    start, end = section.constraints.tempo_bpm
    if start != end:
        arrow = glyphs.ramp_up if end > start else glyphs.ramp_down
        return f"{glyphs.tempo}{start:g}{arrow}{end:g}" if start != before else f"{glyphs.tempo}{arrow}{end:g}"
    return f"{glyphs.tempo}{start:g}" if start != before else ""


def _fit(name: str, width: int, glyphs: Glyphs) -> str:
    """A name in so many columns: of "BUILD 12" the number stays, of other names the beginning."""
    if len(name) <= width:
        return name
    word, _, number = name.rpartition(" ")
    if number.isdigit() and len(number) < width - 2:
        return word[: width - len(number)] + number
    return name[: max(0, width - 1)] + glyphs.ellipsis
