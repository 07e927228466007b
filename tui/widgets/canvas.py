"""The widget that the others are made from: it draws a `View` as rows of painted text and repaints what differs.

A row is made of (text, paint) pairs; a paint is the name of a component class below, or several with spaces between.
The screen has the classes for all of its canvases: styles for each of them anew would be most of the start's work.
Only rows that differ from what is on the screen are written again, and Textual writes them from their first column to
the last that differs, so that a step over a slow line is cheap.
"""

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from song.sections import SectionKind
from tui.view import View
from tui.widgets.cells import cells, drawn, width_of


class Row:
    """A row of text that is being put together from left to right; its width is in columns, not in characters."""

    def __init__(self) -> None:
        self.pieces: list[tuple[str, str]] = []
        self.width = 0

    def add(self, text: str, paint: str = "text") -> "Row":
        """Add text, inert."""
        if text := drawn(text):
            self.pieces.append((text, paint))
            self.width += width_of(text)
        return self

    def pad(self, width: int, fill: str = " ", paint: str = "text") -> "Row":
        """Fill up to a width with one character; nothing where the row is that wide already."""
        return self.add(fill * (width - self.width), paint)

    def put(self, at: int, glyph: str, paint: str = "accent strong") -> None:
        """Set one character of a row without wide ones; a digit there is marked instead."""
        pieces, start = [], 0
        for text, painted in self.pieces:
            inside = at - start
            start += len(text)
            if 0 <= inside < len(text):
                marked = (text[inside], "cursor") if text[inside].isdigit() else (glyph, paint)
                pieces += [(text[:inside], painted), marked, (text[inside + 1 :], painted)]
            else:
                pieces.append((text, painted))
        self.pieces = pieces


KIND_PAINTS = frozenset(f"{role}-{kind}" for role in ("kind", "shade", "block", "head") for kind in SectionKind)
OWN_PAINTS = frozenset({"pick-grid", "pick-phrase"})
"""Paints that stand in for another on one canvas alone: PAINT-ID, by the id of the canvas."""

PAINTS = (
    frozenset({"text", "strong", "muted", "faint", "accent", "good", "bad", "pick", "cursor"})
    | KIND_PAINTS
    | OWN_PAINTS
)
"""The component classes that a screen with canvases has."""


class Canvas(Widget):
    """A widget that draws a view. Subclasses give `paint`."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.view: View | None = None
        self._pieces: list[list[tuple[str, str]]] = []
        self._strips: list[Strip] = []
        self._styles_by_paint: dict[str, Style] = {}

    def paint(self, view: View, width: int, height: int) -> Sequence[Row]:
        """The rows of a view, for so many columns and rows; what is too long or too many is cut off."""
        raise NotImplementedError

    def show(self, view: View) -> None:
        """Draw a view."""
        self.view = view
        self._redraw()

    def render_line(self, y: int) -> Strip:
        """One row, as Textual asks for it."""
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)

    def on_resize(self, _event: events.Resize) -> None:
        """Draw for another size."""
        self._redraw()

    def notify_style_update(self) -> None:
        """Take on another theme."""
        super().notify_style_update()
        self._styles_by_paint.clear()
        self._pieces.clear()
        if self.is_attached:
            self.call_later(self._redraw)

    def _redraw(self) -> None:
        width, height = self.size
        if self.view is None or width <= 0 or height <= 0:
            return
        rows = list(self.paint(self.view, width, height))[:height]
        before, pieces = self._strips, [row.pieces for row in rows]
        self._strips = [
            before[y] if self._is_drawn(y, pieces[y], width) else self._strip(row, width) for y, row in enumerate(rows)
        ]
        self._pieces = pieces
        for y in range(max(len(before), len(self._strips))):
            old = before[y] if y < len(before) else None
            new = self._strips[y] if y < len(self._strips) else None
            if old is not new and old != new:
                first, last = _difference(old, new, width)
                self.refresh(Region(first, y, last - first, 1))

    def _is_drawn(self, y: int, pieces: list[tuple[str, str]], width: int) -> bool:
        """True where a row was drawn from just that: most are, whatever changes."""
        return y < len(self._pieces) and self._pieces[y] == pieces and self._strips[y].cell_length == width

    def _strip(self, row: Row, width: int) -> Strip:
        segments: list[Segment] = []
        for text, paint in row.pieces:
            style = self._style(paint)
            before = segments[-1].style if segments else None
            if before is not None and text.isspace() and _looks_alike(style, before):
                style = before
            segments.append(Segment(text, style))
        return Strip(segments, row.width).adjust_cell_length(width, self._style("text")).simplify()

    def _style(self, paint: str) -> Style:
        style = self._styles_by_paint.get(paint)
        if style is None:
            style = self.rich_style
            for name in paint.split():
                own = f"{name}-{self.id}"
                style += self.screen.get_component_rich_style(own if own in OWN_PAINTS else name, partial=True)
            self._styles_by_paint[paint] = style
        return style


def _looks_alike(style: Style, other: Style) -> bool:
    """True where a blank looks the same in both styles: to go on in one costs a slow line less than to change."""
    drawn = style.underline or style.reverse or other.underline or other.reverse
    return style.bgcolor == other.bgcolor and not drawn


def _difference(old: Strip | None, new: Strip | None, width: int) -> tuple[int, int]:
    """The first column that differs and the one after the last.

    One stretch and not several: Textual writes the colours anew at the start of each, which costs more than the rest.
    """
    if old is None or new is None or old.cell_length != new.cell_length:
        return 0, width
    pairs = zip(_cells(old), _cells(new), strict=True)
    differing = [x for x, (one, other) in enumerate(pairs) if one != other]
    return (differing[0], differing[-1] + 1) if differing else (0, width)


def _cells(strip: Strip) -> list[tuple[str, int, Style | None]]:
    """The contents of each column, with their style."""
    return [(character, column, style) for text, style, _ in strip for character, column in cells(text)]
