"""Events of FL Studio's files taken apart: what `song.export.flp.events` writes, and what FL Studio itself does."""

import struct
from typing import NamedTuple

from song.errors import UserError
from song.export.flp.events import FIRST_DATA, FIRST_DWORD, FIRST_WORD, PROJECT

MAX_BYTES = 64_000_000
"""The largest project that is read: hundreds of times one of ours; samples lie beside a project, not in it."""
MAX_EVENTS = 2_000_000
LAST_OLD_MAJOR = 11
"""Projects of FL Studio up to this version hold their text in bytes of an unknown alphabet, and other records."""

_HEADER = struct.Struct("<4sI")
_FACTS = struct.Struct("<HHH")
_LONGEST_SIZE = 4


class Event(NamedTuple):
    """An event: its kind, 0-255, and its bytes."""

    kind: int
    data: bytes

    @property
    def number(self) -> int:
        """The bytes as a number, 0 or more."""
        return int.from_bytes(self.data, "little")

    @property
    def text(self) -> str:
        """The bytes as text, up to its NUL."""
        return self.data.decode("utf-16-le", "replace").partition("\0")[0]


class FlFile(NamedTuple):
    """A file's resolution in ticks a quarter, and its events in order."""

    ticks_per_quarter: int
    events: list[Event]


def events_of(data: bytes) -> FlFile:
    """The events of a project.

    Raises:
        UserError: where it is damaged, no project, or one that FL Studio would not open either.
    """
    if not data:
        raise UserError("it is empty: save it again in FL Studio")
    if len(data) > MAX_BYTES:
        raise UserError(f"it is over {MAX_BYTES // 1_000_000} MB, which no project without its samples is")
    if data[:4] != b"FLhd":
        if data[:4] == b"PK\x03\x04":
            raise UserError("it is a zipped project: unpack it, and open the .flp within")
        raise UserError("it is no FL Studio project, whatever its name says: it does not begin with FLhd")
    length = _HEADER.unpack_from(data)[1] if len(data) >= _HEADER.size else 0
    body = _HEADER.size + length
    if length < _FACTS.size or len(data) < body + _HEADER.size:
        raise UserError("it is cut short inside its header: copy or save it again")
    kind, _, ticks_per_quarter = _FACTS.unpack_from(data, _HEADER.size)
    if kind != PROJECT:
        raise UserError("it is a score or a preset of FL Studio, not a project: save the project as .flp")
    if not ticks_per_quarter or ticks_per_quarter & 0x8000:
        raise UserError("its header gives no ticks a quarter note: save it again in FL Studio")
    mark, size = _HEADER.unpack_from(data, body)
    if mark != b"FLdt":
        raise UserError("what follows its header is damaged: it may be encrypted; save it again in FL Studio")
    start = body + _HEADER.size
    if start + size > len(data):
        raise UserError(f"it is cut short: {len(data) - start} of its {size} bytes are there; copy or save it again")
    return FlFile(ticks_per_quarter, _walk(data, start, start + size))


def _walk(data: bytes, at: int, end: int) -> list[Event]:
    events: list[Event] = []
    while at < end:
        kind = data[at]
        at += 1
        size = 1 if kind < FIRST_WORD else 2 if kind < FIRST_DWORD else 4
        if kind >= FIRST_DATA:
            size = shift = 0
            while True:
                if at >= end or shift > 7 * _LONGEST_SIZE:
                    raise UserError(f"it is damaged at byte {at}: copy or save it again")
                low = data[at]
                at += 1
                size |= (low & 0x7F) << shift
                shift += 7
                if not low & 0x80:
                    break
        if at + size > end:
            raise UserError(f"it is damaged at byte {at}: an event is longer than the file; copy or save it again")
        events.append(Event(kind, data[at : at + size]))
        at += size
        if len(events) > MAX_EVENTS:
            raise UserError(f"it holds over {MAX_EVENTS} events, which no song does")
    return events
