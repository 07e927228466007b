"""The events of one MIDI track as arrays: channel messages with their ticks, and what stands between them.

Stretches of messages that are all of three bytes, which is nearly everything, are told apart by one regular expression
and taken in at once with NumPy; the rest is read event by event. What events mean is decided elsewhere.

Source: Standard MIDI Files 1.0 (delta times, running status, meta events).
"""

import re

import msgspec
import numpy as np

from song.errors import UserError

END_OF_TRACK = 0x2F
SYSTEM_EXCLUSIVE = -1
"""Stands for the type of a meta event where the event is a system exclusive message."""

_PLAIN = re.compile(rb"[\x80-\xff]{0,3}[\x00-\x7f][\x80-\xbf\xe0-\xef]?[\x00-\x7f]{2}")
"""An event of two data bytes: its delta time, perhaps its status."""
_PLAIN_RUN = re.compile(rb"(?:[\x80-\xff]{0,3}[\x00-\x7f][\x80-\xbf\xe0-\xef]?[\x00-\x7f]{2}){1,8192}")
_DELTA = re.compile(rb"[\x80-\xff]{0,3}[\x00-\x7f]")
_SYSTEM_DATA_BYTES = {0xF1: 1, 0xF2: 2, 0xF3: 1}


class TrackEvents(msgspec.Struct, frozen=True):
    """The events of a track, in its order.

    Attributes:
        ticks: when each channel message comes, int64 (messages,).
        statuses: kind and channel of each, 0x80-0xEF, int16 (messages,).
        first, second: the data of each, 0-127, the second 0 where there is none, int16 (messages,).
        metas: what else there is: (tick, type 0-127 or `SYSTEM_EXCLUSIVE`, data).
        end_tick: where the track ends.
    """

    ticks: np.ndarray
    statuses: np.ndarray
    first: np.ndarray
    second: np.ndarray
    metas: tuple[tuple[int, int, bytes], ...]
    end_tick: int


def read_events(data: bytes) -> TrackEvents:
    """The events in the bytes of a track.

    A status runs on over a meta event, which the standard forbids and many do.

    Raises:
        UserError: where it is damaged, with what is wrong in a few words.
    """
    blocks: list[tuple[np.ndarray, ...]] = []
    metas: list[tuple[int, int, bytes]] = []
    at, tick, running = 0, 0, 0
    while at < len(data):
        delta = _DELTA.match(data, at)
        if delta is None or delta.end() == len(data):
            raise _damaged("its last event is cut short")
        after = delta.end()
        status = data[after]
        if _is_plain(status if status & 0x80 else running):
            run = _PLAIN_RUN.match(data, at)
            if run is None:
                raise _damaged("a value is above 127 or cut short")
            block = _block(data[at : run.end()], tick, running)
            blocks.append(block)
            tick, running, at = int(block[0][-1]), int(block[1][-1]), run.end()
            continue
        tick += _varint(delta.group())
        if status == 0xFF:
            if after + 1 >= len(data):
                raise _damaged("its last event is cut short")
            payload, at = _payload(data, after + 2)
            metas.append((tick, data[after + 1], payload))
            if data[after + 1] == END_OF_TRACK:
                break
        elif status in (0xF0, 0xF7):
            payload, at = _payload(data, after + 1)
            metas.append((tick, SYSTEM_EXCLUSIVE, payload))
            running = 0
        elif status >= 0xF0:
            at, running = after + 1 + _SYSTEM_DATA_BYTES.get(status, 0), 0
        else:
            # A program change or a channel's pressure: one byte of data.
            start = after + 1 if status & 0x80 else after
            running = status if status & 0x80 else running
            if not running:
                raise _damaged("a note comes before any status")
            if start >= len(data) or data[start] & 0x80:
                raise _damaged("a value is above 127 or cut short")
            blocks.append(_one(tick, running, data[start]))
            at = start + 1
    blocks = blocks or [(np.zeros(0, np.int64),) * 4]
    ticks, statuses, first, second = (np.concatenate(column) for column in zip(*blocks, strict=True))
    return TrackEvents(ticks, statuses, first, second, tuple(metas), tick)


def _damaged(what: str) -> UserError:
    return UserError(f"it is damaged ({what}): export it again from your DAW")


def _is_plain(status: int) -> bool:
    return 0x80 <= status < 0xC0 or 0xE0 <= status < 0xF0


def _block(run: bytes, tick: int, running: int) -> tuple[np.ndarray, ...]:
    """Ticks, statuses and both data bytes of the events in a run of plain ones."""
    lengths = np.fromiter(map(len, _PLAIN.findall(run)), np.int64)
    # Three bytes before the first: a short event is looked at as if it were a long one.
    values = np.frombuffer(b"\0\0\0" + run, np.uint8).astype(np.int64)
    ends = lengths.cumsum() + 3
    before = values[ends - 3]
    has_status = before >= 0x80
    delta_bytes = lengths - 2 - has_status
    last = ends - 3 - has_status
    deltas = values[last]
    for place in (1, 2, 3):
        deltas += np.where(delta_bytes > place, (values[last - place] & 0x7F) << (7 * place), 0)
    known = np.where(has_status, np.arange(len(ends)), -1)
    latest = np.maximum.accumulate(known)
    statuses = np.where(latest >= 0, before[latest], running)
    return tick + deltas.cumsum(), statuses.astype(np.int16), values[ends - 2], values[ends - 1]


def _one(tick: int, status: int, value: int) -> tuple[np.ndarray, ...]:
    return np.array([tick]), np.array([status], np.int16), np.array([value]), np.array([0])


def _varint(data: bytes) -> int:
    value = 0
    for byte in data:
        value = value << 7 | byte & 0x7F
    return value


def _payload(data: bytes, at: int) -> tuple[bytes, int]:
    """The bytes behind a length, and where what follows them begins."""
    length = _DELTA.match(data, at)
    if length is None:
        raise _damaged("its last event is cut short")
    end = length.end() + _varint(length.group())
    if end > len(data):
        raise _damaged("an event is longer than its track")
    return data[length.end() : end], end
