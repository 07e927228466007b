"""Turns the tracks of one source into the parts of pieces: roles, key, and the bars that hold music."""

from collections.abc import Sequence

import msgspec

from corpus.keys import find_key
from corpus.pieces import PieceSection
from corpus.roles import roles_of, voices_of
from corpus.structure import sections_of
from corpus.timing import snap_onsets
from corpus.tracks import LowPass, RawTrack
from song.notes import Note, Phrase, Wobble, cut_overlaps
from song.parts import Part
from song.time import TICKS_PER_BAR, bars_to_ticks


class Arranged(msgspec.Struct, frozen=True):
    """The music of one piece, its silent bars at both ends cut off.

    Attributes:
        start_bar: the bar of the source that it begins with, from 0.
        bars: length of every phrase in `parts`.
        parts: true pitches; onsets lie on multiples of 4 ticks.
        tonic_class, minor: its key, as `corpus.keys.find_key` gives it.
        sections: as `corpus.structure.sections_of` gives them.
    """

    start_bar: int
    bars: int
    parts: dict[Part, Phrase]
    tonic_class: int | None
    minor: bool
    sections: tuple[PieceSection, ...]


def arrange(tracks: Sequence[RawTrack], markers: Sequence[tuple[int, str]] = ()) -> list[Arranged]:
    """The pieces in some tracks that sound together: the main one, then what further tracks play in its stead.

    Args:
        tracks: as they were played, from the source's first bar line.
        markers: (bar from 0, name), in order.
    """
    sets = voices_of(tracks)
    oscillators = _oscillators(tracks)
    found: list[Arranged] = []
    for parts in sets:
        onsets = [note.onset_tick for notes in parts.values() for note in notes]
        if not onsets:
            continue
        start, stop = min(onsets) // TICKS_PER_BAR, max(onsets) // TICKS_PER_BAR + 1
        # Bars of rest and a four-bar phrase keep their places: a piece begins where a group of four does.
        start -= start % 4
        moved = [(bar - start, name) for bar, name in markers]
        phrases = {part: _phrase(notes, start, stop) for part, notes in parts.items() if notes}
        if Part.BASS in phrases:
            phrases[Part.BASS] = _wobbling(phrases[Part.BASS], start, oscillators)
        tonic, minor = find_key({part: phrase.notes for part, phrase in phrases.items()})
        found.append(Arranged(start, stop - start, phrases, tonic, minor, sections_of(moved, stop - start)))
    # Voices that are left over are in the key of the whole, which is heard best in all the parts together.
    return [
        msgspec.structs.replace(one, tonic_class=found[0].tonic_class, minor=found[0].minor)
        if found[0].tonic_class is not None
        else one
        for one in found
    ]


def _phrase(notes: Sequence[Note], start_bar: int, stop_bar: int) -> Phrase:
    first = bars_to_ticks(start_bar)
    moved = tuple(Note(note.onset_tick - first, note.pitch, note.duration_ticks, note.velocity) for note in notes)
    bars = stop_bar - start_bar
    return Phrase(bars, cut_overlaps(moved, bars_to_ticks(bars)))


def _oscillators(tracks: Sequence[RawTrack]) -> dict[tuple[int, int], LowPass]:
    """What moves the filter of each note of the basses that have such an oscillator, by onset and pitch."""
    found: dict[tuple[int, int], LowPass] = {}
    for track, role in zip(tracks, roles_of(tracks), strict=True):
        if track.wobble is not None and role is Part.BASS:
            onsets = snap_onsets([note.onset_tick for note in track.notes])
            found.update(((onset, note.pitch), track.wobble) for onset, note in zip(onsets, track.notes, strict=True))
    return found


def _wobbling(bass: Phrase, start_bar: int, oscillators: dict[tuple[int, int], LowPass]) -> Phrase:
    first = bars_to_ticks(start_bar)
    wobbles = []
    for note in bass.notes:
        found = oscillators.get((note.onset_tick + first, note.pitch))
        if found is not None:
            wobbles.append(Wobble(note.onset_tick, note.duration_ticks, found.rate, found.depth, found.shape))
    return msgspec.structs.replace(bass, wobbles=tuple(wobbles))
