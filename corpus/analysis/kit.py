"""One drummer's part from the hits of any number of drum tracks."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from corpus.analysis.timing import MICRO_PER_TICK, snap_onsets
from corpus.pieces import Grace
from song.drums import KICK, SNARE, canonical_drum, drum_length
from song.notes import Note
from song.parts import PART_SPECS, Part

_GROOVE = (KICK, SNARE)
"""Kick and snare carry the groove: they stay when more drums fall together than a part holds."""


class Kit(msgspec.Struct, frozen=True):
    """A drum part as it is learned, and beside it what was played.

    Attributes:
        notes: sorted; onsets on the grid, drums of the table only, each once a place.
        micro: for each note how much later than its onset it was played, in tenths of a tick.
        graces: the hits that have no note, in order.
    """

    notes: tuple[Note, ...]
    micro: tuple[int, ...]
    graces: tuple[Grace, ...]


def kit(hits: Sequence[Note], offsets: Sequence[int] = ()) -> Kit:
    """The drum part that some hits make.

    Of hits of one drum that snap to one place the loudest is the note, and of more drums than a part may start at once
    the loudest are; the others become graces. Percussion that is in no row of `song.drums` is left out.

    Args:
        hits: in any order, as they were played, to the nearest tick.
        offsets: how much later than its tick each hit was played, in tenths of a tick; all 0 where none are given.
    """
    known = [
        (hit, drum, offset)
        for hit, offset in zip(hits, offsets or [0] * len(hits), strict=True)
        if (drum := canonical_drum(hit.pitch)) is not None
    ]
    onsets = snap_onsets([hit.onset_tick for hit, _, _ in known], [drum for _, drum, _ in known])
    together: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for onset, (hit, drum, offset) in zip(onsets, known, strict=True):
        together[onset].append((drum, hit.velocity, (hit.onset_tick - onset) * MICRO_PER_TICK + offset))
    most = PART_SPECS[Part.DRUMS].polyphony
    notes: list[tuple[Note, int]] = []
    graces: list[Grace] = []
    for onset, strokes in together.items():
        # Nearly always each is of another drum.
        if len(strokes) == 1 or len({drum for drum, _, _ in strokes}) == len(strokes) <= most:
            for drum, velocity, micro in strokes:
                notes.append((Note(onset, drum, drum_length(drum), velocity), micro))
            continue
        drums: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for drum, velocity, micro in strokes:
            drums[drum].append((velocity, micro))
        loudest = {drum: max(found, key=lambda one: (one[0], -one[1])) for drum, found in drums.items()}
        ranked = sorted(loudest, key=lambda drum: (drum not in _GROOVE, -loudest[drum][0], drum))
        for place, drum in enumerate(ranked):
            others = list(drums[drum])
            if place < most:
                velocity, micro = loudest[drum]
                others.remove(loudest[drum])
                notes.append((Note(onset, drum, drum_length(drum), velocity), micro))
            graces.extend(Grace(onset, drum, velocity, micro) for velocity, micro in others)
    notes.sort()
    return Kit(tuple(note for note, _ in notes), tuple(micro for _, micro in notes), tuple(sorted(graces)))
