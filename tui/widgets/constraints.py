"""The constraints of the selected section: a row for each field, what is asked beside what the takes do."""

from textual import events

from model.protocol import CellRef
from tui.field_table import Field
from tui.fields import FIELDS
from tui.messages import FieldPicked
from tui.view import View, density_met
from tui.widgets.canvas import Canvas, Row

_LABEL = 11
_ASKED = 6
_GOT = 5
_VALUE = 5
_LEAST = 4


class ConstraintsPanel(Canvas):
    """What is asked of the selected section."""

    def paint(self, view: View, width: int, height: int) -> list[Row]:
        """A heading, then the fields; where there are too few rows, those around the chosen one."""
        room = max(1, height - 1)
        first = self._first_field(view, room)
        return [self._heading(view, width), *(self._row(view, one, width) for one in FIELDS[first : first + room])]

    def on_click(self, event: events.Click) -> None:
        """Choose the field under the mouse."""
        if self.view is None or event.y < 1:
            return
        index = self._first_field(self.view, max(1, self.size.height - 1)) + event.y - 1
        if index < len(FIELDS):
            self.post_message(FieldPicked(FIELDS[index].id))

    @staticmethod
    def _first_field(view: View, room: int) -> int:
        chosen = next(index for index, one in enumerate(FIELDS) if one.id == view.field)
        return min(max(0, chosen - room // 2), max(0, len(FIELDS) - room))

    @staticmethod
    def _heading(view: View, width: int) -> Row:
        section, glyphs = view.selected_section, view.glyphs
        start = view.song.start_bars()[view.section] + 1
        bars = f"bars {start}{glyphs.dash}{start + section.bars - 1}" if section.bars > 1 else f"bar {start}"
        name = f"{glyphs.kinds[section.kind]} {view.song.section_names()[view.section]}"
        row = Row().add(glyphs.rule, "faint").add(" ").add(name, f"kind-{section.kind} strong")
        row.add("  ").add(bars, "muted").add(" ")
        return row.pad(width, glyphs.rule, "faint")

    def _row(self, view: View, one: Field, width: int) -> Row:
        section, glyphs = view.selected_section, view.glyphs
        chosen = one.id == view.field
        pick = " pick" if chosen else ""
        row = Row().add(f" {glyphs.pointer if chosen else ' '} ", f"accent{pick}")
        label = f"  {one.label}" if one.part else one.label
        row.add(label.ljust(_LABEL - 1), ("strong" if chosen else "muted") + pick)
        if one.share is None:
            text = one.text(section)
            row.add(text or (one.inherited(view.song) if one.inherited else ""), f"strong{pick}" if chosen else "text")
            got = one.got(section) if one.got else ""
            if one.inherited and not text:
                row.add(", the song's", f"muted{pick}")
            elif got and (room := width - row.width - _GOT - 1) >= _LEAST:
                row.add(f" got {got if len(got) <= room else got[: room - 1] + glyphs.ellipsis}", f"muted{pick}")
            return row.pad(width - 1, paint=f"text{pick}")
        slider = max(3, width - row.width - _VALUE - _ASKED - _GOT - 2)
        filled = round(one.share(section) * slider)
        row.add(glyphs.slider * filled, f"kind-{section.kind}{pick}")
        row.add(glyphs.slider_rest * (slider - filled), f"faint{pick}")
        row.add(one.text(section).rjust(_VALUE), f"strong{pick}" if chosen else f"text{pick}")
        if one.id == "density":
            row.add("asked".rjust(_ASKED) + "got".rjust(_GOT), f"faint{pick}")
        elif one.part is not None:
            self._add_numbers(row, view, CellRef(view.section, one.part), pick)
        return row.pad(width - 1, paint=f"text{pick}")

    @staticmethod
    def _add_numbers(row: Row, view: View, ref: CellRef, pick: str) -> None:
        asked = view.selected_section.constraints.requested_onsets(ref.part)
        row.add(f"{asked:.1f}".rjust(_ASKED), f"muted{pick}")
        phrase = view.selected_section.cell(ref.part).phrase
        if phrase is None:
            row.add(view.glyphs.dash.rjust(_GOT), f"faint{pick}")
            return
        got = phrase.onsets_per_bar()
        met = density_met(asked, got)
        row.add(f"{got:.1f}".rjust(_GOT), f"good{pick}" if met else f"accent{pick}")
        row.add(" " if met else view.glyphs.unlike, f"accent{pick}")
