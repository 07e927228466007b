"""A project (.flp) as bytes: the order of events, and the values that FL Studio gives to what nobody has touched.

Source: projects that FL Studio 20.8.4 saved; one with two channels and a pattern equals what is written here. Time
markers, links and tempo automation are as flpkit, PyFLP and the authors of converters describe them. Nothing was opened
in FL Studio itself.
"""

import functools
import struct
from collections.abc import Iterator

from song.export.flp.events import PROJECT, data, event, preamble, text, whole_file
from song.export.flp.notes import NOTES, PATTERN, note_records
from song.export.flp.parts import (
    AUTOMATION,
    DEFAULT_COLOUR,
    INSERTS,
    LAST_USUAL_INSERT,
    MAX_CHANNELS,
    MAX_PATTERNS,
    MAX_TRACKS,
    TEMPO_PARAMETER,
    TEMPO_TARGET,
    FlChannel,
    FlClip,
    FlInsert,
    FlPoint,
    FlProject,
)
from song.time import TICKS_PER_QUARTER

_REMOTE = (
    "01000000000000000190ff0f04000000d5010000",
    "fd000000000000008090ff0f04000000d5010000",
    "ff000000ff0000000400ff0f0400000000feffff",
)
_PARAMETERS = bytes.fromhex(
    "ffffffff0000000001000001ffffffff3c0000000000803f0000803f0000803f0000803f0000803f0000000001000000ffffffff00040000"
    "3000000000000100a7050000000000000001000000000000000000000000000000000000010000000000000000000000000000000000000002"
    "000000feffffffffffffff000000000000000000000000000000000000f03f0000000000000000ffffffff0001"
)
_IS_NO_AUTOMATION_AT = 11
_ENVELOPE = bytes.fromhex(
    "000000000000000064000000204e0000204e00003075000032000000204e00000000000064000000204e000000000000b680000000000000"
    "000000000000000000000000"
)
_VOLUME_ENVELOPE = bytes.fromhex(
    "040000000000000064000000204e0000204e00003075000032000000204e00000000000064000000204e000000000000b680000000000000"
    "00000000000000009bffffff"
)
_POINTS_TRAILER = bytes.fromhex(
    "01000000ffffffffffffffffffffffffffffffff800000008000000000000000800000000500000003000000010000000000000000000000"
    "000000000000f03f00000000000000000100000000000000fffffffffffffffffffffffffbb2000000000000000000000000000000000000"
)
_TRACK = bytes.fromhex(
    "00000000010000803fffffffff0000000000000000000500000000000000010000000000000000000000000000ffffffffffffffff0100000000"
)
_SHOWN_TRACKS = 33
_SHOWN_AT = 9
_POINT_TAIL = 0x02000000
_FULL_LEVEL = 12800
_EQUALIZER = {208: 0, 209: 0, 210: 0, 216: 5777, 217: 33145, 218: 55825, 224: 17500, 225: 17500, 226: 17500}
_SLOTS = 10
_LEVEL_OF_ROUTE = 64
_HEARD_BY_ALL = (100, 101, 102, 103)
"""Mixer tracks that every usual one is routed to, without a level."""
_LAST_BEFORE_SPARE = 104
_CURRENT_INSERT = 126


def project_bytes(project: FlProject) -> bytes:
    """A project as the bytes of its file.

    Raises:
        ValueError: where it holds more than FL Studio does, or a value that does not fit.
    """
    for what, number, most in (
        ("channels", len(project.channels), MAX_CHANNELS),
        ("patterns", len(project.patterns), MAX_PATTERNS),
        ("tracks", len(project.tracks), MAX_TRACKS),
    ):
        if number > most:
            raise ValueError(f"{number} {what} are more than the {most} that FL Studio has")
    try:
        return whole_file(PROJECT, len(project.channels), TICKS_PER_QUARTER, _events(project))
    except struct.error as error:
        raise ValueError(f"a clip, a link or a colour does not fit into FL Studio's records: {error}") from error


