"""Music that a section lost as it was made shorter, given back as it is made longer again."""

from collections.abc import Iterable

import msgspec

from song.edits.takes import fit_phrase, replace_cell
from song.notes import Phrase, cut_overlaps
from song.parts import PARTS
from song.sections import Section, Song, Take
from song.time import bars_to_ticks


def with_tails(after: Song, before: Song, earlier: Iterable[Song]) -> Song:
    """A song after an edit, where each section that grew has the music again that once stood in its new bars.

    Args:
        after: the song after the edit.
        before: the one that was edited.
        earlier: songs before that, the latest first: of each bar the latest in which the section had it counts.
    """
    grown = {
        section.id: was.bars
        for section in after.sections
        if (at := before.index_of(section.id)) is not None and (was := before.sections[at]).bars < section.bars
    }
    for song in earlier if grown else ():
        for section_id in [one for one, bars in grown.items() if _bars(song, one) > bars]:
            index, at = after.index_of(section_id), song.index_of(section_id)
            if index is not None and at is not None:
                longer = song.sections[at]
                after = _lengthened(after, index, longer, grown[section_id])
                # An earlier one may have been longer still.
                grown[section_id] = longer.bars
                if longer.bars >= after.sections[index].bars:
                    del grown[section_id]
        if not grown:
            break
    return after


def _bars(song: Song, section_id: int) -> int:
    at = song.index_of(section_id)
    return 0 if at is None else song.sections[at].bars


def _lengthened(song: Song, index: int, longer: Section, bars: int) -> Song:
    """The song where takes of a section go on as the same takes do in it when it was longer.

    Args:
        song: the song.
        index: the section.
        longer: the section as it was.
        bars: its bars that are known already.
    """
    for part in PARTS:
        cell, full = song.sections[index].cell(part), longer.cell(part)
        takes = tuple(
            _with_tail(take, full.takes[place], bars)
            if place < len(full.takes) and _is_same(take, full.takes[place])
            else take
            for place, take in enumerate(cell.takes)
        )
        if takes != cell.takes:
            song = replace_cell(song, index, part, msgspec.structs.replace(cell, takes=takes))
    return song


def _is_same(take: Take, other: Take) -> bool:
    return (take.seed, take.engine, take.weights) == (other.seed, other.engine, other.weights)


def _with_tail(take: Take, full: Take, bars: int) -> Take:
    """A take with the music of another behind its first bars, and that one's marks there."""
    length = take.phrase.bars
    marks = {
        name: tuple(sorted({*getattr(take, name), *(bar for bar in getattr(full, name) if bars <= bar < length)}))
        for name in ("edited", "kept")
    }
    return msgspec.structs.replace(take, phrase=_joined(take.phrase, full.phrase, bars), **marks)


def _joined(phrase: Phrase, full: Phrase, bars: int) -> Phrase:
    if fit_phrase(phrase, bars) == fit_phrase(full, bars):
        # What was cut at the end sounds on.
        return fit_phrase(full, phrase.bars)
    end = bars_to_ticks(bars)
    tail = fit_phrase(full, phrase.bars)
    notes = (*phrase.notes, *(note for note in tail.notes if note.onset_tick >= end))
    wobbles = (*phrase.wobbles, *(wobble for wobble in tail.wobbles if wobble.onset_tick >= end))
    return Phrase(phrase.bars, cut_overlaps(notes, phrase.length_ticks), tuple(sorted(wobbles)))
