"""Lanes of a part: tracks that share it where their notes leave room, and spare lanes for those that do not fit.

Each section is laid out by itself, so that a track which clashes in one still sounds in the others.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

import msgspec

from song.notes import Note
from song.parts import PART_SPECS, Part

MAX_LANES = 16
"""The most takes that a cell is opened with; more tracks than that in one part are laid over one another."""


class Lane(msgspec.Struct):
    """Notes that sound together, and whose they are.

    Attributes:
        notes: sorted, in ticks of the source.
        tracks: the places of the tracks that they are from.
    """

    notes: list[Note]
    tracks: list[int]


def lanes_of(part: Part, tracks: Sequence[tuple[int, Sequence[Note]]]) -> list[Lane]:
    """The lanes that some tracks of a part make: each track joins the first that has room for all of its notes.

    Args:
        part: whose they are.
        tracks: (place, sorted notes), the one that the part is first; those without notes have no lane.
    """
    lanes: list[Lane] = []
    for place, notes in tracks:
        if not notes:
            continue
        chosen = next((lane for lane in lanes if has_room(part, lane.notes, notes)), None)
        if chosen is None and len(lanes) >= MAX_LANES:
            chosen = lanes[-1]
        if chosen is None:
            lanes.append(Lane(list(notes), [place]))
        else:
            chosen.notes = sorted([*chosen.notes, *notes])
            chosen.tracks.append(place)
    return lanes


def has_room(part: Part, there: Sequence[Note], more: Sequence[Note]) -> bool:
    """True where two tracks can share a part.

    Drums may share where no drum is hit twice at once; a bass or a lead where one is silent while the other sounds;
    chords where no pitch sounds twice and no more notes start together than the part holds.
    """
    if part is Part.DRUMS:
        hits = {(note.onset_tick, note.pitch) for note in there}
        return not any((note.onset_tick, note.pitch) in hits for note in more)
    if part is Part.CHORDS:
        stacks = Counter(note.onset_tick for note in there) + Counter(note.onset_tick for note in more)
        if max(stacks.values()) > PART_SPECS[part].polyphony:
            return False
        by_pitch: dict[int, list[Note]] = {}
        for note in there:
            by_pitch.setdefault(note.pitch, []).append(note)
        return not any(_meets(by_pitch.get(note.pitch, ()), note) for note in more)
    return not any(_meets(there, note) for note in more)


def _meets(there: Sequence[Note], note: Note) -> bool:
    """True where one of some sorted notes sounds while a note does; only the longest reach of few before it counts."""
    after = bisect_left(there, note.end_tick, key=_onset)
    return any(one.end_tick > note.onset_tick for one in there[max(after - _LOOK_BACK, 0) : after])


_LOOK_BACK = 24
"""Notes before another that are asked whether they still sound; more do not sound at once."""


def _onset(note: Note) -> int:
    return note.onset_tick
