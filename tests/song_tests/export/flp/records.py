"""Note records read back, by the layout alone."""

from song.export.flp.notes import RECORD
from song.export.flp.parts import FlNote


def read_notes(records: bytes) -> tuple[FlNote, ...]:
    """Every value of every record; the byte that means nothing is 0 in all of them."""
    found = []
    for at in range(0, len(records), RECORD.size):
        position, flags, channel, length, key, group, fine, none, release, colour, pan, velocity, x, y = (
            RECORD.unpack_from(records, at)
        )
        assert none == 0
        found.append(FlNote(position, channel, length, key, velocity, x, y, group, fine, release, colour, pan, flags))
    return tuple(found)
