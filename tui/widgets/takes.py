"""The takes of the selected cell: how each was ranked, whether it does what is asked, what it copied, and its seed."""

from textual import events

from song.sections import Take
from tui.messages import TakePicked
from tui.view import View, density_met
from tui.widgets.canvas import Canvas, Row

_COLUMNS = (("take", 8), ("nats", 6), ("got", 7), ("copied", 8))


class TakesPanel(Canvas):
    """The takes, a row each, the one that sounds marked; the latest are seen where there are too many."""

    def paint(self, view: View, width: int, height: int) -> list[Row]:
        """A heading, the names of the columns, the takes, and where the longest copied run of the chosen is from."""
        cell, glyphs = view.selected_section.cell(view.part), view.glyphs
        heading = Row().add(glyphs.rule, "faint").add(" ").add(f"takes of {view.part}", "strong").add(" ")
        rows = [heading.pad(width, glyphs.rule, "faint")]
        if not cell.takes:
            return [
                *rows,
                Row(),
                Row().add("   none yet: ", "muted").add("f", "accent strong").add(" writes one", "muted"),
            ]
        names = Row()
        for name, columns in _COLUMNS:
            names.add(name.rjust(columns), "faint")
        rows.append(names.add("  seed", "faint"))
        first = self._first(view, height)
        for index in range(first, min(len(cell.takes), first + self._room(height))):
            rows.append(self._row(view, index, cell.takes[index], index == cell.chosen))
        take = cell.take
        if take is not None and take.copied_notes:
            rows += [Row(), Row().add(f"   {take.copied_notes} notes as in {take.copied_from}"[:width], "muted")]
        return rows

    def on_click(self, event: events.Click) -> None:
        """Let the take under the mouse sound."""
        if self.view is None:
            return
        index = self._first(self.view, self.size.height) + event.y - 2
        if event.y >= 2 and index < len(self.view.selected_section.cell(self.view.part).takes):
            self.post_message(TakePicked(index))

    @staticmethod
    def _room(height: int) -> int:
        return max(1, height - 4)

    def _first(self, view: View, height: int) -> int:
        cell, room = view.selected_section.cell(view.part), self._room(height)
        chosen = cell.chosen or 0
        return min(max(0, chosen - room // 2), max(0, len(cell.takes) - room))

    @staticmethod
    def _row(view: View, index: int, take: Take, chosen: bool) -> Row:
        glyphs, pick = view.glyphs, " pick" if chosen else ""
        paint = f"strong{pick}" if chosen else "text"
        row = Row().add(f" {glyphs.pointer if chosen else ' '} ", f"accent{pick}")
        row.add(f"{index + 1}{' ' + glyphs.pen if take.edited else ''}".rjust(5), paint)
        row.add(
            (f"{take.nats_per_note:.2f}" if take.nats_per_note is not None else glyphs.dash).rjust(6), f"muted{pick}"
        )
        asked = view.selected_section.constraints.requested_onsets(view.part)
        got = take.phrase.onsets_per_bar()
        met = density_met(asked, got)
        row.add(f"{got:.1f}".rjust(5), f"good{pick}" if met else f"accent{pick}")
        row.add("  " if met else f" {glyphs.unlike}", f"accent{pick}")
        row.add((str(take.copied_notes) if take.copied_notes else glyphs.dash).rjust(8), f"muted{pick}")
        return row.add(f"  {take.seed if take.weights else take.engine}", f"faint{pick}")
