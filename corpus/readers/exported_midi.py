"""MIDI files that Dropsmith wrote, event by event: silent tracks, texts and key signatures too.

Any other file is read by `corpus.readers.midi_files`, which this one's caller turns to where nothing is found here.
"""

import struct
from collections.abc import Iterator

from corpus.timelines import Timeline
from corpus.tracks import RawTrack
from song.export.section_lines import read_text
from song.export.tempo import microseconds
from song.export.wobble_cc import DEPTH_CONTROLLER, FILTER_CONTROLLER
from song.notes import Note
from song.parts import PART_SPECS, SUB_CHANNEL, SUB_NAME, Part
from song.sections import SectionKind
from song.time import TICKS_PER_QUARTER

_HEADER = struct.Struct(">4sIHHH")
_CHUNK = struct.Struct(">4sI")
_TITLE, _TEXT, _MARKER, _END, _TEMPO, _METER, _KEY = 3, 1, 6, 0x2F, 0x51, 0x58, 0x59
_CONTROLLERS = (DEPTH_CONTROLLER, FILTER_CONTROLLER)
_CHANNEL_OF = {**{spec.name: spec.channel for spec in PART_SPECS.values()}, SUB_NAME: SUB_CHANNEL}
_DRUM_CHANNEL = PART_SPECS[Part.DRUMS].channel
_MOST_DECIMALS = 9
_SHARPS = {
    "major": ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#"),
    "minor": ("Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#", "G#", "D#", "A#"),
}
"""Tonics by the number of sharps from -7, seven flats, to 7."""

_Event = tuple[int, int, bytes]
"""Tick, status (255 for a meta event) and data; a meta event's data begins with its type."""


class _NotOursError(Exception):
    """The file is another program's, or damaged."""


def read_exported(data: bytes) -> Timeline | None:
    """The arrangement in a MIDI file, where it is as Dropsmith writes them; else None.

    Args:
        data: the whole file.
    """
    try:
        return _timeline(list(_tracks(data)))
    except (_NotOursError, IndexError, struct.error):
        return None


def _tracks(data: bytes) -> Iterator[list[_Event]]:
    mark, length, kind, count, division = _HEADER.unpack_from(data)
    if (mark, length, kind, division) != (b"MThd", 6, 1, TICKS_PER_QUARTER):
        raise _NotOursError
    at = _HEADER.size
    for _ in range(count):
        name, size = _CHUNK.unpack_from(data, at)
        at += _CHUNK.size
        if name != b"MTrk" or at + size > len(data):
            raise _NotOursError
        yield _events(data[at : at + size])
        at += size


def _events(data: bytes) -> list[_Event]:
    events: list[_Event] = []
    at = tick = status = 0
    while at < len(data):
        delta, at = _varying(data, at)
        tick += delta
        if data[at] & 0x80:
            status, at = data[at], at + 1
        if status == 0xFF:
            kind = data[at]
            size, start = _varying(data, at + 1)
            at = start + size
            events.append((tick, status, bytes((kind,)) + data[start:at]))
        elif 0x80 <= status < 0xF0:
            size = 1 if status >> 4 in (0xC, 0xD) else 2
            events.append((tick, status, data[at : at + size]))
            at += size
        else:
            raise _NotOursError
    if at > len(data):
        raise _NotOursError
    return events


def _varying(data: bytes, at: int) -> tuple[int, int]:
    number = 0
    while True:
        number = number << 7 | data[at] & 0x7F
        at += 1
        if not data[at - 1] & 0x80:
            return number, at


def _timeline(tracks: list[list[_Event]]) -> Timeline:
    if len(tracks) < 2 or any(status != 0xFF for _, status, _ in tracks[0]):
        raise _NotOursError
    conductor = [(tick, data[0], data[1:]) for tick, _, data in tracks[0]]
    if [data[:2] for _, kind, data in conductor if kind == _METER] != [b"\x04\x02"]:
        raise _NotOursError
    keys: dict[int, str] = {}
    kinds: list[tuple[int, SectionKind]] = []
    for tick, kind, data in conductor:
        if kind == _KEY:
            mode = "minor" if data[1] else "major"
            sharps = struct.unpack("b", data[:1])[0]
            if not -7 <= sharps <= 7:
                raise _NotOursError
            keys[tick] = f"{_SHARPS[mode][sharps + 7]} {mode}"
    for tick, kind, data in conductor:
        key, section_kind = read_text(_words(data)) if kind == _TEXT else (None, None)
        if key is not None:
            keys[tick] = key
        if section_kind is not None:
            kinds.append((tick, section_kind))
    ends = [tick for tick, kind, _ in conductor if kind == _END]
    titles = [_words(data) for _, kind, data in conductor if kind == _TITLE]
    return Timeline(
        title=titles[0] if titles else "",
        tracks=tuple(_track(events) for events in tracks[1:]),
        tempi=tuple((tick, shortest_tempo(int.from_bytes(data))) for tick, kind, data in conductor if kind == _TEMPO),
        markers=tuple((tick, _words(data)) for tick, kind, data in conductor if kind == _MARKER),
        keys=tuple(sorted(keys.items())),
        kinds=tuple(kinds),
        length_ticks=ends[0] if ends else 0,
    )


def shortest_tempo(micros: int) -> float:
    """The tempo of the fewest decimals, in quarters a minute, that is written as so many microseconds a quarter.

    Args:
        micros: 1 or more.
    """
    if micros < 1:
        raise _NotOursError
    exact = 60_000_000 / micros
    for decimals in range(_MOST_DECIMALS):
        short = round(exact, decimals)
        if short > 0 and microseconds(short) == micros:
            return short
    return exact


def _track(events: list[_Event]) -> RawTrack:
    names = [_words(data[1:]) for _, status, data in events if status == 0xFF and data[0] == _TITLE]
    channels = {status & 0xF for _, status, _ in events if status != 0xFF}
    name = names[0] if names else ""
    # Another program may have put a part elsewhere, and notes of another among its own.
    if channels != {_CHANNEL_OF.get(name)}:
        raise _NotOursError
    sounding: dict[int, tuple[int, int]] = {}
    notes: list[Note] = []
    curves: dict[int, list[tuple[int, int]]] = {}
    program = None
    for tick, status, data in events:
        kind = status >> 4
        if kind == 0x9 and data[1]:
            if data[0] in sounding:
                raise _NotOursError
            sounding[data[0]] = tick, data[1]
        elif kind in (0x8, 0x9):
            if data[0] not in sounding:
                raise _NotOursError
            onset, velocity = sounding.pop(data[0])
            notes.append(Note(onset, data[0], max(tick - onset, 1), velocity))
        elif kind == 0xB and data[0] in _CONTROLLERS:
            curves.setdefault(data[0], []).append((tick, data[1]))
        elif kind == 0xC:
            program = data[0]
    if sounding:
        raise _NotOursError
    return RawTrack(
        name,
        program,
        channels == {_DRUM_CHANNEL},
        tuple(sorted(notes)),
        curves={controller: tuple(curve) for controller, curve in curves.items()},
    )


def _words(data: bytes) -> str:
    return data.decode("utf-8", "replace")
