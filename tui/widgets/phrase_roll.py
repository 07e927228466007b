"""The selected phrase: a drum grid or a piano roll, the wobble under the bass, or what to press where it is empty."""

from song.notes import Phrase
from song.parts import Part
from song.scales import parse_key
from song.time import STEPS_PER_BAR
from tui.rolls import Line, Span, drum_lines, pitch_lines, wobble_lines
from tui.view import View
from tui.widgets.canvas import Canvas, Row

_LABEL = 7
_MARGIN = 2
_TALLEST_ROLL = 25

_HELP_EMPTY = (
    ("f", "fills this cell"),
    ("F", "fills the section"),
    ("A", "fills everything, then"),
    ("e", "exports a MIDI file"),
    ("?", "shows all keys"),
)
_HELP_WAITING = (("esc", "stops writing and keeps what has come"),)


class PhraseRoll(Canvas):
    """The selected cell's music, as many bars of it as fit."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._page = 0

    def show(self, view: View) -> None:
        """Draw a view, from its first bars again where another cell is selected."""
        if self.view is not None and self.view.cell_ref != view.cell_ref:
            self._page = 0
        super().show(view)

    def turn_page(self, pages: int) -> None:
        """Show later or earlier bars."""
        if self.view is None:
            return
        fitting = self._bars_fitting(self.size.width)
        last = (self.view.selected_section.bars - 1) // fitting
        self._page = min(max(0, self._page + pages), last)
        self.show(self.view)

    @property
    def first_bar(self) -> int:
        """The first bar shown, counted from 0 from the section's start, unless it follows what is being written."""
        return self._page * self._bars_fitting(self.size.width)

    @staticmethod
    def _bars_fitting(width: int) -> int:
        return max(1, (width - _MARGIN - _LABEL) // (STEPS_PER_BAR + 1))

    def _span(self, view: View, width: int) -> Span:
        fitting = self._bars_fitting(width)
        last = (view.selected_section.bars - 1) // fitting
        draft = view.writing.drafts.get(view.cell_ref)
        page = min(self._page, last) if draft is None else min(max(0, draft.bars_done - 1) // fitting, last)
        return Span(page * fitting, min(fitting, view.selected_section.bars - page * fitting))

    def paint(self, view: View, width: int, height: int) -> list[Row]:
        """A heading, a bar ruler and the roll; or what to press."""
        phrase = view.phrase_of(view.cell_ref)
        if phrase is None:
            return [self._heading(view, width, None), *self._empty(view, height - 1)]
        span = self._span(view, width)
        room = max(1, height - 2)
        lines = self._lines(view, phrase, span, room)
        return [
            self._heading(view, width, span),
            self._ruler(view, span),
            *(self._row(view, line, span) for line in lines),
            *(self._margin(view) for _ in range(room - len(lines))),
        ]

    def _lines(self, view: View, phrase: Phrase, span: Span, room: int) -> list[Line]:
        section, glyphs = view.selected_section, view.glyphs
        paint = f"kind-{section.kind}"
        if view.part is Part.DRUMS:
            return drum_lines(phrase, span, paint, glyphs, room)
        lane = wobble_lines(phrase, span, paint, glyphs) if view.part is Part.BASS and phrase.wobbles else []
        key = parse_key(section.constraints.key or view.song.key)
        rows = min(_TALLEST_ROLL, max(1, room - len(lane)))
        return [*pitch_lines(phrase, span, paint, glyphs, rows, key), *lane]

    @staticmethod
    def _heading(view: View, width: int, span: Span | None) -> Row:
        glyphs, cell = view.glyphs, view.selected_section.cell(view.part)
        row = Row().add(glyphs.joint + glyphs.rule, "faint").add(" ").add(view.part.value, "strong")
        facts = []
        if span is not None and span.bars < view.selected_section.bars:
            start = view.song.start_bars()[view.section] + span.first_bar + 1
            last = start + span.bars - 1
            facts.append(f"bars {start}{glyphs.dash}{last}" if last > start else f"bar {start}")
        draft = view.writing.drafts.get(view.cell_ref)
        if draft is not None:
            facts.append(f"{glyphs.pen} {draft.bars_done} of {view.selected_section.bars} bars")
        elif cell.chosen is not None:
            facts.append(f"take {cell.chosen + 1}/{len(cell.takes)}")
        if cell.locked:
            facts.append("locked")
        row.add("  ").add(f" {glyphs.dot} ".join(facts), "muted").add(" " if facts else "")
        return row.pad(width, glyphs.rule, "faint")

    @staticmethod
    def _margin(view: View) -> Row:
        return Row().add(view.glyphs.divider, "faint").add(" ")

    def _ruler(self, view: View, span: Span) -> Row:
        row = self._margin(view).pad(_MARGIN + _LABEL)
        first = view.song.start_bars()[view.section] + span.first_bar + 1
        for bar in range(span.bars):
            row.add(f" {first + bar}".ljust(STEPS_PER_BAR + 1), "muted")
        return row

    def _row(self, view: View, line: Line, span: Span) -> Row:
        row = self._margin(view).add(line.label.rjust(_LABEL - 1)[: _LABEL - 1], line.label_paint).add(" ")
        for bar in range(span.bars):
            row.add(view.glyphs.bar, "faint")
            for character, paint in line.characters[bar * STEPS_PER_BAR : (bar + 1) * STEPS_PER_BAR]:
                row.add(character, paint)
        return row

    def _empty(self, view: View, height: int) -> list[Row]:
        waiting = view.writing.covers(view.cell_ref)
        lines = [Row().add("Waiting for its turn." if waiting else "This cell is empty.", "muted"), Row()]
        for key, text in _HELP_WAITING if waiting else _HELP_EMPTY:
            lines.append(Row().add(key, "accent strong").add("  ").add(text, "muted"))
        above = max(0, (height - len(lines)) // 2)
        rows = [self._margin(view) for _ in range(height)]
        for row, line in zip(rows[above:], lines, strict=False):
            row.pad(_MARGIN + _LABEL)
            for text, paint in line.pieces:
                row.add(text, paint)
        return rows
