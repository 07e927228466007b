"""Edits of notes and wobbles by hand, each a function from phrase to phrase, and how they reach a song.

`edit_phrase` puts the edited phrase in the song and marks the bars that differ: they are edited, and fills keep them.
Ticks count from the section's start.
"""

import math
import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from itertools import chain, pairwise

import msgspec

from song.drums import drum_length
from song.edits.takes import replace_cell
from song.errors import UserError
from song.notes import RATES, Note, Phrase, Wobble, cut_overlaps
from song.parts import PART_SPECS, Part
from song.sections import Cell, Song, Take
from song.time import TICKS_PER_BAR, ticks_to_bar

PhraseEdit = Callable[[Phrase], Phrase]

HUMANIZE_VELOCITY = 10
"""The most, in velocity, by which humanizing makes a note louder or softer."""
HUMANIZE_TICKS = 2
"""The most ticks by which humanizing moves an onset: 9 ms at 140 BPM."""


def edit_phrase(song: Song, index: int, part: Part, edit: PhraseEdit) -> Song:
    """The song with the phrase of a cell edited by hand; an empty cell gets a take for it.

    Of a part that plays one note at a time a note ends where the next begins.

    Raises:
        UserError: where the cell is locked, the edit refuses, or more notes would start at once than the part plays.
    """
    section = song.sections[index]
    cell = section.cell(part)
    if cell.locked:
        raise UserError("the cell is locked: unlock it first")
    take = cell.take or Take(Phrase(section.bars))
    phrase = _playable(edit(take.phrase), take.phrase, part)
    if phrase == take.phrase:
        return song
    changed = changed_bars(take.phrase, phrase)
    edited = msgspec.structs.replace(
        take,
        phrase=phrase,
        edited=tuple(sorted({*take.edited, *changed})),
        kept=tuple(sorted({*take.kept, *changed})),
    )
    if cell.chosen is None:
        return replace_cell(song, index, part, Cell((*cell.takes, edited), len(cell.takes)))
    takes = (*cell.takes[: cell.chosen], edited, *cell.takes[cell.chosen + 1 :])
    return replace_cell(song, index, part, msgspec.structs.replace(cell, takes=takes))


def set_kept(song: Song, index: int, part: Part, bars: Collection[int], kept: bool) -> Song:
    """The song with bars of the sounding take kept by fills, or free for them; bars count from 0.

    Raises:
        UserError: where the cell is empty.
    """
    cell = song.sections[index].cell(part)
    if cell.chosen is None:
        raise UserError("the cell is empty: there is nothing to keep")
    take = cell.takes[cell.chosen]
    before = set(take.kept)
    after = before | set(bars) if kept else before - set(bars)
    changed = msgspec.structs.replace(take, kept=tuple(sorted(after)))
    takes = (*cell.takes[: cell.chosen], changed, *cell.takes[cell.chosen + 1 :])
    return replace_cell(song, index, part, msgspec.structs.replace(cell, takes=takes))


def changed_bars(before: Phrase, after: Phrase) -> tuple[int, ...]:
    """The bars, from 0, in which two phrases of one length differ: where a note starts, or a wobble sounds."""
    notes = {*before.notes} ^ {*after.notes}
    bars = {ticks_to_bar(note.onset_tick) for note in notes}
    for wobble in {*before.wobbles} ^ {*after.wobbles}:
        bars |= {*range(ticks_to_bar(wobble.onset_tick), ticks_to_bar(wobble.end_tick - 1) + 1)}
    return tuple(sorted(bar for bar in bars if bar < after.bars))


def note_at(phrase: Phrase, tick: int, pitch: int) -> Note | None:
    """The note of a pitch that sounds at a tick: the one that started last."""
    found = None
    for note in phrase.notes:
        if note.pitch == pitch and note.onset_tick <= tick < note.end_tick:
            found = note
    return found


def notes_in(phrase: Phrase, bars: Collection[int]) -> tuple[Note, ...]:
    """The notes that start in some bars, counted from 0."""
    return tuple(note for note in phrase.notes if ticks_to_bar(note.onset_tick) in bars)


def add_note(phrase: Phrase, part: Part, note: Note) -> Phrase:
    """The phrase with a note more; of a part that plays one note at a time, one that starts with it makes way.

    Raises:
        UserError: for a pitch that is not the part's.
    """
    _check_pitch(part, note.pitch)
    alone = PART_SPECS[part].polyphony == 1
    rest = (
        other
        for other in phrase.notes
        if other.onset_tick != note.onset_tick or (other.pitch != note.pitch and not alone)
    )
    return _with_notes(phrase, (*rest, note))