def _events(project: FlProject) -> Iterator[bytes]:
    yield from _head(project)
    for number, pattern in enumerate(project.patterns, 1):
        if pattern.notes:
            yield event(PATTERN, number) + data(NOTES, note_records(pattern.notes))
    for remote in _REMOTE:
        yield data(226, bytes.fromhex(remote))
    for link in project.links:
        yield data(227, struct.pack("<HHIHHII", 0, link.channel, 0, link.parameter, link.target, 8, 469))
    for index, channel in enumerate(project.channels):
        yield from _channel(index, channel)
        if index == 0:
            yield from _pattern_names(project)
    yield from _playlist(project)
    for number in range(INSERTS):
        yield _insert(number, project.inserts.get(number))
    yield data(225, _mixer_levels(project)) + event(133, 156)


def _head(project: FlProject) -> Iterator[bytes]:
    tempo = round(project.tempo_bpm * 1000)
    yield preamble(project.licensee) + event(156, tempo)
    for kind, value in (
        (67, project.pattern), (9, project.song_mode), (11, 0), (80, 0), (17, 4), (18, 4), (35, 1), (23, 0), (30, 1),
        (10, 0),
    ):  # fmt: skip
        yield event(kind, int(value))
    for kind, words in ((194, project.title), (206, project.genre), (207, project.author), (202, "")):
        yield text(kind, words)
    yield text(195, project.comments)
    yield data(237, struct.pack("<dd", project.created, project.worked))
    yield text(231, project.channel_group) + event(146, -1)
    is_automated = any((link.target, link.parameter) == (TEMPO_TARGET, TEMPO_PARAMETER) for link in project.links)
    yield data(216, struct.pack("<III", 0, TEMPO_TARGET << 16 | TEMPO_PARAMETER, tempo) if is_automated else b"")


def _pattern_names(project: FlProject) -> Iterator[bytes]:
    for number, pattern in enumerate(project.patterns, 1):
        if pattern.name is not None:
            yield event(PATTERN, number) + text(193, pattern.name) + event(150, pattern.colour)
            yield event(157, -1) + event(158, -1) + event(164, 0)


def _channel(index: int, channel: FlChannel) -> Iterator[bytes]:
    automation = channel.kind == AUTOMATION
    yield event(64, index) + event(21, channel.kind) + text(201, "")
    # Windows of plugins, one a step further than the one before.
    x, y = 12 + 26 * (index % 32), 96 + 26 * (index % 24)
    yield data(212, struct.pack("<IIiIIIIIIIIII", 0, 0, -1, 0, 0x50, 0, 0, 0, 0, x, y, 0, 0))
    if channel.name is not None:
        yield text(203, channel.name)
    yield event(155, 0) + event(128, channel.colour) + _before_insert() + event(22, channel.insert)
    pan, volume = (0, _FULL_LEVEL) if automation else (6400, 10000)
    yield data(219, struct.pack("<6I", pan, volume, 0, 256, 0, 0))
    yield _levels() + data(221, struct.pack("<IIB", int(automation), 500, 0))
    parameters = bytearray(_PARAMETERS)
    parameters[_IS_NO_AUTOMATION_AT] = int(not automation)
    yield data(215, bytes(parameters)) + event(132, 0) + event(144, 0) + event(145, 0)
    if channel.points is not None:
        yield data(234, _points(channel.points))
    yield _after_points() + event(143, 3 if automation else 10) + event(20, 0)
    if channel.sample:
        yield text(196, channel.sample)


@functools.cache
def _before_insert() -> bytes:
    events = [event(0, 1), data(209, bytes.fromhex("0000000000190000000000000400000090000000"))]
    events += [
        event(kind, value)
        for kind, value in (
            (138, 0x800080), (139, 0x10000), (89, 0), (97, 128), (69, 128), (86, 256), (71, 1024), (83, 0), (74, 0),
            (75, 0), (76, 0), (85, 2048), (131, 0x800000), (70, 0),
        )
    ]  # fmt: skip
    return b"".join(events)


@functools.cache
def _levels() -> bytes:
    return data(229, bytes.fromhex("0000000000320000000000000000000000000000"))


@functools.cache
def _after_points() -> bytes:
    events = [event(32, 0), data(228, struct.pack("<4i", 100, 0, 0, 0)), data(228, struct.pack("<4i", 60, 0, 0, 0))]
    events += [data(218, _VOLUME_ENVELOPE if number == 1 else _ENVELOPE) for number in range(5)]
    return b"".join(events)


