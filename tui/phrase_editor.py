"""The cursor in a phrase that is edited by hand, and what the editing keys do to what is there.

Knows no widget. What is chosen comes first, then what is done with it: the marked bars where there are any, else the
note under the cursor.
"""

from song.drums import DRUM_ROWS, SNARE
from song.edits.clips import Clip, copied_bars, pasted, repeated, without_bars
from song.edits.notes import (
    PhraseEdit,
    add_note,
    edit_phrase,
    humanize,
    lengthen,
    louder,
    move,
    note_at,
    notes_in,
    paint_wobble,
    quantize,
    remove_notes,
    set_kept,
    toggle_hit,
    transpose,
)
from song.edits.reshaping import at_other_speed, legato, mirrored, with_depth, with_next_shape
from song.errors import UserError
from song.notes import Note, Phrase
from song.parts import PART_SPECS, PARTS, Part
from song.time import TICKS_PER_BAR, TICKS_PER_QUARTER, ticks_to_bar
from tui.view import Cursor
from tui.workspace import Workspace

GRIDS: tuple[tuple[str, int], ...] = (("1/16", 24), ("1/8T", 32), ("1/16T", 16), ("1/32", 12), ("1/8", 48))
"""Steps of the cursor: the name of each, and its ticks."""

_FIRST_PITCHES = {Part.DRUMS: SNARE, Part.BASS: 41, Part.CHORDS: 60, Part.LEAD: 72}
_NEW_VELOCITY = 100
_ROWS = [row.new_hit for row in DRUM_ROWS]