def remove_notes(phrase: Phrase, notes: Iterable[Note]) -> Phrase:
    """The phrase without some of its notes."""
    gone = set(notes)
    return _with_notes(phrase, (note for note in phrase.notes if note not in gone))


def toggle_hit(phrase: Phrase, part: Part, tick: int, pitch: int, velocity: int) -> Phrase:
    """The phrase with a drum hit at a tick, or without the one that is there.

    Args:
        velocity: of a new hit, 1-127.
    """
    there = [note for note in phrase.notes if (note.onset_tick, note.pitch) == (tick, pitch)]
    if there:
        return remove_notes(phrase, there)
    return add_note(phrase, part, Note(tick, pitch, drum_length(pitch), velocity))


def transpose(phrase: Phrase, part: Part, notes: Collection[Note], semitones: int) -> Phrase:
    """The phrase with some notes higher, or lower.

    Raises:
        UserError: where one would leave the part's range, or meets another that starts with it.
    """
    for note in notes:
        _check_pitch(part, note.pitch + semitones)
    return _replaced(phrase, notes, lambda note: msgspec.structs.replace(note, pitch=note.pitch + semitones))


def move(phrase: Phrase, notes: Collection[Note], ticks: int) -> Phrase:
    """The phrase with some notes later, or earlier.

    Raises:
        UserError: where one would leave the phrase, or meets another that starts there on its pitch.
    """
    if any(not 0 <= note.onset_tick + ticks < phrase.length_ticks for note in notes):
        raise UserError("that would leave the section")
    return _replaced(phrase, notes, lambda note: msgspec.structs.replace(note, onset_tick=note.onset_tick + ticks))


def lengthen(phrase: Phrase, notes: Collection[Note], ticks: int) -> Phrase:
    """The phrase with some notes longer, or shorter but of a tick at least; none past the end of the section.

    A note ends where the next of its pitch begins.
    """

    def longer(note: Note) -> Note:
        length = min(max(1, note.duration_ticks + ticks), phrase.length_ticks - note.onset_tick)
        return msgspec.structs.replace(note, duration_ticks=length)

    return _replaced(phrase, notes, longer)


def louder(phrase: Phrase, notes: Collection[Note], change: int) -> Phrase:
    """The phrase with some notes louder, or softer, within 1-127."""
    return _replaced(
        phrase, notes, lambda note: msgspec.structs.replace(note, velocity=_velocity(note.velocity + change))
    )


def humanize(phrase: Phrase, notes: Collection[Note], seed: int) -> Phrase:
    """The phrase with some notes a little louder or softer, earlier or later, as a player would; a seed tells how.

    Notes that start together move together. What starts a bar stays in it.
    """
    dice = random.Random(seed)
    moved = {
        tick: dice.randint(-HUMANIZE_TICKS, HUMANIZE_TICKS) for tick in sorted({note.onset_tick for note in notes})
    }

    def played(note: Note) -> Note:
        bar_start = ticks_to_bar(note.onset_tick) * TICKS_PER_BAR
        onset = min(max(note.onset_tick + moved[note.onset_tick], bar_start), bar_start + TICKS_PER_BAR - 1)
        velocity = _velocity(note.velocity + dice.randint(-HUMANIZE_VELOCITY, HUMANIZE_VELOCITY))
        return msgspec.structs.replace(note, onset_tick=onset, velocity=velocity)

    return _replaced(phrase, notes, played, merge=True)


def quantize(phrase: Phrase, part: Part, notes: Collection[Note], grid_ticks: int, strength: float = 1.0) -> Phrase:
    """The phrase with some notes on the nearest line of a grid, or nearer to it.

    Two that come to start together on a pitch are one; where more meet than the part plays, the louder ones stay.

    Args:
        strength: the share of the way to the line that a note goes, above 0 to 1.
    """

    def on_grid(note: Note) -> Note:
        line = (note.onset_tick * 2 + grid_ticks) // (2 * grid_ticks) * grid_ticks
        away = (line - note.onset_tick) * strength
        # Half a tick would stay where it is for ever.
        tick = note.onset_tick + (math.ceil(away) if away > 0 else math.floor(away))
        return msgspec.structs.replace(note, onset_tick=min(tick, phrase.length_ticks - grid_ticks))

    snapped = _replaced(phrase, notes, on_grid, merge=True)
    by_onset: dict[int, list[Note]] = {}
    for note in snapped.notes:
        by_onset.setdefault(note.onset_tick, []).append(note)
    most = PART_SPECS[part].polyphony
    staying = (sorted(together, key=lambda note: -note.velocity)[:most] for together in by_onset.values())
    return _with_notes(snapped, chain.from_iterable(staying))


