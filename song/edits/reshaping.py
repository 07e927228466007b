"""Notes and wobbles of a phrase reshaped: legato, mirrored, twice or half as fast; deeper, or of another shape."""

from collections.abc import Callable, Collection
from itertools import pairwise
from typing import Any

import msgspec

from song.edits.notes import paint_wobble
from song.errors import UserError
from song.notes import SHAPES, Note, Phrase, Wobble, cut_overlaps
from song.parts import Part
from song.time import TICKS_PER_BAR, TICKS_PER_STEP


def legato(phrase: Phrase, notes: Collection[Note]) -> Phrase:
    """The phrase with some notes held until the next onset of the phrase; the last until the end of its bar."""
    onsets = sorted({note.onset_tick for note in phrase.notes})
    following = dict(pairwise(onsets))

    def held(note: Note) -> Note:
        bar_end = (note.onset_tick // TICKS_PER_BAR + 1) * TICKS_PER_BAR
        end = following.get(note.onset_tick, min(bar_end, phrase.length_ticks))
        return msgspec.structs.replace(note, duration_ticks=end - note.onset_tick)

    return _with(phrase, notes, tuple(held(note) for note in notes))


def mirrored(phrase: Phrase, part: Part, notes: Collection[Note], start_tick: int, end_tick: int) -> Phrase:
    """The phrase with some notes from back to front: a note begins as long after the start as it ended before the end.

    A hit of a drum counts as a step long, so that it stays on the grid.

    Args:
        part: whose music it is.
        notes: those that start in the stretch.
        start_tick, end_tick: the stretch that is turned round.
    """

    def turned(note: Note) -> Note:
        length = TICKS_PER_STEP if part is Part.DRUMS else note.duration_ticks
        onset = max(start_tick, start_tick + end_tick - note.onset_tick - length)
        return msgspec.structs.replace(note, onset_tick=onset)

    return _with(phrase, notes, tuple(turned(note) for note in notes))


def at_other_speed(phrase: Phrase, notes: Collection[Note], start_tick: int, end_tick: int, *, faster: bool) -> Phrase:
    """The phrase with some notes twice as fast, and heard twice, or half as fast, of which the first half is heard.

    Args:
        notes: those that start in the stretch.
        start_tick, end_tick: the stretch, which stays as long.
        faster: which of the two.

    Raises:
        UserError: where a note would be shorter than a tick.
    """
    half = (end_tick - start_tick) // 2
    if faster and any(note.duration_ticks < 2 for note in notes):
        raise UserError("notes of one tick go no faster")
    changed = []
    for note in notes:
        away = note.onset_tick - start_tick
        if faster:
            quick = msgspec.structs.replace(
                note, onset_tick=start_tick + away // 2, duration_ticks=note.duration_ticks // 2
            )
            changed += [quick, msgspec.structs.replace(quick, onset_tick=quick.onset_tick + half)]
        elif away < half:
            length = min(2 * note.duration_ticks, end_tick - start_tick - 2 * away)
            changed.append(msgspec.structs.replace(note, onset_tick=start_tick + 2 * away, duration_ticks=length))
    return _with(phrase, notes, tuple(changed))


def with_depth(phrase: Phrase, start_tick: int, end_tick: int, change: float) -> Phrase:
    """The phrase whose wobbles are deeper, or shallower, from one tick to another, each held within 0-1."""
    return _with_lane(
        phrase, start_tick, end_tick, lambda one: {"depth": round(min(1.0, max(0.0, one.depth + change)), 3)}
    )


def with_next_shape(phrase: Phrase, start_tick: int, end_tick: int) -> Phrase:
    """The phrase whose wobbles from one tick to another have the shape that follows the first one's in `SHAPES`.

    Raises:
        UserError: where there is none.
    """
    first = next((one for one in phrase.wobbles if one.end_tick > start_tick and one.onset_tick < end_tick), None)
    if first is None:
        raise UserError("there is no wobble here: a digit paints one")
    shape = SHAPES[(SHAPES.index(first.shape) + 1) % len(SHAPES)]
    return _with_lane(phrase, start_tick, end_tick, lambda one: {"shape": shape})


def _with_lane(phrase: Phrase, start_tick: int, end_tick: int, change: Callable[[Wobble], dict[str, Any]]) -> Phrase:
    for wobble in phrase.wobbles:
        start, end = max(wobble.onset_tick, start_tick), min(wobble.end_tick, end_tick)
        if start < end:
            new: Wobble = msgspec.structs.replace(wobble, **change(wobble))
            phrase = paint_wobble(phrase, start, end, new.rate, new.depth, new.shape, join=True)
    return phrase


def _with(phrase: Phrase, notes: Collection[Note], changed: tuple[Note, ...]) -> Phrase:
    gone = set(notes)
    rest = tuple(note for note in phrase.notes if note not in gone)
    return msgspec.structs.replace(phrase, notes=cut_overlaps((*rest, *changed), phrase.length_ticks))
