"""The takes of the selected cell: how each was ranked, whether it does what is asked, what it copied, and its seed."""

from textual import events

from song.checks import Finding, check_phrase
from song.sections import Take
from tui.messages import TakePicked
from tui.view import View
from tui.widgets.canvas import Canvas, Row
from tui.widgets.cells import wrapped
from tui.widgets.memo import Memo

_COLUMNS = (("take", 8), ("score", 6), ("got", 6), ("copied", 8))
_LEAST_TAKES = 3
_HEADINGS = 2


class TakesPanel(Canvas):
    """The takes, a row each: the one that is seen, and the one that sounds; then all about the one that is seen."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._checked: Memo[tuple[Finding, ...]] = Memo()

    def paint(self, view: View, width: int, height: int) -> list[Row]:
        """A heading, the names of the columns, the takes, and the report on the one that is seen."""
        cell, glyphs = view.selected_section.cell(view.part), view.glyphs
        heading = Row().add(glyphs.rule, "faint").add(" ").add(f"takes of {view.part}", "strong")
        heading.add(f"  {glyphs.sounding} sounds ", "muted")
        rows = [heading.pad(width, glyphs.rule, "faint")]
        if cell.take is None:
            empty = Row().add("   none yet: ", "muted").add("f", "accent strong").add(" writes one", "muted")
            return [*rows, Row(), empty]
        names = Row()
        for name, columns in _COLUMNS:
            names.add(name.rjust(columns), "faint")
        rows.append(names.add("  seed", "faint"))
        first, room = self._shown(view, height)
        rows += [self._row(view, index, cell.takes[index]) for index in range(first, first + room)]
        return [*rows, Row(), *self._report(view, cell.take, width)]

    def on_click(self, event: events.Click) -> None:
        """See the take under the mouse; a second click lets it sound."""
        if self.view is None:
            return
        first, room = self._shown(self.view, self.size.height)
        if _HEADINGS <= event.y < _HEADINGS + room:
            self.post_message(TakePicked(first + event.y - _HEADINGS))

    def _shown(self, view: View, height: int) -> tuple[int, int]:
        """The first take of the list that is shown, and how many; the report keeps its room where it can."""
        cell = view.selected_section.cell(view.part)
        if cell.take is None:
            return 0, 0
        report = len(self._findings(view, cell.take)) + 4
        room = min(len(cell.takes), max(_LEAST_TAKES, height - _HEADINGS - report))
        return min(max(0, (cell.chosen or 0) - room // 2), len(cell.takes) - room), room

    def _findings(self, view: View, take: Take) -> tuple[Finding, ...]:
        section, key = view.selected_section, view.song.key_of(view.section)
        gap, style = view.song.gap_after(view.section), view.song.style_of(view.section)
        # Each take has its own place, or a list of them would be gone through anew for every key.
        return self._checked.of(
            (section.id, view.part, id(take)),
            (take, section.constraints, key, gap, style),
            lambda: check_phrase(section, view.part, take.phrase, key, gap, style),
        )

    def _row(self, view: View, index: int, take: Take) -> Row:
        glyphs, cell = view.glyphs, view.selected_section.cell(view.part)
        sounds = index == (cell.chosen if view.sounding is None else view.sounding)
        seen = index == cell.chosen
        pick = " pick" if seen else ""
        paint = f"strong{pick}" if seen else "text"
        row = Row().add(f" {glyphs.pointer if seen else ' '} ", f"accent{pick}")
        row.add(f"{index + 1}".rjust(2), paint).add(f" {glyphs.sounding}" if sounds else "  ", f"good{pick}")
        row.add(glyphs.pen if take.edited else " ", f"muted{pick}")
        row.add(_score(take, glyphs.dash).rjust(6), f"muted{pick}")
        met = all(finding.met for finding in self._findings(view, take))
        row.add(f"{take.phrase.onsets_per_bar():.1f}".rjust(6), f"good{pick}" if met else f"accent{pick}")
        row.add("  " if met else f" {glyphs.unlike}", f"accent{pick}")
        row.add((str(take.copied_notes) if take.copied_notes else glyphs.dash).rjust(6), f"muted{pick}")
        return row.add(f"  {take.seed if take.weights else take.engine}", f"faint{pick}")

    def _report(self, view: View, take: Take, width: int) -> list[Row]:
        """A report on a take: what is not as asked, its ranking, what it copied, its seed, and what is as asked."""
        rows: list[Row] = []
        as_asked: list[Row] = []
        for finding in self._findings(view, take):
            row = Row().add(f"   {finding.name.ljust(8)}", "muted")
            row.add(finding.got, "good" if finding.met else "accent")
            row.add("" if finding.met else f" {view.glyphs.unlike}", "accent").add(f" of {finding.asked}", "faint")
            (as_asked if finding.met else rows).append(row)
        if take.nats_per_note is not None:
            surprise = Row().add("   score   ", "muted")
            if take.critic is not None:
                surprise.add(f"{take.critic:.0%} real, ", "text")
            rows.append(surprise.add(f"{take.nats_per_note:.2f} nats a note", "text"))
        copied = (
            f"{take.copied_notes} notes" if take.copied_notes else "nothing known" if take.weights else "not compared"
        )
        rows.append(Row().add("   copied  ", "muted").add(copied, "text"))
        if take.copied_notes and take.copied_from:
            rows += [Row().add(f"     {line}", "faint") for line in wrapped(take.copied_from, max(2, width - 6), 2)]
        source = f"{take.seed}, {take.engine} {take.weights}" if take.weights else "none: written by hand"
        rows.append(Row().add("   seed    ", "muted").add(source, "text"))
        return rows + as_asked


def _score(take: Take, dash: str) -> str:
    """The score that a take is ranked by: the critic's, where there is one, else its surprise in nats a note."""
    if take.critic is not None:
        return f"{take.critic:.0%}"
    return f"{take.nats_per_note:.2f}" if take.nats_per_note is not None else dash
