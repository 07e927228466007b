"""Note records, 24 bytes each, of patterns and scores; and scores, which FL Studio's piano roll opens.

Source: 12 scores that FL Studio 20.8.4 saved, of which each equals what is written here.
"""

import struct
from collections.abc import Iterable

from song.export.flp.events import SCORE, data, event, preamble, whole_file
from song.export.flp.parts import FlNote
from song.time import TICKS_PER_QUARTER

PATTERN, NOTES = 65, 224
RECORD = struct.Struct("<IHHIHH8B")
"""Position, flags, channel, length, key, group, fine pitch, 0, release, colour, pan, velocity, mod X, mod Y."""


def note_records(notes: Iterable[FlNote]) -> bytes:
    """Notes as records.

    Raises:
        ValueError: where a value does not fit.
    """
    pack = RECORD.pack
    try:
        return b"".join(
            [
                pack(
                    note.position, note.flags, note.channel, note.length, note.key, note.group, note.fine_pitch, 0,
                    note.release, note.colour, note.pan, note.velocity, note.mod_x, note.mod_y,
                )
                for note in notes
            ]
        )  # fmt: skip
    except struct.error as error:
        raise ValueError(f"a note does not fit into FL Studio's record: {error}") from error


def score_bytes(notes: Iterable[FlNote], ticks_per_quarter: int = TICKS_PER_QUARTER) -> bytes:
    """A score file (.fsc) of some notes.

    Args:
        notes: in order; each channel's are pasted into one channel.
        ticks_per_quarter: what their positions count.
    """
    records = note_records(notes)
    events = [preamble(), event(PATTERN, 0)]
    if records:
        events.append(data(NOTES, records))
    return whole_file(SCORE, 1, ticks_per_quarter, events)
