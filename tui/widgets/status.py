"""The status line: the engine, the last thing to tell, and what is being written."""

from tui.view import EngineState, View
from tui.widgets.canvas import Canvas, Row

_GAP = 2
_STATE_PAINTS = {EngineState.READY: "good", EngineState.DEAD: "bad"}


class StatusLine(Canvas):
    """One line about how things stand."""

    def paint(self, view: View, width: int, height: int) -> list[Row]:
        """The engine on the left, what is being written on the right, and between them the note."""
        right = Row()
        writing = view.writing
        if writing.busy:
            right.add(f"{view.glyphs.pen} ", "accent").add(self._current(view), "text")
            right.add(f"{min(writing.done + 1, writing.total)}/{writing.total} ", "muted")
            right.add(f"{_in_words(writing.seconds_left)} ", "muted")
        row = next(
            (row for words in (3, 2, 1) if (row := self._left(view, words)).width + right.width + _GAP <= width),
            self._left(view, 0),
        )
        if row.width + right.width + _GAP > width:
            return [row]
        row.pad(width - right.width)
        for text, paint in right.pieces:
            row.add(text, paint)
        return [row]

    @staticmethod
    def _left(view: View, words: int) -> Row:
        """The engine, whether the song is saved, in fewer words where the note needs the room, and the note."""
        glyphs, engine = view.glyphs, view.engine
        row = Row().add(" ")
        paint = "bad" if engine.silent else _STATE_PAINTS.get(engine.state, "accent")
        row.add(glyphs.states[list(EngineState).index(engine.state)], paint)
        if words > 1:
            row.add(f" engine {'silent' if engine.silent else engine.state.value}", "muted")
        if words > 2 and engine.device:
            row.add(f" {glyphs.dot} {engine.device}", "faint")
        if words > 0:
            saved = "unsaved" if not view.saved else "saved" if view.in_file else "new"
            row.add(f" {glyphs.dot} ", "faint").add(saved, "faint" if view.saved else "accent")
        return row.add("  ").add(view.note, "strong")

    @staticmethod
    def _current(view: View) -> str:
        cell = view.writing.current
        draft = view.writing.drafts.get(cell) if cell is not None else None
        if cell is None or draft is None:
            return _outstanding(view)
        name = view.song.section_names()[cell.section]
        return f"{name} {cell.part.value} {draft.bars_done}/{view.song.sections[cell.section].bars}  "


def _outstanding(view: View) -> str:
    """The outstanding cells in words, while none is arriving: their section or how many, and the part if it is one."""
    names = view.song.section_names()
    cells = {*view.writing.queued, *view.writing.drafts}
    sections = sorted({cell.section for cell in cells})
    parts = {cell.part for cell in cells}
    what = names[sections[0]] if len(sections) == 1 else f"{len(sections)} sections" if sections else ""
    return f"{what} {next(iter(parts)).value}  " if len(parts) == 1 else f"{what}  "


def _in_words(seconds: float | None) -> str:
    """A time that is left, as exactly as it can be known; before the first bar it cannot."""
    if seconds is None:
        return "soon"
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min"
