"""Edits as functions from a song to a song, and the history that undo walks along."""

from collections.abc import Callable
from typing import Any

import msgspec

from song.errors import UserError
from song.notes import RATES, SHAPES, Phrase, cut_overlaps
from song.parts import PARTS, Part
from song.scales import parse_key
from song.sections import (
    MAX_BARS,
    Cell,
    Cells,
    Constraints,
    Density,
    Section,
    Song,
    Take,
    WobbleRange,
    renumber_sections,
)
from song.time import MAX_TEMPO_BPM, MIN_TEMPO_BPM, TICKS_PER_BAR

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


def set_tempo(song: Song, index: int, start_bpm: float, end_bpm: float) -> Song:
    """The song with a section's tempo changed; a ramp where the two differ.

    Args:
        start_bpm: tempo of the section's first quarter, 40-300 quarters a minute.
        end_bpm: tempo of its last quarter, 40-300.

    Raises:
        UserError: for a tempo outside 40-300.
    """
    for bpm in (start_bpm, end_bpm):
        if not MIN_TEMPO_BPM <= bpm <= MAX_TEMPO_BPM:
            raise UserError(f"a tempo is {MIN_TEMPO_BPM:g} to {MAX_TEMPO_BPM:g} BPM, not {bpm:g}")
    return set_constraints(song, index, tempo_bpm=(float(start_bpm), float(end_bpm)))


def set_density(song: Song, index: int, part: Part, density: float) -> Song:
    """The song with one part of a section busier or calmer.

    Args:
        density: 0-1, both inclusive; 0 is silence.

    Raises:
        UserError: for a density outside 0-1.
    """
    if not 0 <= density <= 1:
        raise UserError(f"a density is 0 to 1, not {density:g}")
    densities = msgspec.structs.replace(song.sections[index].constraints.density, **{part.value: density})
    return set_constraints(song, index, density=densities)


def shift_density(song: Song, index: int, change: float) -> Song:
    """The song with every part of a section busier or calmer by as much, each held within 0-1.

    Parts that are silent stay silent, unless all of them are.

    Args:
        change: -1 to 1.
    """
    before = song.sections[index].constraints.density
    playing = [part for part in PARTS if before.of(part) > 0] or list(PARTS)
    shifted = {part.value: round(min(1.0, max(0.0, before.of(part) + change)), 4) for part in playing}
    after: Density = msgspec.structs.replace(before, **shifted)
    return set_constraints(song, index, density=after)


def set_wobble(song: Song, index: int, **changes: Any) -> Song:
    """The song with what a section's bass filter may do changed; the names are the fields of `WobbleRange`.

    Raises:
        UserError: for a rate or a shape that is not known, or a depth outside 0-1.
    """
    wobble: WobbleRange = msgspec.structs.replace(song.sections[index].constraints.wobble, **changes)
    for rate in wobble.rates:
        if rate not in RATES:
            raise UserError(f'"{rate}" is not a wobble rate: use {", ".join(RATES)}')
    if wobble.shape not in SHAPES:
        raise UserError(f'"{wobble.shape}" is not a wobble shape: use one of {", ".join(SHAPES)}')
    if not 0 <= wobble.depth <= 1:
        raise UserError(f"a wobble's depth is 0 to 1, not {wobble.depth:g}")
    return set_constraints(song, index, wobble=wobble)


def set_key(song: Song, index: int, key: str | None) -> Song:
    """The song with a key for one section alone, or with none, so that the song's key holds there.

    Raises:
        UserError: for a key that `song.scales.parse_key` does not know.
    """
    return set_constraints(song, index, key=None if key is None else str(parse_key(key)))


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


class History(msgspec.Struct, frozen=True):
    """The songs before and after the present one. A song shares what an edit left alone, so this costs little.

    Attributes:
        last_id: the highest id that a section has had, in songs that nothing leads back to as well; 0 for that of the
            present song.
    """

    present: Song
    past: tuple[Song, ...] = ()
    future: tuple[Song, ...] = ()
    last_id: int = 0

    def after(self, edit: Edit) -> "History":
        """The history once an edit is made; an edit that changes nothing leaves no trace.

        Sections that are new get ids that none has had: what is still being written for one that was removed would
        come to them otherwise.
        """
        song, last_id = self._edited(edit)
        return self if song == self.present else History(song, (*self.past, self.present), (), last_id)

    def amended(self, edit: Edit) -> "History":
        """The history with its last edit carried further: undoing takes both back in one step.

        Where there is no last edit, the same as `after`.
        """
        if not self.past:
            return self.after(edit)
        song, last_id = self._edited(edit)
        return self if song == self.present else History(song, self.past, (), last_id)

    def _edited(self, edit: Edit) -> tuple[Song, int]:
        known = {section.id for section in self.present.sections}
        last_id = max(self.last_id, *known, 0)
        return renumber_sections(edit(self.present), known, last_id)

    def undone(self) -> "History":
        """One edit back, or the same where there is none."""
        if not self.past:
            return self
        return History(self.past[-1], self.past[:-1], (self.present, *self.future), self.last_id)

    def redone(self) -> "History":
        """One edit forward, or the same where there is none."""
        if not self.future:
            return self
        return History(self.future[0], (*self.past, self.present), self.future[1:], self.last_id)
