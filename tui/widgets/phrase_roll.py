"""The selected phrase: a drum grid or a piano roll, the wobble under the bass, or what to press where it is empty."""

from textual import events

from song.drums import DRUM_ROWS
from song.notes import Phrase
from song.parts import PARTS, Part
from song.scales import parse_key, pitch_name
from song.time import TICKS_PER_BAR, TICKS_PER_QUARTER, TICKS_PER_STEP, ticks_to_bar
from tui.actions import NOTE_ACTIONS, PAINTED_RATES, bindings
from tui.messages import NotePicked
from tui.view import View
from tui.widgets.canvas import Canvas, Row
from tui.widgets.chord_names import Harmony, bar_names, harmony_of
from tui.widgets.rolls import (
    COLUMNS_A_BAR,
    USUAL_COLUMNS,
    Line,
    Span,
    drum_lines,
    folded_lines,
    onset_line,
    pitch_lines,
    velocity_line,
    window_lines,
    with_cursor,
    with_ghost,
    wobble_lines,
)

_LABEL = 7
_MARGIN = 2
_TALLEST_ROLL = 25
_ROOM_FOR_VELOCITIES, _ROOM_FOR_PARTS = 12, 24

_HELP_EMPTY = (
    ("f", "fills this cell"),
    ("F", "fills the section"),
    ("enter", "writes notes by hand"),
    ("A", "fills everything, then"),
    ("e", "exports a MIDI file"),
    ("?", "shows all keys"),
)
_HELP_WAITING = (("esc", "stops writing and keeps what has come"),)


