"""The view that the widgets draw: one frozen value, made anew whenever something of it changes."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from model.protocol import CellRef
from song.notes import Note, Phrase
from song.parts import Part
from song.sections import CellKey, Section, Song
from tui.glyphs import UNICODE, Glyphs


class EngineState(StrEnum):
    """States of the engine, in the order of `Glyphs.states`."""

    STARTING = "starting"
    WARMING = "warming"
    READY = "ready"
    RESTARTING = "restarting"
    DEAD = "down"


class EngineStatus(msgspec.Struct, frozen=True):
    """The engine's state, what it runs on once that is known, why it ended where it did, and whether it is silent."""

    state: EngineState = EngineState.STARTING
    device: str = ""
    reason: str = ""
    silent: bool = False


class Draft(msgspec.Struct, frozen=True):
    """The bars and notes that have arrived of a cell that is being written."""

    bars_done: int = 0
    notes: tuple[Note, ...] = ()


class Writing(msgspec.Struct, frozen=True):
    """The cells that the engine was asked for and has not finished.

    Attributes:
        queued: cells of which nothing has arrived.
        drafts: cells of which something has.
        done: cells finished since there was last nothing to do.
        current: the cell that something arrived of last.
        seconds_left: how long it will take, where that can be told.
    """

    queued: frozenset[CellRef] = frozenset()
    drafts: dict[CellRef, Draft] = {}
    done: int = 0
    current: CellRef | None = None
    seconds_left: float | None = None

    @property
    def busy(self) -> bool:
        """True while anything is outstanding."""
        return bool(self.queued or self.drafts)

    @property
    def total(self) -> int:
        """Cells finished and outstanding."""
        return self.done + len(self.queued) + len(self.drafts)

    def covers(self, cell: CellRef) -> bool:
        """True where a cell is outstanding."""
        return cell in self.queued or cell in self.drafts


class Outstanding(msgspec.Struct, frozen=True):
    """The same as `Writing`, with cells by their sections' ids: it holds while sections are moved about."""

    queued: frozenset[CellKey] = frozenset()
    drafts: dict[CellKey, Draft] = {}
    done: int = 0
    current: CellKey | None = None
    seconds_left: float | None = None

    @property
    def busy(self) -> bool:
        """True while anything is outstanding."""
        return bool(self.queued or self.drafts)

    def placed(self, song: Song) -> Writing:
        """The same by where the cells stand in a song; those whose section is gone are left out."""
        if not self.busy:
            return Writing(done=self.done)
        places = {section.id: index for index, section in enumerate(song.sections)}
        drafts = {
            CellRef(places[key.section_id], key.part): d for key, d in self.drafts.items() if key.section_id in places
        }
        return Writing(
            placed_cells(self.queued, song),
            drafts,
            self.done,
            next(iter(placed_cells([self.current], song)), None) if self.current is not None else None,
            self.seconds_left,
        )


def placed_cells(keys: Iterable[CellKey], song: Song) -> frozenset[CellRef]:
    """Where cells stand in a song; those whose section is gone are left out."""
    places = {section.id: index for index, section in enumerate(song.sections)}
    return frozenset(CellRef(places[key.section_id], key.part) for key in keys if key.section_id in places)


def cell_key(song: Song, cell: CellRef) -> CellKey:
    """The key of a cell of a song."""
    return CellKey(song.sections[cell.section].id, cell.part)


class Cursor(msgspec.Struct, frozen=True):
    """The cursor while notes are edited.

    Attributes:
        tick: from the section's start.
        pitch: MIDI pitch, or drum.
        grid: name of the length of a step.
        step_ticks: that length.
        marked: the first and the last of the marked bars, from 0.
        note: the note that is there.
        folded: whether the pitches in use alone have rows.
    """

    tick: int
    pitch: int
    grid: str
    step_ticks: int
    marked: tuple[int, int] | None = None
    note: Note | None = None
    folded: bool = False


class Heard(msgspec.Struct, frozen=True):
    """The place that is heard.

    Attributes:
        section: index of the section.
        tick: from its start.
    """

    section: int
    tick: int


class View(msgspec.Struct, frozen=True):
    """Everything that is on the main screen.

    Attributes:
        song: the song as it is.
        section, part: the selected cell.
        field: id of the constraint that the change keys act on, of `tui.fields.FIELDS`.
        writing: what is being written.
        failed: cells whose last fill came to nothing.
        engine: the engine's status.
        saved: whether the song is as its file has it.
        in_file: whether it has a file.
        file_name: its file's name, or what to say in its stead, and what stands in the way of writing it.
        note: the last thing to tell the user.
        glyphs: the characters to draw with.
        bar: where one stands in the selected section: its bar, from 0.
        sounding: index of the selected cell's take that sounds, while another is looked at: `song` has that one then.
        cursor: where one stands in the phrase, while it is edited.
        ghost: the part whose onsets are shown under the phrase.
        columns: of a bar of the phrase, as it is zoomed.
        full: whether the phrase has the whole screen.
        heard: the place that is heard, while something plays.
    """

    song: Song
    section: int = 0
    part: Part = Part.DRUMS
    field: str = "bars"
    writing: Writing = Writing()
    failed: frozenset[CellRef] = frozenset()
    engine: EngineStatus = EngineStatus()
    saved: bool = True
    in_file: bool = False
    file_name: str = "no file yet"
    note: str = ""
    glyphs: Glyphs = UNICODE
    bar: int = 0
    sounding: int | None = None
    cursor: Cursor | None = None
    ghost: Part | None = None
    columns: int = 16
    full: bool = False
    heard: Heard | None = None

    @property
    def cell_ref(self) -> CellRef:
        """The selected cell's place."""
        return CellRef(self.section, self.part)

    @property
    def selected_section(self) -> Section:
        """The selected section."""
        return self.song.sections[self.section]

    def phrase_of(self, cell: CellRef) -> Phrase | None:
        """The music to show in a cell: what is arriving, else the take that sounds."""
        section = self.song.sections[cell.section]
        draft = self.writing.drafts.get(cell)
        if draft is not None:
            return Phrase(section.bars, draft.notes)
        return section.cell(cell.part).phrase
