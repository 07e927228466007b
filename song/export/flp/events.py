"""Events, of which all of FL Studio's files are made, as bytes. `corpus.readers.fl_events` takes them apart again.

An event is a byte that says what it is, then 1, 2 or 4 bytes by the range that it lies in, or a length and so many
bytes. Numbers are little-endian. Source: projects and scores that FL Studio 20.8.4 saved.
"""

import struct
from collections.abc import Iterable

FIRST_WORD, FIRST_DWORD, FIRST_DATA = 64, 128, 192
"""The lowest kinds of event that hold 2 bytes, 4 bytes, and a length with bytes."""

VERSION, LICENSEE = 199, 200
BUILD = 159
REGISTERED, _UNKNOWN_37 = 28, 37
FL_VERSION, FL_BUILD = "20.8.4.2576", 2576
"""The version that files claim to be from: the one whose files they were compared with."""
PROJECT, SCORE = 0, 16
"""Kinds of file in a header."""

_HEADER = struct.Struct("<4sIHHH4sI")
_WORD, _DWORD = struct.Struct("<BH"), struct.Struct("<BI")


def event(kind: int, value: int) -> bytes:
    """An event that holds a number.

    Args:
        kind: 0-191; below 64 the number is a byte, below 128 two, else four.
        value: 0 or more, or negative as its two's complement would be read.

    Raises:
        ValueError: where the number does not fit.
    """
    try:
        if kind < FIRST_WORD:
            return bytes((kind, value & 0xFF if -0x80 <= value < 0 else value))
        if kind < FIRST_DWORD:
            return _WORD.pack(kind, value & 0xFFFF if -0x8000 <= value < 0 else value)
        return _DWORD.pack(kind, value & 0xFFFFFFFF if -0x80000000 <= value < 0 else value)
    except (struct.error, ValueError) as error:
        raise ValueError(f"{value} does not fit into event {kind}") from error


def data(kind: int, contents: bytes) -> bytes:
    """An event that holds bytes: its kind, 192-255, their number in groups of 7 bits, the lowest first, and them."""
    length, size = len(contents), bytearray()
    while True:
        length, low = length >> 7, length & 0x7F
        size.append(low | 0x80 if length else low)
        if not length:
            return bytes((kind, *size)) + contents


def text(kind: int, words: str) -> bytes:
    """An event that holds text. A NUL, which would end it, becomes a space."""
    return data(kind, (words.replace("\0", " ") + "\0").encode("utf-16-le", "surrogatepass"))


def preamble(licensee: bytes | None = None) -> bytes:
    """The events that every file begins with: the version that it claims to be from.

    Args:
        licensee: whom the program is licensed to, as a project has it; None leaves it out, as scores do.
    """
    first = data(VERSION, FL_VERSION.encode("ascii") + b"\0")
    first += event(BUILD, FL_BUILD) + event(REGISTERED, 1) + event(_UNKNOWN_37, 1)
    return first if licensee is None else first + data(LICENSEE, licensee)


def whole_file(kind: int, channels: int, ticks_per_quarter: int, events: Iterable[bytes]) -> bytes:
    """A file with its header.

    Args:
        kind: `PROJECT` or `SCORE`.
        channels: of the channel rack, 0 or more.
        ticks_per_quarter: its resolution.
        events: in their order.
    """
    body = b"".join(events)
    return _HEADER.pack(b"FLhd", 6, kind, channels, ticks_per_quarter, b"FLdt", len(body)) + body
