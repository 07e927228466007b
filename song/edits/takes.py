"""Edits of cells, their takes and a section's length, each a function from song to song.

Constraints are edited in `song.edits.constraints`, the notes of a take in `song.edits.notes`; undo is in
`song.edits.history`.
"""

import msgspec

from song.errors import UserError
from song.limits import MAX_BARS
from song.notes import Phrase, cut_overlaps
from song.parts import Part
from song.sections import Cell, Cells, Section, Song, Take
from song.time import TICKS_PER_BAR


def replace_section(song: Song, index: int, section: Section) -> Song:
    """The song with another section in that place."""
    sections = (*song.sections[:index], section, *song.sections[index + 1 :])
    return msgspec.structs.replace(song, sections=sections)


def replace_cell(song: Song, index: int, part: Part, cell: Cell) -> Song:
    """The song with another cell in that place."""
    section = song.sections[index]
    cells: Cells = msgspec.structs.replace(section.cells, **{part.value: cell})
    return replace_section(song, index, msgspec.structs.replace(section, cells=cells))


def chosen_alone(song: Song) -> Song:
    """The song with no other takes than those that sound."""
    sections = []
    for section in song.sections:
        takes = {part.value: section.cell(part).take for part in Part}
        cells = {name: Cell() if take is None else Cell((take,), 0) for name, take in takes.items()}
        sections.append(msgspec.structs.replace(section, cells=Cells(**cells)))
    return msgspec.structs.replace(song, sections=tuple(sections))


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


def fit_take(take: Take, bars: int) -> Take:
    """The take cut to so many bars, or lengthened with silence."""
    edited, kept = (tuple(bar for bar in marked if bar < bars) for marked in (take.edited, take.kept))
    return msgspec.structs.replace(take, phrase=fit_phrase(take.phrase, bars), edited=edited, kept=kept)


def add_takes(song: Song, index: int, part: Part, takes: tuple[Take, ...], chosen: int = 0) -> Song:
    """The song with new takes in a cell, one of them sounding; older takes are kept.

    A take of another length, sampled before the section's bars were changed, is fitted.

    Args:
        chosen: index among the new takes.

    Raises:
        UserError: where the cell is locked.
    """
    cell = song.sections[index].cell(part)
    if cell.locked:
        raise UserError("the cell is locked: unlock it first")
    new = _fit_cell(Cell(takes), song.sections[index].bars).takes
    return replace_cell(song, index, part, Cell((*cell.takes, *new), len(cell.takes) + chosen))


def choose_take(song: Song, index: int, part: Part, chosen: int) -> Song:
    """The song with another of a cell's takes sounding.

    Args:
        chosen: index of the take, from 0.

    Raises:
        UserError: where the cell is locked or has no such take.
    """
    cell = song.sections[index].cell(part)
    if cell.locked:
        raise UserError("the cell is locked: unlock it first")
    if not 0 <= chosen < len(cell.takes):
        raise UserError(f"the cell has {len(cell.takes)} takes: there is no take {chosen + 1}")
    return replace_cell(song, index, part, msgspec.structs.replace(cell, chosen=chosen))


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
    takes = tuple(take if take.phrase.bars == bars else fit_take(take, bars) for take in cell.takes)
    return msgspec.structs.replace(cell, takes=takes)
