"""Edits that carry bars from one phrase to another: a copied phrase, bars kept by a fill, a variation of a section."""

from collections.abc import Collection

import msgspec

from song.edits.takes import add_takes, fit_take, set_locked
from song.errors import UserError
from song.notes import Note, Phrase, Wobble, cut_overlaps, some_bars
from song.parts import PART_SPECS, PARTS, Part
from song.sections import CellKey, Section, Song, Take
from song.time import bars_to_ticks
from song.variation import KEPT_SHARE, borrow, fit_wobbles, kept_bars, merge_bars

_OCTAVE = 12


def repeat_phrase(phrase: Phrase, bars: int) -> Phrase:
    """The phrase repeated, or cut, to fill so many bars."""
    notes: list[Note] = []
    wobbles: list[Wobble] = []
    end = bars_to_ticks(bars)
    for start in range(0, end, phrase.length_ticks):
        stop = min(end, start + phrase.length_ticks)
        for note in phrase.notes:
            onset = note.onset_tick + start
            if onset < stop:
                notes.append(msgspec.structs.replace(note, onset_tick=onset))
        for wobble in phrase.wobbles:
            onset = wobble.onset_tick + start
            if onset < stop:
                length = min(wobble.duration_ticks, stop - onset)
                wobbles.append(msgspec.structs.replace(wobble, onset_tick=onset, duration_ticks=length))
    return Phrase(bars, cut_overlaps(tuple(notes), end), tuple(wobbles))


def paste_take(song: Song, index: int, part: Part, take: Take) -> Song:
    """The song with a take copied into a cell, repeated or cut to its section's bars; the cell's own takes stay.

    No bar of the copy counts as edited or is kept: fills may change it, and the original is where it was.

    Raises:
        UserError: where the cell is locked.
    """
    bars = song.sections[index].bars
    copy = msgspec.structs.replace(take, phrase=repeat_phrase(take.phrase, bars), edited=(), kept=())
    return add_takes(song, index, part, (copy,))


def with_kept_bars(part: Part, take: Take, before: Take, kept: Collection[int]) -> Take:
    """A new take with some bars of the one before: their notes and wobbles, and the marks on them.

    Args:
        part: whose takes they are; where it plays one note at a time, a note ends where the next begins.
        take: the new one.
        before: the old one, of the same bars.
        kept: bars, counted from 0.
    """
    bars = set(kept)
    if not bars:
        return take
    phrase = merge_bars(before.phrase, take.phrase, bars, PART_SPECS[part].polyphony == 1)
    edited, still_kept = (tuple(bar for bar in marked if bar in bars) for marked in (before.edited, before.kept))
    return msgspec.structs.replace(take, phrase=phrase, edited=edited, kept=still_kept)


def add_written(
    song: Song, key: CellKey, takes: tuple[Take, ...], kept: Collection[int] = (), *, though_locked: bool = False
) -> Song:
    """The song with takes of a fill in a cell, fitted to what its section has become since they were asked for.

    What lies outside the section's range of pitches is moved into it by octaves. Bars of the sounding take that were
    to stay are in each of them as they are now, and so are those that were edited or kept since.

    Args:
        key: the cell.
        takes: the best first; it sounds.
        kept: bars that were to stay, from 0.
        though_locked: whether a lock is no reason to refuse; it stays.

    Raises:
        UserError: where the cell is locked, or its section is gone.
    """
    index = song.index_of(key.section_id)
    if index is None:
        raise UserError("it came for a section that is gone")
    section = song.sections[index]
    before = section.cell(key.part).take
    if key.part is not Part.DRUMS:
        low, high = section.constraints.pitch_range(key.part)
        takes = tuple(within_range(take, low, high) for take in takes)
    if before is not None:
        staying = {*kept, *before.kept}
        takes = tuple(with_kept_bars(key.part, fit_take(take, section.bars), before, staying) for take in takes)
    if not (though_locked and section.cell(key.part).locked):
        return add_takes(song, index, key.part, takes)
    unlocked = set_locked(song, index, key.part, False)
    return set_locked(add_takes(unlocked, index, key.part, takes), index, key.part, True)


def within_range(take: Take, low: int, high: int) -> Take:
    """The take with notes outside a range of pitches moved into it by octaves, where two that meet are one.

    Args:
        low, high: both inclusive; an octave or more.
    """

    def folded(note: Note) -> Note:
        pitch = note.pitch
        while pitch < low:
            pitch += _OCTAVE
        while pitch > high:
            pitch -= _OCTAVE
        return msgspec.structs.replace(note, pitch=pitch)

    if all(low <= note.pitch <= high for note in take.phrase.notes):
        return take
    notes = cut_overlaps(tuple(folded(note) for note in take.phrase.notes), take.phrase.length_ticks)
    return msgspec.structs.replace(take, phrase=msgspec.structs.replace(take.phrase, notes=notes))


def variation_source(song: Song, index: int) -> int:
    """The section that one is a variation of: the nearest of its kind with music before it, else the nearest after it.

    Raises:
        UserError: where there is none.
    """
    kind = song.sections[index].kind
    others: list[int] = [*range(index - 1, -1, -1), *range(index + 1, len(song.sections))]
    for other in others:
        section = song.sections[other]
        if section.kind is kind and any(section.cell(part).chosen is not None for part in PARTS):
            return other
    raise UserError(f"there is no other {kind} with music to vary: fill one first")


def copy_section_takes(song: Song, source: Section, section_id: int) -> Song:
    """The song with the sounding takes of one section copied into another, their wobbles as that one asks for them.

    Locked cells are passed over.

    Args:
        source: the section as it is when it is copied, whatever becomes of it.
        section_id: the id of the other.

    Raises:
        UserError: where that is gone.
    """
    index = song.index_of(section_id)
    if index is None:
        raise UserError("there is no such section any more")
    wobble = song.sections[index].constraints.wobble
    for part in PARTS:
        take = source.cell(part).take
        if take is not None and not song.sections[index].cell(part).locked:
            fitted = msgspec.structs.replace(take, phrase=fit_wobbles(take.phrase, wobble))
            song = paste_take(song, index, part, fitted)
    return song


def variation_bars(song: Song, index: int, part: Part) -> tuple[int, ...]:
    """The bars, from 0, that a variation keeps of the take that sounds in a cell: some, where they do what is asked."""
    section, take = song.sections[index], song.sections[index].cell(part).take
    if take is None:
        return ()
    wanted = kept_bars(section.bars, KEPT_SHARE)
    phrase, kept = borrow(take.phrase, wanted, section, part, song.key_of(index), song.style_of(index))
    # A bar that its letter gives other music stays by the first bar of the letter, which a fill repeats.
    return tuple(bar for bar in sorted(kept) if some_bars(phrase, bar, 1).notes == some_bars(take.phrase, bar, 1).notes)
