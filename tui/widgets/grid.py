"""The grid: a row of cells for each part, under the sections of the arrangement."""

from itertools import groupby

from textual import events

from model.protocol import CellRef
from song.checks import check_phrase
from song.notes import Phrase
from song.parts import PARTS, Part
from tui.messages import CellPicked
from tui.view import View
from tui.widgets.arrangement import LABEL_WIDTH, section_columns
from tui.widgets.canvas import Canvas, Row
from tui.widgets.memo import Memo
from tui.widgets.pictures import onset_levels

_MARK_WHEN_LOCKED = 1
"""The column of a mark in a locked cell: behind the bracket, if there is room."""

Cell = list[tuple[str, str]]
"""A cell's characters, one by one, each with its paint."""


class PartGrid(Canvas):
    """The cells of the song."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._found: Memo[tuple[str, ...]] = Memo()

    def paint(self, view: View, width: int, height: int) -> list[Row]:
        """Equal bands of rows for the parts; from three rows on, the last of each tells numbers."""
        placed = section_columns(view, width)
        band = max(1, height // len(PARTS))
        pictured = band - 1 if band > 2 else band
        rows: list[Row] = []
        for part in PARTS:
            cells = {
                column.section: self._cell(view, CellRef(column.section, part), column.inner, pictured)
                for column in placed
            }
            for line in range(band):
                row = Row()
                mark = view.glyphs.pointer if part is view.part else " "
                label = f"{mark}{part.value}" if line == 0 else ""
                heard = part in view.song.heard_parts()
                row.add(label, ("strong" if part is view.part else "muted") if heard else "faint")
                if line == 0 and (sign := _sign(view, part)):
                    row.pad(LABEL_WIDTH - 1).add(sign, "accent")
                for column in placed:
                    selected = column.section == view.section and part is view.part
                    after_selected = column.section == view.section + 1 and part is view.part
                    edge = view.glyphs.left_edge if selected else view.glyphs.right_edge if after_selected else " "
                    row.pad(column.x).add(edge, "accent")
                    if line < pictured:
                        pieces = cells[column.section][line]
                    else:
                        pieces = self._numbers(view, CellRef(column.section, part), column.inner)
                    for (paint, _), run in groupby(pieces, _paint_and_blank):
                        text = "".join([character for character, _ in run])
                        row.add(text, f"{paint} pick" if selected else paint)
                if placed and placed[-1].section == view.section and part is view.part:
                    row.add(view.glyphs.right_edge, "accent")
                rows.append(row)
        return rows

    def on_click(self, event: events.Click) -> None:
        """Select the cell under the mouse."""
        if self.view is None or event.x < LABEL_WIDTH:
            return
        band = max(1, self.size.height // len(PARTS))
        part = PARTS[min(event.y // band, len(PARTS) - 1)]
        for column in section_columns(self.view, self.size.width):
            if column.x <= event.x < column.x + column.width:
                self.post_message(CellPicked(column.section, part))

    def _cell(self, view: View, ref: CellRef, width: int, lines: int) -> list[Cell]:
        """A cell's lines, the uppermost first."""
        if width <= 0:
            return [[] for _ in range(lines)]
        section, glyphs = view.song.sections[ref.section], view.glyphs
        cell = section.cell(ref.part)
        draft = view.writing.drafts.get(ref)
        if draft is not None:
            arrived = width * draft.bars_done // section.bars
            drawn = _picture(view, Phrase(section.bars, draft.notes), ref, width, lines)
            return [line[:arrived] + [(glyphs.unwritten, "accent")] * (width - arrived) for line in drawn]
        phrase = cell.phrase
        if phrase is not None and phrase.notes:
            drawn = _picture(view, phrase, ref, width, lines)
        else:
            asked = section.constraints.density.of(ref.part) > 0
            fill = glyphs.silent if phrase is not None else glyphs.empty if asked else " "
            drawn = [[(" ", "faint")] * width for _ in range(lines - 1)] + [[(fill, "faint")] * width]
        last = drawn[-1]
        if ref in view.writing.queued:
            last = drawn[-1] = [(glyphs.queued, "accent")] * width
        mark = _MARK_WHEN_LOCKED if cell.locked and width > _MARK_WHEN_LOCKED + 1 else 0
        if cell.locked:
            last[0], last[-1] = (glyphs.left_lock, "strong"), (glyphs.right_lock, "strong")
        if ref in view.failed:
            last[mark] = (glyphs.failed, "bad")
        elif self._unmet(view, ref) and ref not in view.writing.queued:
            last[mark] = (glyphs.unlike, "accent")
        return drawn

    def _unmet(self, view: View, ref: CellRef) -> tuple[str, ...]:
        """The names of the constraints that what sounds in a cell does not meet."""
        section, key = view.song.sections[ref.section], view.song.key_of(ref.section)
        gap, style = view.song.gap_after(ref.section), view.song.style_of(ref.section)
        phrase = section.cell(ref.part).phrase
        if phrase is None:
            return ()
        return self._found.of(
            (section.id, ref.part),
            (section.constraints, phrase, key, gap, style),
            lambda: tuple(one.name for one in check_phrase(section, ref.part, phrase, key, gap, style) if not one.met),
        )

    def _numbers(self, view: View, ref: CellRef, width: int) -> Cell:
        """The state of the cell in words: onsets a bar, what is not as asked, and which take of how many sounds."""
        cell, paint = view.song.sections[ref.section].cell(ref.part), "muted" if ref == view.cell_ref else "faint"
        pieces: list[tuple[str, str]] = []
        draft = view.writing.drafts.get(ref)
        if draft is not None:
            pieces += [(f"{draft.bars_done}/{view.song.sections[ref.section].bars}", "accent"), ("bars", paint)]
        elif ref in view.writing.queued:
            pieces.append(("waits", "accent"))
        elif ref in view.failed:
            pieces.append(("failed", "bad"))
        elif cell.phrase is not None:
            pieces.append((f"{cell.phrase.onsets_per_bar():.1f}", paint))
            pieces += [(f"{view.glyphs.unlike} {name}", "accent") for name in self._unmet(view, ref)]
            if len(cell.takes) > 1 and cell.chosen is not None:
                pieces.append((f"take {cell.chosen + 1}/{len(cell.takes)}", paint))
        if cell.locked:
            pieces.append(("locked", paint))
        row = Row()
        for text, one in pieces:
            if row.width + bool(row.width) + len(text) <= width:
                row.add(" " if row.width else "", paint).add(text, one)
        return [(character, one) for text, one in row.pad(width).pieces for character in text]


def _paint_and_blank(piece: tuple[str, str]) -> tuple[str, bool]:
    """The paint that a run of characters drawn at once has in common: blanks may take on the style before them."""
    character, paint = piece
    return paint, character == " "


def _sign(view: View, part: Part) -> str:
    """M where a part is muted, S where it has solo."""
    return "M" if part in view.song.muted else "S" if part in view.song.solo else ""


def _picture(view: View, phrase: Phrase, ref: CellRef, width: int, lines: int) -> list[Cell]:
    levels = view.glyphs.levels
    paint = f"kind-{view.song.sections[ref.section].kind}"
    heights = onset_levels(phrase, ref.part, width, lines * len(levels))
    drawn: list[Cell] = []
    for line in range(lines):
        base = (lines - 1 - line) * len(levels)
        drawn.append(
            [
                (levels[min(height - base, len(levels)) - 1], paint) if height > base else (" ", paint)
                for height in heights
            ]
        )
    return drawn