def paint_wobble(
    phrase: Phrase, start_tick: int, end_tick: int, rate: str | None, depth: float, shape: str, *, join: bool = False
) -> Phrase:
    """The phrase with one wobble from a tick to another, or none where the rate is None; what it covers is cut away.

    Args:
        start_tick: 0 or more.
        end_tick: after it; what lies past the phrase is left out.
        rate: of `song.notes.RATES`.
        depth: 0-1.
        shape: of `song.notes.SHAPES`.
        join: whether it becomes one with a wobble of the same kind that touches it, so that a rate may be painted beat
            by beat and its cycles go on.

    Raises:
        UserError: for a rate that is not known.
    """
    if rate is not None and rate not in RATES:
        raise UserError(f'"{rate}" is not a wobble rate: use {", ".join(RATES)}')
    end_tick = min(end_tick, phrase.length_ticks)
    kept: list[Wobble] = []
    for wobble in phrase.wobbles:
        if wobble.onset_tick < start_tick:
            end = min(wobble.end_tick, start_tick)
            kept.append(msgspec.structs.replace(wobble, duration_ticks=end - wobble.onset_tick))
        if wobble.end_tick > end_tick:
            start = max(wobble.onset_tick, end_tick)
            kept.append(msgspec.structs.replace(wobble, onset_tick=start, duration_ticks=wobble.end_tick - start))
    if rate is not None:
        painted = Wobble(start_tick, end_tick - start_tick, rate, depth, shape)
        for other in [one for one in kept if join and (one.rate, one.depth, one.shape) == (rate, depth, shape)]:
            if other.end_tick == painted.onset_tick or painted.end_tick == other.onset_tick:
                kept.remove(other)
                onset = min(other.onset_tick, painted.onset_tick)
                length = other.duration_ticks + painted.duration_ticks
                painted = msgspec.structs.replace(painted, onset_tick=onset, duration_ticks=length)
        kept.append(painted)
    return msgspec.structs.replace(phrase, wobbles=tuple(sorted(kept)))


def _with_notes(phrase: Phrase, notes: Iterable[Note]) -> Phrase:
    return msgspec.structs.replace(phrase, notes=cut_overlaps(tuple(notes), phrase.length_ticks))


def _playable(phrase: Phrase, before: Phrase, part: Part) -> Phrase:
    """The phrase as its part can play it, where the notes that are new in it allow that."""
    most = PART_SPECS[part].polyphony
    starting = Counter(note.onset_tick for note in phrase.notes)
    if any(starting[note.onset_tick] > most for note in {*phrase.notes} - {*before.notes}):
        raise UserError(f"{part} plays at most {most} notes at once" if most > 1 else "there is a note already")
    if most > 1:
        return phrase
    onsets = sorted(starting)
    following = dict(pairwise(onsets))
    return _with_notes(phrase, (_until(note, following.get(note.onset_tick, note.end_tick)) for note in phrase.notes))


def _until(note: Note, tick: int) -> Note:
    if note.end_tick <= tick:
        return note
    return msgspec.structs.replace(note, duration_ticks=tick - note.onset_tick)


def _replaced(
    phrase: Phrase, notes: Collection[Note], change: Callable[[Note], Note], *, merge: bool = False
) -> Phrase:
    chosen = set(notes)
    rest = [note for note in phrase.notes if note not in chosen]
    changed = [change(note) for note in phrase.notes if note in chosen]
    places = {(note.onset_tick, note.pitch) for note in rest}
    wanted = {(note.onset_tick, note.pitch) for note in changed}
    if not merge and (places & wanted or len(wanted) < len(chosen)):
        raise UserError("there is a note already")
    return _with_notes(phrase, (*rest, *changed))


def _check_pitch(part: Part, pitch: int) -> None:
    spec = PART_SPECS[part]
    if not spec.low <= pitch <= spec.high:
        raise UserError(f"{part} plays pitches {spec.low} to {spec.high}")


def _velocity(value: int) -> int:
    return min(127, max(1, value))
