"""The constraints of the selected section: a row for each field, what is asked beside what the takes do."""

from textual import events

from song.checks import FORM, KEY, Finding, check_phrase, density_met
from song.parts import PARTS, Part
from tui.fields import Field, shown_fields, shown_text
from tui.messages import FieldPicked
from tui.view import View
from tui.widgets.canvas import Canvas, Row
from tui.widgets.memo import Memo

_LABEL = 11
_ASKED = 6
_GOT = 5
_VALUE = 5
_LEAST = 4
_MARK = 2
_INHERITED = ", the song's"
_AS_ASKED = "as asked"


class ConstraintsPanel(Canvas):
    """The constraints of the selected section, one a row."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._checked: Memo[tuple[Finding, ...]] = Memo()

    def paint(self, view: View, width: int, height: int) -> list[Row]:
        """A heading, then the fields; where there are too few rows, those around the chosen one."""
        room = max(1, height - 1)
        return [self._heading(view, width), *(self._row(view, one, width) for one in self._fields(view, room))]

    def on_click(self, event: events.Click) -> None:
        """Choose the field under the mouse."""
        if self.view is None or event.y < 1:
            return
        fields = self._fields(self.view, max(1, self.size.height - 1))
        if event.y <= len(fields):
            self.post_message(FieldPicked(fields[event.y - 1].id))

    @staticmethod
    def _fields(view: View, room: int) -> list[Field]:
        fields = shown_fields(view.selected_section, view.part, view.field)
        chosen = next(index for index, one in enumerate(fields) if one.id == view.field)
        first = min(max(0, chosen - room // 2), max(0, len(fields) - room))
        return fields[first : first + room]

    @staticmethod
    def _heading(view: View, width: int) -> Row:
        section, glyphs = view.selected_section, view.glyphs
        start = view.song.start_bars()[view.section] + 1
        bars = f"bars {start}{glyphs.dash}{start + section.bars - 1}" if section.bars > 1 else f"bar {start}"
        name = f"{glyphs.kinds[section.kind]} {view.song.section_names()[view.section]}"
        row = Row().add(glyphs.rule, "faint").add(" ").add(name, f"kind-{section.kind} strong")
        row.add("  ").add(bars, "muted").add(" ")
        headings = f" {'asked'.rjust(_ASKED - 1)}{'got'.rjust(_GOT)} "
        if row.width + len(headings) < width:
            row.pad(width - len(headings) - 1, glyphs.rule, "faint").add(headings, "muted")
        return row.pad(width, glyphs.rule, "faint")

    def _row(self, view: View, one: Field, width: int) -> Row:
        section, glyphs = view.selected_section, view.glyphs
        chosen = one.id == view.field
        pick = " pick" if chosen else ""
        label = (one.row or one.label).ljust(_LABEL - 1)
        row = Row()
        if chosen:
            row.add(f" {glyphs.pointer} ", f"accent{pick}").add(label, f"strong{pick}")
        else:
            row.add(f"   {label}", "muted")
        if one.share is None:
            text = shown_text(view.song, view.section, one)
            row.add(text or (one.inherited(view.song) if one.inherited else ""), f"strong{pick}" if chosen else "text")
            self._add_got(row, view, one, width, pick)
            if one.inherited and not text and row.width + len(_INHERITED) < width:
                row.add(_INHERITED, f"faint{pick}")
            return row.pad(width - 1, paint=f"text{pick}")
        slider = max(3, width - row.width - _VALUE - _ASKED - _GOT - 2)
        filled = round(one.share(section) * slider)
        row.add(glyphs.slider * filled, f"kind-{section.kind}{pick}")
        row.add(glyphs.slider_rest * (slider - filled), f"faint{pick}")
        paint = f"strong{pick}" if chosen else "text"
        row.add(one.text(section).rjust(_VALUE), paint)
        if one.id == "density" or one.part is not None:
            self._add_onsets(row, view, PARTS if one.part is None else (one.part,), pick, paint)
        elif finding := self._finding(view, one):
            row.add(" " * _ASKED)
            self._add_judged(row, view, finding.got.rjust(_GOT), finding.met, pick)
        return row.pad(width - 1, paint=f"text{pick}")

    def _add_got(self, row: Row, view: View, one: Field, width: int, pick: str) -> None:
        """Add what the take does, where it can break the constraint and there is room; else a mark if it does."""
        finding = self._finding(view, one)
        if finding is None or finding.asked == finding.got == "none":
            return
        got, room = finding.got, width - row.width - len(" got ") - _MARK
        if room >= _LEAST:
            row.add(" got ", f"faint{pick}")
            if len(got) > room and got == finding.asked:
                got = "all" if room < len(_AS_ASKED) else _AS_ASKED
            shown = got if len(got) <= room else got[: room - 1] + view.glyphs.ellipsis
            self._add_judged(row, view, shown, finding.met, pick)
        elif not finding.met:
            row.add(f" {view.glyphs.unlike}", f"accent{pick}")

    def _add_onsets(self, row: Row, view: View, parts: tuple[Part, ...], pick: str, paint: str) -> None:
        """Add the onsets a bar asked of some parts and got of them, summed; none got where one of them is empty."""
        section = view.selected_section
        asked = sum(section.constraints.requested_onsets(part) for part in parts)
        # In the paint of the value before it: one change of colour less for a slow line.
        row.add(f"{asked:.1f}".rjust(_ASKED), paint)
        phrases = [phrase for part in parts if (phrase := section.cell(part).phrase) is not None]
        if len(phrases) < len(parts):
            row.add(view.glyphs.dash.rjust(_GOT), f"faint{pick}")
            return
        got = sum(phrase.onsets_per_bar() for phrase in phrases)
        self._add_judged(row, view, f"{got:.1f}".rjust(_GOT), density_met(asked, got), pick)

    @staticmethod
    def _add_judged(row: Row, view: View, got: str, met: bool, pick: str) -> None:
        row.add(got, f"good{pick}" if met else f"accent{pick}")
        row.add(" " if met else view.glyphs.unlike, f"accent{pick}")

    def _finding(self, view: View, one: Field) -> Finding | None:
        """The finding on a field in its cell, None where there is none; a key's breaks are those of all parts."""
        if one.id == KEY:
            found = [finding for part in PARTS if (finding := self._finding_of(view, KEY, part))]
            outside = sum(finding.off for finding in found)
            return Finding(KEY, "", f"{outside} outside" if outside else "all within", outside) if found else None
        if one.id == FORM and view.selected_section.constraints.forms.of(view.part) is not None:
            return None  # The part's own field has it.
        return self._finding_of(view, one.checks, one.checked_part or view.part) if one.checks else None

    def _finding_of(self, view: View, name: str, part: Part) -> Finding | None:
        section, key = view.selected_section, view.song.key_of(view.section)
        gap, style = view.song.gap_after(view.section), view.song.style_of(view.section)
        phrase = section.cell(part).phrase
        if phrase is None:
            return None
        found = self._checked.of(
            (section.id, part),
            (section.constraints, phrase, key, gap, style),
            lambda: check_phrase(section, part, phrase, key, gap, style),
        )
        return next((finding for finding in found if finding.name == name), None)
