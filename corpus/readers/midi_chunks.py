"""The chunks of a MIDI file: its header and its tracks as bytes, unwrapped where a RIFF file holds them.

What stands in a track is read by `corpus.readers.midi_events`.

Source: Standard MIDI Files 1.0; RP-029, "Bundling SMF and DLS Data in an RMID File", for RIFF.
"""

import struct

import msgspec

from song.errors import UserError

MAX_BYTES = 8_000_000
MAX_TRACKS = 2000

_HEADER = struct.Struct(">4sIHHH")
_CHUNK = struct.Struct(">4sI")
_RIFF_CHUNK = struct.Struct("<4sI")
_RIFF_HEAD_BYTES = 12


class Chunks(msgspec.Struct, frozen=True):
    """A MIDI file in pieces.

    Attributes:
        kind: 0 or 1, the type that the header names.
        ticks_per_quarter: 1 or more.
        tracks: the bytes of each track, in the order of the file.
    """

    kind: int
    ticks_per_quarter: int
    tracks: tuple[bytes, ...]


def split_chunks(data: bytes) -> Chunks:
    """The tracks of a MIDI file, which are not looked into.

    Args:
        data: the whole file, plain or in RIFF.

    Raises:
        UserError: where it is no MIDI file, is cut short, or is of a kind that is not read: one line that says why.
    """
    if not data:
        raise UserError("it is empty: export it again from your DAW")
    if len(data) > MAX_BYTES:
        raise UserError(f"it is over {MAX_BYTES // 1_000_000} MB, which no song is: leave it out")
    if data[:4] == b"RIFF":
        data = _unwrapped(data)
    if data[:4] != b"MThd":
        raise UserError("it is not a MIDI file, whatever its name says: it does not begin with MThd")
    if len(data) < _HEADER.size:
        raise UserError("it is cut short inside its header: copy or export it again")
    _, length, kind, count, division = _HEADER.unpack_from(data)
    if length < 6 or kind > 2:
        raise UserError("its header is damaged: export it again from your DAW")
    if kind == 2:
        raise UserError("it is a type 2 file (patterns without an order): export it as type 1")
    if division & 0x8000:
        raise UserError("it counts in SMPTE film time, not in beats: export it with ticks a quarter note")
    if division == 0:
        raise UserError("its header gives no ticks a quarter note: export it again from your DAW")
    if count > MAX_TRACKS:
        raise UserError(f"it has over {MAX_TRACKS} tracks: cut it down to the music")
    return Chunks(kind, division, _tracks(data, 8 + length, count))


def _tracks(data: bytes, at: int, count: int) -> tuple[bytes, ...]:
    found: list[bytes] = []
    while len(found) < count:
        if at + _CHUNK.size > len(data):
            raise UserError(f"it is cut short: {len(found)} of its {count} tracks are there; copy or export it again")
        name, size = _CHUNK.unpack_from(data, at)
        start, at = at + _CHUNK.size, at + _CHUNK.size + size
        if at > len(data):
            raise UserError(f"it is cut short inside track {len(found) + 1} of {count}: copy or export it again")
        if name == b"MTrk":
            found.append(data[start:at])
    return tuple(found)


def _unwrapped(data: bytes) -> bytes:
    """The MIDI file within a RIFF file."""
    at = _RIFF_HEAD_BYTES
    while data[8:12] == b"RMID" and at + _RIFF_CHUNK.size <= len(data):
        name, size = _RIFF_CHUNK.unpack_from(data, at)
        at += _RIFF_CHUNK.size
        if name == b"data":
            return data[at : at + size]
        at += size + size % 2
    raise UserError("it is a RIFF file without MIDI in it: export a plain .mid from your DAW")
