"""Edits as functions from a song to a song, and the history that undo walks along."""

from collections.abc import Callable
from typing import Any

import msgspec

from song.errors import UserError
from song.notes import Phrase, cut_overlaps
from song.parts import Part
from song.sections import MAX_BARS, Cell, Cells, Constraints, Section, Song, Take
from song.time import TICKS_PER_BAR

Edit = Callable[[Song], Song]


def replace_section(song: Song, index: int, section: Section) -> Song:
    """The song with another section in that place."""
    sections = (*song.sections[:index], section, *song.sections[index + 1 :])
    return msgspec.structs.replace(song, sections=sections)


def replace_cell(song: Song, index: int, part: Part, cell: Cell) -> Song:
    """The song with another cell in that place."""
    section = song.sections[index]
    cells: Cells = msgspec.structs.replace(section.cells, **{part.value: cell})
    return replace_section(song, index, msgspec.structs.replace(section, cells=cells))


def set_constraints(song: Song, index: int, **changes: Any) -> Song:
    """The song with some constraints of a section changed; the names are the fields of `Constraints`."""
    section = song.sections[index]
    constraints: Constraints = msgspec.structs.replace(section.constraints, **changes)
    return replace_section(song, index, msgspec.structs.replace(section, constraints=constraints))


def set_bars(song: Song, index: int, bars: int) -> Song:
    """The song with a section made longer or shorter; takes are cut to the new length, or end in silence.

    Raises:
        UserError: unless bars is 1-128.
    """
    if not 1 <= bars <= MAX_BARS:
        raise UserError(f"a section has 1 to {MAX_BARS} bars, not {bars}")
    section = song.sections[index]
    cells = Cells(**{part.value: _fit_cell(section.cell(part), bars) for part in Part})
    return replace_section(song, index, msgspec.structs.replace(section, bars=bars, cells=cells))


def fit_phrase(phrase: Phrase, bars: int) -> Phrase:
    """The phrase cut to so many bars, or lengthened with silence."""
    end = bars * TICKS_PER_BAR
    notes = tuple(note for note in phrase.notes if note.onset_tick < end)
    wobbles = tuple(
        msgspec.structs.replace(wobble, duration_ticks=min(wobble.duration_ticks, end - wobble.onset_tick))
        for wobble in phrase.wobbles
        if wobble.onset_tick < end
    )
    return Phrase(bars, cut_overlaps(notes, end), wobbles)


def add_takes(song: Song, index: int, part: Part, takes: tuple[Take, ...], chosen: int = 0) -> Song:
    """The song with new takes in a cell, one of them sounding; older takes are kept.

    Args:
        chosen: index among the new takes.

    Raises:
        UserError: where the cell is locked.
    """
    cell = song.sections[index].cell(part)
    if cell.locked:
        raise UserError("the cell is locked: unlock it first")
    return replace_cell(song, index, part, Cell((*cell.takes, *takes), len(cell.takes) + chosen))


def clear_cell(song: Song, index: int, part: Part) -> Song:
    """The song with a cell emptied.

    Raises:
        UserError: where the cell is locked.
    """
    if song.sections[index].cell(part).locked:
        raise UserError("the cell is locked: unlock it first")
    return replace_cell(song, index, part, Cell())


def set_locked(song: Song, index: int, part: Part, locked: bool) -> Song:
    """The song with a cell locked or free."""
    cell = song.sections[index].cell(part)
    return replace_cell(song, index, part, msgspec.structs.replace(cell, locked=locked))


def _fit_cell(cell: Cell, bars: int) -> Cell:
    takes = tuple(msgspec.structs.replace(take, phrase=fit_phrase(take.phrase, bars)) for take in cell.takes)
    return msgspec.structs.replace(cell, takes=takes)


class History(msgspec.Struct, frozen=True):
    """The songs before and after the present one. A song shares what an edit left alone, so this costs little."""

    present: Song
    past: tuple[Song, ...] = ()
    future: tuple[Song, ...] = ()

    def after(self, edit: Edit) -> "History":
        """The history once an edit is made; an edit that changes nothing leaves no trace."""
        song = edit(self.present)
        return self if song == self.present else History(song, (*self.past, self.present))

    def undone(self) -> "History":
        """One edit back, or the same where there is none."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.present, *self.future))

    def redone(self) -> "History":
        """One edit forward, or the same where there is none."""
        if not self.future:
            return self
        return History(self.future[0], (*self.past, self.present), self.future[1:])