class PhraseEditor:
    """The cursor in the selected cell's phrase, and edits at it."""

    def __init__(self, workspace: Workspace) -> None:
        self._work = workspace
        self._tick = 0
        self._pitches = dict(_FIRST_PITCHES)
        self._grid = 0
        self._anchor: int | None = None
        self._velocity = _NEW_VELOCITY
        self._humanized = 0
        self._folded = False

    @property
    def cursor(self) -> Cursor:
        """The cursor's place and grid, the marked bars, and the note that is there."""
        name, ticks = GRIDS[self._grid]
        return Cursor(self.tick, self.pitch, name, ticks, self.marked, self.note(), self._folded)

    @property
    def tick(self) -> int:
        """The cursor's tick, within the section."""
        end = self._work.selected_section.length_ticks
        return min(self._tick, end - self.step_ticks)

    @property
    def pitch(self) -> int:
        """The cursor's pitch, or drum."""
        return self._pitches[self._work.part]

    @property
    def step_ticks(self) -> int:
        """Ticks in a step of the cursor."""
        return GRIDS[self._grid][1]

    @property
    def marked(self) -> tuple[int, int] | None:
        """The first and the last of the marked bars, from 0."""
        if self._anchor is None:
            return None
        last = self._work.selected_section.bars - 1
        ends = sorted((min(self._anchor, last), ticks_to_bar(self.tick)))
        return ends[0], ends[1]

    def chosen_bars(self) -> tuple[int, ...]:
        """The marked bars, or the cursor's."""
        marked = self.marked
        return tuple(range(marked[0], marked[1] + 1)) if marked is not None else (ticks_to_bar(self.tick),)

    def begin(self) -> None:
        """Start editing at the selected bar, at its first note where it has one."""
        self._anchor = None
        bar = self._work.bar
        self._go(bar * TICKS_PER_BAR)
        notes = notes_in(self._phrase(), {bar})
        if notes:
            self._go(self._on_grid(notes[0].onset_tick))
            self._pitches[self._work.part] = self._row_pitch(notes[0].pitch)

    def go_to(self, tick: int, pitch: int) -> None:
        """Move to a place of the phrase."""
        self._go(self._on_grid(tick))
        self._pitches[self._work.part] = self._row_pitch(pitch)

    def move(self, steps: int, rows: int) -> None:
        """Move by steps of the grid, and by semitones or drums, upwards being above 0."""
        end = self._work.selected_section.length_ticks
        self._go(min(max(0, self._on_grid(self.tick) + steps * self.step_ticks), end - self.step_ticks))
        part = self._work.part
        if part is Part.DRUMS:
            row = _ROWS.index(self.pitch) - rows
            self._pitches[part] = _ROWS[min(max(0, row), len(_ROWS) - 1)]
        elif self._folded and abs(rows) == 1:
            used = sorted({self.pitch, *(note.pitch for note in self._phrase().notes)})
            self._pitches[part] = used[min(max(0, used.index(self.pitch) + rows), len(used) - 1)]
        else:
            spec = PART_SPECS[part]
            self._pitches[part] = min(max(spec.low, self.pitch + rows), spec.high)

    def move_bars(self, bars: int) -> None:
        """Move by bars, as far as there are some."""
        last = self._work.selected_section.bars - 1
        bar = min(max(0, ticks_to_bar(self.tick) + bars), last)
        self._go(bar * TICKS_PER_BAR + self.tick % TICKS_PER_BAR)

    def next_grid(self) -> str:
        """Step by another length of note; returns its name."""
        self._grid = (self._grid + 1) % len(GRIDS)
        self._go(self._on_grid(self._tick))
        return GRIDS[self._grid][0]

    def fold(self) -> bool:
        """Give rows to the pitches in use alone, or to all; returns whether it is so now."""
        self._folded = not self._folded
        return self._folded

    def mark(self) -> bool:
        """Start marking bars here, or mark none; returns whether some are marked now."""
        self._anchor = ticks_to_bar(self.tick) if self._anchor is None else None
        return self._anchor is not None

    def note(self) -> Note | None:
        """The note under the cursor: one that starts in its step, else one that sounds."""
        phrase, part = self._phrase(), self._work.part
        pitches = self._row(self.pitch) if part is Part.DRUMS else {self.pitch}
        starting = [
            note
            for note in phrase.notes
            if note.pitch in pitches and self.tick <= note.onset_tick < self.tick + self.step_ticks
        ]
        if starting or part is Part.DRUMS:
            return starting[0] if starting else None
        return note_at(phrase, self.tick, self.pitch)

    def toggle(self) -> None:
        """Put a note at the cursor, or take away the one that is there.

        Raises:
            UserError: where the cell is locked, or the part plays as many notes at once already.
        """
        part, there = self._work.part, self.note()
        if there is not None:
            self._edit(lambda phrase: remove_notes(phrase, [there]))
        elif part is Part.DRUMS:
            self._edit(lambda phrase: toggle_hit(phrase, part, self.tick, self.pitch, self._velocity))
        else:
            new = Note(self.tick, self.pitch, self.step_ticks, self._velocity)
            self._edit(lambda phrase: add_note(phrase, part, new))

    def remove(self) -> None:
        """Take away the chosen notes.

        Raises:
            UserError: where there are none, or the cell is locked.
        """
        chosen = self.chosen()
        self._edit(lambda phrase: remove_notes(phrase, chosen))

    def transpose(self, semitones: int) -> None:
        """Move the chosen notes up or down, drums from row to row; the cursor goes with them.

        Raises:
            UserError: where there are none, or they would leave the part's range.
        """
        chosen, part = self.chosen(), self._work.part
        if part is Part.DRUMS:
            raise UserError("drums have no pitch: {notes.toggle} puts a hit into another row")
        self._edit(lambda phrase: transpose(phrase, part, chosen, semitones))
        if self.marked is None:
            self.move(0, semitones)

    def shift(self, steps: int) -> None:
        """Move the chosen notes later or earlier; the cursor goes with them.

        Raises:
            UserError: where there are none, or they would leave the section.
        """
        chosen, ticks = self.chosen(), steps * self.step_ticks
        self._edit(lambda phrase: move(phrase, chosen, ticks))
        if self.marked is None:
            self.move(steps, 0)

    def resize(self, steps: int) -> None:
        """Make the chosen notes longer or shorter.

        Raises:
            UserError: where there are none, or they go no further.
        """
        chosen = self.chosen()
        self._edit(lambda phrase: lengthen(phrase, chosen, steps * self.step_ticks))

    def louder(self, change: int) -> None:
        """Make the chosen notes louder or softer; new notes are as loud as the last one.

        Raises:
            UserError: where there are none, or they go no further.
        """
        chosen = self.chosen()
        self._edit(lambda phrase: louder(phrase, chosen, change))
        if self.marked is None:
            self._velocity = min(127, max(1, chosen[0].velocity + change))

    def humanize(self) -> None:
        """Play the notes of the chosen bars less evenly, each time otherwise.

        Raises:
            UserError: where there are none.
        """
        self._humanized += 1
        notes, seed = self._bar_notes(), self._humanized
        self._edit(lambda phrase: humanize(phrase, notes, seed))

    def quantize(self, strength: float = 1.0) -> None:
        """Put the notes of the chosen bars on the cursor's grid, or nearer to it.

        Args:
            strength: the share of the way that they go, above 0 to 1.

        Raises:
            UserError: where there are none, or they are on it already.
        """
        notes, part, grid = self._bar_notes(), self._work.part, self.step_ticks
        self._edit(lambda phrase: quantize(phrase, part, notes, grid, strength), "they are on the grid already")

    def legato(self) -> None:
        """Hold the notes of the chosen bars until the next ones.

        Raises:
            UserError: where there are none, or they are held already.
        """
        notes = self._bar_notes()
        self._edit(lambda phrase: legato(phrase, notes), "they are held already")

    def mirror(self) -> None:
        """Turn the chosen bars from back to front.

        Raises:
            UserError: where there is no note, or they are the same both ways.
        """
        notes, part, stretch = self._bar_notes(), self._work.part, self._bars_stretch()
        self._edit(lambda phrase: mirrored(phrase, part, notes, *stretch), "it is the same both ways")

    def change_speed(self, *, faster: bool) -> None:
        """Play the notes of the chosen bars twice as fast, and twice; or half as fast, the first half of them.

        Raises:
            UserError: where there is none, or they are as short as notes are.
        """
        notes, stretch = self._bar_notes(), self._bars_stretch()
        self._edit(lambda phrase: at_other_speed(phrase, notes, *stretch, faster=faster))

    def copy(self) -> Clip:
        """The chosen bars, to be put in elsewhere.

        Raises:
            UserError: where they are empty.
        """
        bars = self.chosen_bars()
        return copied_bars(self._phrase(), self._work.part, bars[0], len(bars))

    def cut(self) -> Clip:
        """The chosen bars, which are empty then.

        Raises:
            UserError: where they are empty already, or the cell is locked.
        """
        clip, bars = self.copy(), self.chosen_bars()
        self._edit(lambda phrase: without_bars(phrase, bars))
        return clip

    def paste(self, clip: Clip) -> None:
        """Put a clip in from the cursor's bar on, in place of what is there.

        Raises:
            UserError: where the part cannot play it, the cell is locked, or the same stands there already.
        """
        part, tick = self._work.part, self.chosen_bars()[0] * TICKS_PER_BAR
        self._edit(lambda phrase: pasted(phrase, part, clip, tick), "it is so already")

    def repeat(self) -> None:
        """Put the chosen bars once more behind themselves; the cursor goes there.

        Raises:
            UserError: where they are empty, or the section ends with them.
        """
        part, bars = self._work.part, self.chosen_bars()
        self._edit(lambda phrase: repeated(phrase, part, bars[0], len(bars)), "it is so already")
        self._anchor = None
        self._go((bars[-1] + 1) * TICKS_PER_BAR)

    def deepen(self, change: float) -> None:
        """Make the wobbles of the marked bars, or of the cursor's beat, deeper or shallower.

        Raises:
            UserError: where there is no wobble, or it goes no further.
        """
        start, end = self._lane_stretch()
        self._edit(lambda phrase: with_depth(phrase, start, end, change))

    def next_shape(self) -> str:
        """Give the wobbles of the marked bars, or of the cursor's beat, the next shape; returns its name.

        Raises:
            UserError: where there is no wobble.
        """
        start, end = self._lane_stretch()
        self._edit(lambda phrase: with_next_shape(phrase, start, end))
        return next(one.shape for one in self._phrase().wobbles if one.end_tick > start)

    def paint(self, rate: str | None) -> None:
        """Give the marked bars, or the cursor's beat, a wobble rate or none; the cursor goes on to the next beat.

        Raises:
            UserError: where the part is not the bass.
        """
        self._check_bass()
        asked = self._work.selected_section.constraints.wobble
        start, end = self._stretch()
        depth, shape = asked.depth or 1.0, asked.shape
        self._edit(lambda phrase: paint_wobble(phrase, start, end, rate, depth, shape, join=True), "it is so already")
        if self.marked is None:
            self._go(min(end, self._work.selected_section.length_ticks - self.step_ticks))

    def toggle_kept(self) -> bool:
        """Keep the chosen bars from fills, or free them; returns whether they are kept now.

        Raises:
            UserError: where the cell is empty.
        """
        work, bars = self._work, self.chosen_bars()
        take = work.selected_section.cell(work.part).take
        kept = take is None or not set(bars) <= set(take.kept)
        work.edit(lambda song: set_kept(song, work.section, work.part, bars, kept))
        return kept

    def chosen(self) -> tuple[Note, ...]:
        """The notes of the marked bars, or the one under the cursor.

        Raises:
            UserError: where there are none.
        """
        if self.marked is not None:
            return self._bar_notes()
        note = self.note()
        if note is None:
            raise UserError("there is no note here: {notes.toggle} puts one, {notes.mark} marks bars")
        return (note,)

    def _bar_notes(self) -> tuple[Note, ...]:
        notes = notes_in(self._phrase(), self.chosen_bars())
        if not notes:
            raise UserError("there is no note in these bars")
        return notes

    def _check_bass(self) -> None:
        if self._work.part is not Part.BASS:
            raise UserError("the wobble is the bass's: choose the bass first")

    def _lane_stretch(self) -> tuple[int, int]:
        self._check_bass()
        start, end = self._stretch()
        if not any(one.onset_tick < end and one.end_tick > start for one in self._phrase().wobbles):
            raise UserError("there is no wobble here: a digit paints one")
        return start, end

    def _bars_stretch(self) -> tuple[int, int]:
        bars = self.chosen_bars()
        return bars[0] * TICKS_PER_BAR, (bars[-1] + 1) * TICKS_PER_BAR

    def _stretch(self) -> tuple[int, int]:
        if self.marked is not None:
            return self.marked[0] * TICKS_PER_BAR, (self.marked[1] + 1) * TICKS_PER_BAR
        start = self.tick // TICKS_PER_QUARTER * TICKS_PER_QUARTER
        return start, start + TICKS_PER_QUARTER

    def _go(self, tick: int) -> None:
        """Go to a tick; its bar is the selected one from then on."""
        self._tick = tick
        self._work.select(self._work.section, bar=ticks_to_bar(self.tick))

    def _edit(self, edit: PhraseEdit, otherwise: str = "it goes no further") -> None:
        work = self._work
        before = work.song
        work.edit(lambda song: edit_phrase(song, work.section, work.part, edit))
        if work.song is before:
            raise UserError(otherwise)

    def _phrase(self) -> Phrase:
        section = self._work.selected_section
        return section.cell(self._work.part).phrase or Phrase(section.bars)

    def _on_grid(self, tick: int) -> int:
        return tick // self.step_ticks * self.step_ticks

    def _row_pitch(self, pitch: int) -> int:
        if self._work.part is not Part.DRUMS:
            return pitch
        return next((row.new_hit for row in DRUM_ROWS if pitch in row.pitches), _FIRST_PITCHES[Part.DRUMS])

    @staticmethod
    def _row(pitch: int) -> frozenset[int]:
        return next(row.pitches for row in DRUM_ROWS if pitch in row.pitches)


def next_ghost(ghost: Part | None, part: Part) -> Part | None:
    """The part to be seen behind another after this one: the others in turn, then none."""
    others: list[Part | None] = [None, *(one for one in PARTS if one is not part)]
    return others[(others.index(ghost) + 1) % len(others)] if ghost in others else others[1]
