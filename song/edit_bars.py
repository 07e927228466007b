"""Edits that carry bars from one phrase to another: a copied phrase, bars kept by a fill, a variation of a section."""

from collections.abc import Collection

import msgspec

from song.edit import add_takes, fit_take
from song.edit_notes import notes_in, paint_wobble
from song.errors import UserError
from song.notes import Note, Phrase, Wobble, cut_overlaps
from song.parts import PART_SPECS, PARTS, Part
from song.sections import Song, Take
from song.time import TICKS_PER_BAR, bars_to_ticks

VARIATION_GROUP_BARS = 4
VARIATION_KEEPS = {Part.DRUMS: 3, Part.BASS: 2, Part.CHORDS: 3, Part.LEAD: 2}
"""Of every four bars, how many a variation keeps, from the first: the drums but their fill, half of bass and lead."""


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

    Raises:
        UserError: where the cell is locked.
    """
    bars = song.sections[index].bars
    copy = fit_take(msgspec.structs.replace(take, phrase=repeat_phrase(take.phrase, bars)), bars)
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
    others = set(range(take.phrase.bars)) - bars
    notes = sorted((*notes_in(before.phrase, bars), *notes_in(take.phrase, others)))
    if PART_SPECS[part].polyphony == 1:
        notes = _one_at_a_time(notes)
    phrase = Phrase(take.phrase.bars, cut_overlaps(tuple(notes), take.phrase.length_ticks), take.phrase.wobbles)
    for first, last in _runs(bars):
        phrase = _with_wobbles_of(before.phrase, phrase, first * TICKS_PER_BAR, (last + 1) * TICKS_PER_BAR)
    edited, still_kept = (tuple(bar for bar in marked if bar in bars) for marked in (before.edited, before.kept))
    return msgspec.structs.replace(take, phrase=phrase, edited=edited, kept=still_kept)


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


def copy_section_takes(song: Song, source: int, index: int) -> Song:
    """The song with the sounding takes of one section copied into another; locked cells are passed over."""
    for part in PARTS:
        take = song.sections[source].cell(part).take
        if take is not None and not song.sections[index].cell(part).locked:
            song = paste_take(song, index, part, take)
    return song


def variation_bars(part: Part, bars: int) -> tuple[int, ...]:
    """The bars, from 0, that a variation keeps of so many."""
    return tuple(bar for bar in range(bars) if bar % VARIATION_GROUP_BARS < VARIATION_KEEPS[part])


def _one_at_a_time(notes: list[Note]) -> list[Note]:
    cut = []
    for index, note in enumerate(notes):
        room = notes[index + 1].onset_tick - note.onset_tick if index + 1 < len(notes) else note.duration_ticks
        if room > 0:
            cut.append(msgspec.structs.replace(note, duration_ticks=min(note.duration_ticks, room)))
    return cut


def _runs(bars: Collection[int]) -> list[tuple[int, int]]:
    """Bars that follow one another, as (first, last)."""
    runs: list[tuple[int, int]] = []
    for bar in sorted(bars):
        if runs and runs[-1][1] == bar - 1:
            runs[-1] = (runs[-1][0], bar)
        else:
            runs.append((bar, bar))
    return runs


def _with_wobbles_of(source: Phrase, phrase: Phrase, start: int, end: int) -> Phrase:
    """The phrase with the wobbles that another has between two ticks, and no others there."""
    phrase = paint_wobble(phrase, start, end, None, 0, "")
    for wobble in source.wobbles:
        first, last = max(start, wobble.onset_tick), min(end, wobble.end_tick)
        if first < last:
            phrase = paint_wobble(phrase, first, last, wobble.rate, wobble.depth, wobble.shape)
    return phrase