def _points(points: tuple[FlPoint, ...]) -> bytes:
    records = [struct.pack("<IIBIII", 1, 0x40, 1, 4, 3, len(points))]
    at = 0
    for index, point in enumerate(points):
        quarters = (point.tick - at) / TICKS_PER_QUARTER
        records.append(struct.pack("<ddfI", quarters, point.value, 0.0, _POINT_TAIL if index else 0))
        at = point.tick
    return b"".join(records) + _POINTS_TRAILER


def _playlist(project: FlProject) -> Iterator[bytes]:
    yield event(99, 0) + text(241, project.arrangement) + event(36, 0)
    yield data(233, b"".join(_clip(one) for one in sorted(project.clips, key=_place)))
    for marker in project.markers:
        yield event(148, marker.position) + event(33, 4) + event(34, 4) + text(205, marker.name)
    for number in range(1, MAX_TRACKS + 1):
        track = project.tracks[number - 1] if number <= len(project.tracks) else None
        rest = bytearray(_TRACK)
        if number <= _SHOWN_TRACKS:
            rest[_SHOWN_AT] = 0xF0
        colour = DEFAULT_COLOUR if track is None else track.colour
        yield data(238, struct.pack("<II", number, colour) + bytes(rest))
        if track is not None:
            yield text(239, track.name)
    for kind, value in ((100, 0), (29, 1), (39, 1), (40, 0), (31, 0), (38, 3)):
        yield event(kind, value)


def _place(clip: FlClip) -> tuple[int, int]:
    return clip.position, clip.track


def _clip(clip: FlClip) -> bytes:
    window = struct.pack("<II", 0, clip.length) if clip.pattern else struct.pack("<ff", -1, -1)
    item = 0x5000 + clip.pattern if clip.pattern else clip.channel
    head = (clip.position, 0x5000, item, clip.length, MAX_TRACKS - clip.track, 0, 120, 0x40, 0x80806440)
    return struct.pack("<IHHIHHHHI", *head) + window


def _insert(number: int, insert: FlInsert | None) -> bytes:
    named = b"" if insert is None else event(149, insert.colour) + text(204, insert.name)
    flags = 0x0C if number in (0, _CURRENT_INSERT) else 0x8C if number in _HEARD_BY_ALL else 0x4C
    return named + data(236, struct.pack("<III", 0, flags, 0)) + _slots() + _routes(number, insert) + _outputs(number)


@functools.cache
def _slots() -> bytes:
    return b"".join(event(98, slot) for slot in range(_SLOTS))


def _routes(number: int, insert: FlInsert | None) -> bytes:
    routed = bytearray(INSERTS)
    heard_by = (0,) if insert is None or insert.routes is None else insert.routes
    if number not in (0, _CURRENT_INSERT):
        for target in (*heard_by, *(() if insert is None else insert.sidechains)):
            routed[target] = 1
    if 1 <= number <= LAST_USUAL_INSERT:
        for target in _HEARD_BY_ALL:
            routed[target] = 1
    return data(235, bytes(routed))


@functools.cache
def _outputs(number: int) -> bytes:
    return event(154, -1) + event(147, -1 if number else 0)


def _mixer_levels(project: FlProject) -> bytes:
    """Levels of slots, volumes, equalizers and routes, 12 bytes each, for every mixer track."""
    record = struct.Struct("<IBBHI")
    records = [record.pack(0, 0, 0, 0x4000, _FULL_LEVEL)]
    for number in range(INSERTS):
        place = 0x2000 + 64 * number
        for slot in range(_SLOTS):
            records += [record.pack(0, 0, 31, place + slot, 1), record.pack(0, 1, 31, place + slot, _FULL_LEVEL)]
        levels = {192: _FULL_LEVEL, 193: 0, 194: 0, **_EQUALIZER}
        levels.update((_LEVEL_OF_ROUTE + target, 0) for target in _unheard_by(number, project.inserts.get(number)))
        records += [record.pack(0, parameter, 31, place, level) for parameter, level in levels.items()]
    return b"".join(records)


def _unheard_by(number: int, insert: FlInsert | None) -> Iterator[int]:
    """The mixer tracks to which the route of another has no level."""
    if insert is not None:
        yield from sorted(insert.sidechains)
    if number <= LAST_USUAL_INSERT:
        yield from _HEARD_BY_ALL
    if number <= _LAST_BEFORE_SPARE:
        yield _LAST_BEFORE_SPARE
    yield _CURRENT_INSERT