class PhraseRoll(Canvas, can_focus=True, inherit_bindings=False):
    """The selected cell's music, as many bars of it as fit; while it has the focus, its notes are edited."""

    BINDINGS = bindings(NOTE_ACTIONS, "screen.")
    # With the focus the rows become others: a click has to find its row first.
    FOCUS_ON_CLICK = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._top = 0
        self._drawn: list[Line] = []

    @property
    def bars_shown(self) -> int:
        """The number of bars that fit, 1 or more."""
        return self._fitting(self.view, self.size.width)[0] if self.view is not None else 1

    def fits(self, columns: int) -> bool:
        """True where a bar of so many columns fits."""
        return columns < self.size.width - _MARGIN - _LABEL

    @staticmethod
    def _fitting(view: View, width: int) -> tuple[int, int]:
        """The bars that fit, and the columns of each: fewer than were asked for where not one bar would fit."""
        room = width - _MARGIN - _LABEL
        columns = max((one for one in COLUMNS_A_BAR if one <= view.columns and one < room), default=COLUMNS_A_BAR[0])
        return max(1, room // (columns + 1)), columns

    def _span(self, view: View, width: int) -> Span:
        """The page of the bar where one stands, of what is heard here, or of the bars that are being written."""
        fitting, columns = self._fitting(view, width)
        last = view.selected_section.bars - 1
        draft, heard = view.writing.drafts.get(view.cell_ref), view.heard
        bar = view.bar
        if draft is not None:
            bar = min(max(0, draft.bars_done - 1), last)
        elif heard is not None and heard.section == view.section and view.cursor is None:
            bar = min(ticks_to_bar(heard.tick), last)
        page = bar // fitting
        return Span(page * fitting, min(fitting, view.selected_section.bars - page * fitting), columns)

    def paint(self, view: View, width: int, height: int) -> list[Row]:
        """A heading, a bar ruler with the chords and the roll; or what to press."""
        phrase = view.phrase_of(view.cell_ref)
        if phrase is None and view.cursor is not None:
            phrase = Phrase(view.selected_section.bars)
        if phrase is None:
            self._drawn = []
            return [self._heading(view, width, None), *self._empty(view, height - 1)]
        span = self._span(view, width)
        legend = self._legend(view)
        room = max(1, height - 2 - len(legend))
        self._drawn = lines = self._lines(view, phrase, span, room)
        return [
            self._heading(view, width, span),
            self._ruler(view, span),
            *(self._row(view, line, span) for line in lines),
            *(self._margin(view) for _ in range(room - len(lines))),
            *legend,
        ]

    def _lines(self, view: View, phrase: Phrase, span: Span, room: int) -> list[Line]:
        section, glyphs, cursor = view.selected_section, view.glyphs, view.cursor
        paint = f"kind-{section.kind}"
        below = self._lanes(view, phrase, span, paint)
        if view.full and room >= _ROOM_FOR_VELOCITIES:
            below.insert(0, self._velocities(view, phrase, span, paint))
        if view.full and room >= _ROOM_FOR_PARTS:
            below += self._other_parts(view, span)
        rows = max(1, room - len(below))
        if view.part is Part.DRUMS:
            lines = drum_lines(phrase, span, paint, glyphs, rows, None if cursor is None else cursor.pitch)
        else:
            key = parse_key(view.song.key_of(view.section))
            rows = rows if view.full else min(_TALLEST_ROLL, rows)
            if cursor is None:
                lines = pitch_lines(phrase, span, paint, glyphs, rows, key)
            elif cursor.folded:
                lines = folded_lines(phrase, span, paint, glyphs, rows, key, cursor.pitch)
            else:
                lines = window_lines(phrase, span, paint, glyphs, self._window(cursor.pitch, rows), key)
        ghost = self._ghost(view)
        if ghost is not None and Part.DRUMS not in (view.part, view.ghost):
            lines = with_ghost(lines, ghost, span, glyphs)
        if cursor is None:
            return [*lines, *below]
        return with_cursor([*lines, *below], span, cursor.tick, cursor.pitch, cursor.marked)

    @staticmethod
    def _lanes(view: View, phrase: Phrase, span: Span, paint: str) -> list[Line]:
        """The lanes under the notes: the wobble of a bass, and when another part plays."""
        editing = view.cursor is not None
        lanes = []
        if view.part is Part.BASS and (phrase.wobbles or editing):
            lanes = wobble_lines(phrase, span, paint, view.glyphs)
        ghost = PhraseRoll._ghost(view)
        if ghost is not None and view.ghost is not None:
            lanes.append(onset_line(ghost, span, view.ghost.value, view.glyphs))
        return lanes

    @staticmethod
    def _other_parts(view: View, span: Span) -> list[Line]:
        """The onsets of the parts that are not edited, one above the other."""
        section = view.selected_section
        others = [part for part in PARTS if part not in (view.part, view.ghost)]
        phrases = ((part, section.cell(part).phrase or Phrase(section.bars)) for part in others)
        return [onset_line(phrase, span, part.value, view.glyphs) for part, phrase in phrases]

    @staticmethod
    def _velocities(view: View, phrase: Phrase, span: Span, paint: str) -> Line:
        """The lane of velocities: of the drum where the cursor is, else of all notes."""
        cursor = view.cursor
        row = None
        if cursor is not None and view.part is Part.DRUMS:
            row = next((one.pitches for one in DRUM_ROWS if cursor.pitch in one.pitches), None)
        return velocity_line(phrase, span, paint, view.glyphs, row)

    @staticmethod
    def _ghost(view: View) -> Phrase | None:
        """The music of the other part that is shown, if any."""
        if view.ghost is None or view.ghost is view.part:
            return None
        return view.selected_section.cell(view.ghost).phrase or Phrase(view.selected_section.bars)

    def _window(self, pitch: int, rows: int) -> range:
        """The pitches shown, which move no more than the cursor needs."""
        margin = min(2, (rows - 1) // 2)
        if not self._top - rows + 1 + margin <= pitch <= self._top - margin:
            self._top = pitch + rows // 2
        self._top = min(127, max(rows - 1, self._top))
        return range(self._top, self._top - rows, -1)

    def on_click(self, event: events.Click) -> None:
        """Edit the phrase where it was clicked."""
        if self.view is None or not 2 <= event.y < 2 + len(self._drawn):
            return
        span, column = self._span(self.view, self.size.width), event.x - _MARGIN - _LABEL
        bar, step = divmod(column, span.columns + 1)
        pitches = self._drawn[event.y - 2].pitches
        if pitches and step > 0 and 0 <= bar < span.bars:
            tick = (span.first_bar + bar) * TICKS_PER_BAR + (step - 1) * span.step_ticks
            self.post_message(NotePicked(tick, min(pitches)))

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
        elif view.cursor is not None:
            facts = PhraseRoll._place(view)
        elif cell.chosen is not None:
            seen = f", {view.sounding + 1} sounds" if view.sounding is not None else ""
            facts.append(f"take {cell.chosen + 1}/{len(cell.takes)}{seen}")
        if cell.locked:
            facts.append("locked")
        row.add("  ").add(f" {glyphs.dot} ".join(facts), "muted").add(" " if facts else "")
        return row.pad(width, glyphs.rule, "faint")

    @staticmethod
    def _place(view: View) -> list[str]:
        """The cursor's place and grid, and the note that is there."""
        cursor = view.cursor
        assert cursor is not None, "asked for while editing alone"
        bar = view.song.start_bars()[view.section] + ticks_to_bar(cursor.tick) + 1
        beat, rest = divmod(cursor.tick % TICKS_PER_BAR, TICKS_PER_QUARTER)
        facts = [f"{bar}.{beat + 1}.{rest // TICKS_PER_STEP + 1}"]
        if view.part is not Part.DRUMS:
            facts.append(pitch_name(cursor.pitch, parse_key(view.song.key_of(view.section))))
        if cursor.note is not None:
            length = cursor.note.duration_ticks / TICKS_PER_STEP
            facts.append(f"vel {cursor.note.velocity}")
            if view.part is not Part.DRUMS:
                facts.append(f"{length:.3g}/16")
        return [*facts, f"grid {cursor.grid}"]

    @staticmethod
    def _margin(view: View) -> Row:
        return Row().add(view.glyphs.divider, "faint").add(" ")

    def _legend(self, view: View) -> list[Row]:
        """The rate that each digit paints, where the bass has the whole screen."""
        if not view.full or view.cursor is None or view.part is not Part.BASS:
            return []
        row = self._margin(view).add("digits".rjust(_LABEL - 1), "faint").add(" ")
        for digit, rate in (*enumerate(PAINTED_RATES, 1), (0, "none")):
            row.add(f" {digit}", "accent").add(f" {rate}", "muted")
        return [row]

    def _ruler(self, view: View, span: Span) -> Row:
        row = self._margin(view).pad(_MARGIN + _LABEL)
        first = view.song.start_bars()[view.section] + 1
        take, glyphs = view.selected_section.cell(view.part).take, view.glyphs
        kept, edited = (take.kept, take.edited) if take is not None else ((), ())
        marked = view.cursor.marked if view.cursor is not None else None
        harmony: Harmony = ((), ()) if view.part is Part.DRUMS else harmony_of(view.song, view.section)
        for bar in range(span.first_bar, span.first_bar + span.bars):
            start = row.width
            number = str(first + bar)
            here = bar == view.bar
            label = f"{glyphs.playhead if here else ' '}"
            label += f"{glyphs.left_lock}{number}{glyphs.right_lock}" if bar in kept else number
            is_marked = marked is not None and marked[0] <= bar <= marked[1]
            signs = (glyphs.pen if bar in edited else "", glyphs.pointer if is_marked else "")
            label += "".join(f" {sign}" for sign in signs if sign and span.columns >= USUAL_COLUMNS)
            row.add(label, "accent" if is_marked or here else "muted")
            for half, name in enumerate(bar_names(harmony, bar)):
                at = max(row.width + 1, start + 1 + half * span.columns // 2)
                if at + len(name) <= start + span.columns:
                    row.pad(at).add(name)
            row.pad(start + span.columns + 1)
        heard = view.heard
        if heard is not None and heard.section == view.section:
            bar, step = divmod(heard.tick // span.step_ticks, span.columns)
            if 0 <= bar - span.first_bar < span.bars:
                column = _MARGIN + _LABEL + (bar - span.first_bar) * (span.columns + 1) + 1 + step
                row.put(column, view.glyphs.heard, "good strong")
        return row

    def _row(self, view: View, line: Line, span: Span) -> Row:
        row = self._margin(view).add(line.label.rjust(_LABEL - 1)[: _LABEL - 1], line.label_paint).add(" ")
        for bar in range(span.bars):
            row.add(view.glyphs.bar, "faint")
            for character, paint in line.characters[bar * span.columns : (bar + 1) * span.columns]:
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
