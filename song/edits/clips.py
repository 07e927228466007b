"""Bars of a phrase taken along: copied, cut out, put in elsewhere, repeated. Ticks count from the section's start."""

from collections.abc import Collection
from typing import TypeVar

import msgspec

from song.edits.notes import notes_in, paint_wobble, remove_notes
from song.errors import UserError
from song.notes import Note, Phrase, Wobble, cut_overlaps
from song.parts import PART_SPECS, Part
from song.time import TICKS_PER_BAR

_Event = TypeVar("_Event", Note, Wobble)


class Clip(msgspec.Struct, frozen=True):
    """Music of one part, taken from somewhere.

    Attributes:
        part: whose music it is.
        length_ticks: of the stretch that it was taken from, 1 or more.
        notes: in time order, from tick 0 on.
        wobbles: likewise.
    """

    part: Part
    length_ticks: int
    notes: tuple[Note, ...]
    wobbles: tuple[Wobble, ...] = ()


def copied_bars(phrase: Phrase, part: Part, first_bar: int, bars: int) -> Clip:
    """A clip of some bars: the notes that start there, and their wobbles; what reaches past the end is cut there.

    Args:
        first_bar: from 0.
        bars: 1 or more.

    Raises:
        UserError: where there is neither a note nor a wobble.
    """
    start, length = first_bar * TICKS_PER_BAR, bars * TICKS_PER_BAR
    notes = tuple(_moved(note, -start) for note in notes_in(phrase, range(first_bar, first_bar + bars)))
    wobbles = tuple(
        _moved(wobble, -start) for wobble in _only(phrase, start, start + length).wobbles if part is Part.BASS
    )
    if not notes and not wobbles:
        raise UserError("there is nothing in these bars to take along")
    return Clip(part, length, cut_overlaps(notes, length), wobbles)


def without_bars(phrase: Phrase, bars: Collection[int]) -> Phrase:
    """The phrase with nothing in some bars, counted from 0."""
    emptied = remove_notes(phrase, notes_in(phrase, bars))
    for bar in bars:
        emptied = paint_wobble(emptied, bar * TICKS_PER_BAR, (bar + 1) * TICKS_PER_BAR, None, 0, "")
    return emptied


def pasted(phrase: Phrase, part: Part, clip: Clip, tick: int) -> Phrase:
    """The phrase with a clip from a tick on, in place of what starts there; what does not fit is cut at the end.

    Notes from another part go to the octave in which they fit; drums and pitched parts do not mix.

    Raises:
        UserError: for a clip of drums in a pitched part, or the other way round.
    """
    if (part is Part.DRUMS) is not (clip.part is Part.DRUMS):
        raise UserError(f"these are notes of the {clip.part}: {part} cannot play them")
    end = min(tick + clip.length_ticks, phrase.length_ticks)
    rest = tuple(note for note in phrase.notes if not tick <= note.onset_tick < end)
    new = tuple(
        _moved(note, tick) for note in _in_range(clip.notes, part) if note.onset_tick + tick < phrase.length_ticks
    )
    changed = msgspec.structs.replace(phrase, notes=cut_overlaps((*rest, *new), phrase.length_ticks))
    if part is not Part.BASS or clip.part is not Part.BASS:
        return changed
    changed = paint_wobble(changed, tick, end, None, 0, "")
    for wobble in clip.wobbles:
        if wobble.onset_tick + tick < end:
            stop = min(wobble.end_tick + tick, end)
            changed = paint_wobble(changed, wobble.onset_tick + tick, stop, wobble.rate, wobble.depth, wobble.shape)
    return changed


def repeated(phrase: Phrase, part: Part, first_bar: int, bars: int) -> Phrase:
    """The phrase with some bars once more behind themselves, in place of what stands there.

    Raises:
        UserError: where they are empty, or the section ends with them.
    """
    clip = copied_bars(phrase, part, first_bar, bars)
    behind = first_bar + bars
    if behind >= phrase.bars:
        raise UserError("the section ends here: make it longer, or repeat earlier bars")
    return pasted(phrase, part, clip, behind * TICKS_PER_BAR)


def _only(phrase: Phrase, start_tick: int, end_tick: int) -> Phrase:
    """The phrase without the wobbles before one tick and from another on."""
    kept = paint_wobble(phrase, 0, start_tick, None, 0, "") if start_tick else phrase
    return paint_wobble(kept, end_tick, phrase.length_ticks, None, 0, "") if end_tick < phrase.length_ticks else kept


def _moved(event: _Event, ticks: int) -> _Event:
    return msgspec.structs.replace(event, onset_tick=event.onset_tick + ticks)


def _in_range(notes: tuple[Note, ...], part: Part) -> tuple[Note, ...]:
    """The notes, each by as many octaves away as brings it into the part's range."""
    if part is Part.DRUMS:
        return notes
    spec = PART_SPECS[part]
    found = []
    for note in notes:
        pitch = note.pitch
        while pitch < spec.low:
            pitch += 12
        while pitch > spec.high:
            pitch -= 12
        found.append(msgspec.structs.replace(note, pitch=pitch))
    return tuple(found)
