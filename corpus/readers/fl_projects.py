"""FL Studio projects: channels and patterns laid out by the playlist, markers, tempo and automation.

Those that Dropsmith wrote and those that FL Studio saved, as far as their records are known. Source: projects that FL
Studio 20.8.4 saved; flpkit's and PyFLP's documentation for the records of other versions.
"""

import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from corpus.readers.fl_events import LAST_OLD_MAJOR, Event, FlFile, events_of
from corpus.timelines import Timeline
from corpus.tracks import RawTrack
from song.errors import UserError
from song.export.drum_lanes import SAMPLE_PITCH, drum_of_label
from song.export.flp.notes import NOTES, PATTERN, RECORD
from song.export.flp.parts import AUTOMATION, CUTOFF_PARAMETER, TEMPO_PARAMETER, TEMPO_TARGET
from song.export.flp.song_project import DEPTH_NAME, LOWEST_TEMPO, TEMPO_SPAN
from song.export.looks import SHORT_PRESETS
from song.export.wobble_cc import DEPTH_CONTROLLER, FILTER_CONTROLLER
from song.notes import Note, cut_overlaps
from song.parts import PART_SPECS, Part
from song.time import QUARTERS_PER_BAR, TICKS_PER_BAR, TICKS_PER_QUARTER, rescale_ticks

MAX_NOTES = 400_000
MAX_TICKS = 128 * 128 * TICKS_PER_BAR
_PATTERN_BASE = 0x5000
_STRIDES = (32, 60, 80, 88)
_CLIP_HEAD = struct.Struct("<IHHIH")
_WINDOW_AT = 24
_FLOATS_FROM = 0x3F000000
_POINTS_AT, _POINT = 21, struct.Struct("<ddfI")
_COUNT_AT = 17
_TEMPO, _OLD_TEMPO, _OLD_TEMPO_FINE = 156, 66, 93
_DRUMS = PART_SPECS[Part.DRUMS].name
_MOST_VALUE = 127
_SLOT, _SLOTS = 98, 10
_LINE_STEP = 4
_MOST_LINE_POINTS = 200_000


class _Channel:
    """A channel as its events tell it."""

    def __init__(self) -> None:
        self.kind = 0
        self.name = ""
        self.points: list[tuple[int, float]] = []


class _Link(NamedTuple):
    channel: int
    target: int
    parameter: int


class _Clip(NamedTuple):
    position: int
    length: int
    offset: int
    pattern: int
    channel: int


class _Contents:
    """A project's contents, in ticks of its own."""

    def __init__(self, file: FlFile) -> None:
        self.ticks_per_quarter = file.ticks_per_quarter
        self.channels: dict[int, _Channel] = {}
        self.patterns: dict[int, list[tuple[int, ...]]] = {}
        self.pattern_lengths: dict[int, int] = {}
        self.links: list[_Link] = []
        self.clips: list[_Clip] = []
        self.markers: list[tuple[int, str]] = []
        self.texts: dict[int, str] = {}
        self.tempo = 140.0
        self._coarse = self._fine = 0
        self._read(file.events)
        if self._coarse and self.tempo < 0:
            self.tempo = self._coarse + self._fine / 1000

    def _read(self, events: Sequence[Event]) -> None:
        _check_version(events)
        self.tempo = -1.0
        pattern = arrangement = -1
        channel = _Channel()
        notes = 0
        for at, event in enumerate(events):
            kind, data = event
            if kind == 64:
                channel = self.channels.setdefault(event.number, _Channel())
            elif kind == PATTERN:
                pattern = event.number
            elif kind == 99:
                arrangement += 1
            elif kind == 21:
                channel.kind = event.number
            elif kind == 203 or (kind == 201 and not channel.name):
                channel.name = event.text
            elif kind == 234:
                channel.points = _points(data, self.ticks_per_quarter)
            elif kind == NOTES:
                self.patterns.setdefault(max(pattern, 0), []).extend(_note_records(data))
                notes += len(data) // RECORD.size
                if notes > MAX_NOTES:
                    raise UserError(f"it holds over {MAX_NOTES} notes: cut it down to the music")
            elif kind == 164 and event.number:
                self.pattern_lengths[pattern] = event.number
            elif kind == 227 and len(data) >= 12:
                _, source, _, parameter, target = struct.unpack_from("<HHIHH", data)
                self.links.append(_Link(source, target, parameter))
            elif kind == 233 and arrangement <= 0:
                self.clips.extend(_clips(data))
            elif kind == 148 and arrangement == 0:
                self._marker(event.number, events, at)
            elif kind == _TEMPO:
                self.tempo = event.number / 1000
            elif kind == _OLD_TEMPO:
                self._coarse = event.number
            elif kind == _OLD_TEMPO_FINE:
                self._fine = event.number
            elif kind in (194, 195, 206):
                self.texts[kind] = event.text

    def _marker(self, value: int, events: Sequence[Event], at: int) -> None:
        # The upper byte is its mode; 8 and above are changes of meter.
        if value >> 24 < 8:
            name = next((one.text for one in events[at : at + 6] if one.kind == 205), "")
            self.markers.append((value & 0xFFFFFF, name))


def read_fl_project(data: bytes) -> Timeline:
    """The arrangement in a project: what its playlist's clips play.

    Args:
        data: the whole file.

    Raises:
        UserError: where it is damaged, scrambled, of a version that is not known, or has no notes.
    """
    contents = _Contents(events_of(data))
    ticks = contents.ticks_per_quarter
    clips = [clip for clip in contents.clips if clip.pattern] or _unplaced(contents)
    heard: dict[int, list[Note]] = {}
    for clip in clips:
        for channel, note in _played(contents, clip):
            heard.setdefault(channel, []).append(note)
    if not heard:
        raise UserError("it has no notes: they may be within plugins, or it may have audio alone")
    length = max(rescale_ticks(clip.position + clip.length, ticks) for clip in [*clips, *contents.clips])
    tempi = _tempi(contents, length)
    tracks = tuple(_tracks(contents, heard))
    markers = tuple((rescale_ticks(at, ticks), name) for at, name in contents.markers)
    last = max(
        [length, *(tick + 1 for tick, _ in markers), *(note.end_tick for track in tracks for note in track.notes)]
    )
    if last > MAX_TICKS:
        raise UserError("it is longer than any song may be: cut it down to the music")
    comments = contents.texts.get(195, "")
    return Timeline(
        title=contents.texts.get(194, ""),
        tracks=tracks,
        tempi=tempi,
        markers=markers,
        comments=comments,
        genre=contents.texts.get(206, ""),
        length_ticks=-(-last // TICKS_PER_BAR) * TICKS_PER_BAR,
    )


def _check_version(events: Sequence[Event]) -> None:
    version = next((event.data for event in events if event.kind == 199), b"")
    words = version.split(b"\0")[0].decode("ascii", "replace")
    major = words.partition(".")[0]
    if not major.isdigit():
        raise UserError("it does not say which FL Studio it is from: open and save it again there")
    if int(major) <= LAST_OLD_MAJOR:
        raise UserError(
            f"it is from FL Studio {words}, whose files are not known: save it again in FL Studio 20 or later"
        )
    registered = next((event.number for event in events if event.kind == 28), 1)
    slots = [event.number for event in events if event.kind == _SLOT]
    if not registered and sum(slot >= _SLOTS for slot in slots) > len(slots) // 2:
        raise UserError("it was saved by a trial version of FL Studio, which scrambles it: save it in a full version")


def _note_records(data: bytes) -> Iterator[tuple[int, ...]]:
    if len(data) % RECORD.size:
        raise UserError("its notes are of a version of FL Studio that is not known: export a MIDI file there")
    for position, _, channel, length, key, _, _, _, _, _, _, velocity, _, _ in RECORD.iter_unpack(data):
        yield position, channel, length, key, velocity


def _clips(data: bytes) -> Iterator[_Clip]:
    if not data:
        return
    stride = next((stride for stride in _STRIDES if _fits(data, stride)), None)
    if stride is None:
        raise UserError("its playlist is of a version of FL Studio that is not known: export a MIDI file there")
    for at in range(0, len(data), stride):
        position, base, item, length, _ = _CLIP_HEAD.unpack_from(data, at)
        (start,) = struct.unpack_from("<I", data, at + _WINDOW_AT)
        # Older files hold fractions there, and -1 where nothing is cut.
        offset = 0 if start >= _FLOATS_FROM else start
        yield _Clip(position, length, offset, max(item - base, 0), item if item < base else -1)


def _fits(data: bytes, stride: int) -> bool:
    return not len(data) % stride and all(
        struct.unpack_from("<H", data, at + 4)[0] == _PATTERN_BASE for at in range(0, len(data), stride)
    )


def _unplaced(contents: _Contents) -> list[_Clip]:
    """The patterns one after another, of a project whose playlist has none of them."""
    clips, at = [], 0
    for number in sorted(contents.patterns):
        length = _pattern_ticks(contents, number)
        clips.append(_Clip(at, length, 0, number, -1))
        at += length
    return clips


def _pattern_ticks(contents: _Contents, number: int) -> int:
    """The length of a pattern, after which a longer clip plays it again."""
    bar = contents.ticks_per_quarter * QUARTERS_PER_BAR
    end = max((position + length for position, _, length, _, _ in contents.patterns.get(number, ())), default=0)
    return contents.pattern_lengths.get(number) or -(-max(end, 1) // bar) * bar


def _played(contents: _Contents, clip: _Clip) -> Iterator[tuple[int, Note]]:
    """The notes that a clip plays, with their channels, at 96 ticks a quarter from the project's start."""
    ticks, each = contents.ticks_per_quarter, _pattern_ticks(contents, clip.pattern)
    end = clip.position + clip.length
    notes = contents.patterns.get(clip.pattern, ())
    if clip.length // each * len(notes) > MAX_NOTES:
        raise UserError(f"it plays over {MAX_NOTES} notes: cut it down to the music")
    start = clip.position - clip.offset
    while start < end and notes:
        for position, channel, length, key, velocity in notes:
            onset = start + position
            if clip.position <= onset < end and velocity and key <= 127:
                stop = min(onset + max(length, 1), end)
                at = rescale_ticks(onset, ticks)
                duration = max(rescale_ticks(stop, ticks) - at, 1)
                yield channel, Note(at, key, duration, min(velocity, 127))
        start += each


def _tracks(contents: _Contents, heard: dict[int, list[Note]]) -> Iterator[RawTrack]:
    """A track of all drums, then one for each other channel that plays notes or is one of ours."""
    drums: list[Note] = []
    others: list[RawTrack] = []
    end = max(note.end_tick for notes in heard.values() for note in notes)
    for index, channel in sorted(contents.channels.items()):
        name, notes = _part_name(channel.name), heard.get(index, [])
        drum = drum_of_label(channel.name) if name == channel.name else None
        if channel.kind == AUTOMATION or not (notes or name != channel.name):
            continue
        if drum is not None and all(note.pitch == SAMPLE_PITCH for note in notes):
            drums += [Note(note.onset_tick, drum, note.duration_ticks, note.velocity) for note in notes]
        else:
            curves = _curves(contents, index)
            others.append(RawTrack(name, None, False, cut_overlaps(tuple(notes), end), curves=curves))
    # Ours have a track of drums, silent or not.
    ours = {track.name for track in others} >= set(SHORT_PRESETS) - {"Sub"}
    if drums or ours:
        yield RawTrack(_DRUMS, None, True, cut_overlaps(tuple(drums), end))
    yield from others


def _part_name(name: str) -> str:
    """A channel's name without the words on what belongs there, as ours have it: "Bass (growl or reese)"."""
    part, _, rest = name.partition(" (")
    return part if f"{SHORT_PRESETS.get(part)})" == rest else name


def _curves(contents: _Contents, channel: int) -> dict[int, tuple[tuple[int, int], ...]]:
    """The controller values that automation clips give a channel: linked ones its cutoff, others by their name."""
    cutoff = {link.channel for link in contents.links if (link.target, link.parameter) == (channel, CUTOFF_PARAMETER)}
    if not cutoff:
        return {}
    depth = {index for index, one in contents.channels.items() if one.name.endswith(DEPTH_NAME) and one.points}
    curves = {}
    for controller, sources in ((FILTER_CONTROLLER, cutoff), (DEPTH_CONTROLLER, depth)):
        changes = _changes(contents, sources)
        if changes:
            curves[controller] = changes
    return curves


def _changes(contents: _Contents, sources: set[int]) -> tuple[tuple[int, int], ...]:
    found: dict[int, int] = {}
    ticks = contents.ticks_per_quarter
    for clip in sorted(contents.clips):
        if clip.channel in sources:
            start = rescale_ticks(clip.position, ticks)
            end = rescale_ticks(clip.position + clip.length, ticks)
            for tick, value in _sampled(contents.channels[clip.channel].points):
                if start + tick < end or tick == 0:
                    found[start + tick] = max(0, min(_MOST_VALUE, round(value * _MOST_VALUE)))
    changes: list[tuple[int, int]] = []
    for tick, value in sorted(found.items()):
        if not changes or changes[-1][1] != value:
            changes.append((tick, value))
    return tuple(changes)


def _sampled(points: Sequence[tuple[int, float]]) -> Iterator[tuple[int, float]]:
    """Corners, and between those that are far apart and differ the line that joins them."""
    if not points:
        return
    if points[-1][0] // _LINE_STEP > _MOST_LINE_POINTS:
        raise UserError("an automation clip is longer than any song may be: cut it down to the music")
    for (tick, value), (following, next_value) in pairwise(points):
        yield tick, value
        if following - tick > _LINE_STEP and next_value != value:
            for at in range(tick + _LINE_STEP, following, _LINE_STEP):
                yield at, value + (next_value - value) * (at - tick) / (following - tick)
    yield points[-1]


def _points(data: bytes, ticks_per_quarter: int) -> list[tuple[int, float]]:
    """The corners of an automation clip as (tick at 96 a quarter, value)."""
    if len(data) < _POINTS_AT:
        raise UserError("an automation clip in it is cut short: copy or save it again")
    (count,) = struct.unpack_from("<I", data, _COUNT_AT)
    if _POINTS_AT + count * _POINT.size > len(data):
        raise UserError("an automation clip in it is damaged: copy or save it again")
    points, quarters = [], 0.0
    for index in range(count):
        delta, value, _, _ = _POINT.unpack_from(data, _POINTS_AT + index * _POINT.size)
        quarters += delta
        if not (0 <= quarters * TICKS_PER_QUARTER <= MAX_TICKS and -1 <= value <= 2):
            raise UserError("an automation clip in it is damaged: copy or save it again")
        points.append((round(quarters * TICKS_PER_QUARTER), value))
    return points


def _tempi(contents: _Contents, end_tick: int) -> tuple[tuple[int, float], ...]:
    """Tempo changes: those of an automation clip of the tempo, a quarter at a time where it moves."""
    sources = {
        link.channel for link in contents.links if (link.target, link.parameter) == (TEMPO_TARGET, TEMPO_PARAMETER)
    }
    tempo = contents.tempo if contents.tempo > 0 else 140.0
    changes = [(0, tempo)]
    for clip in sorted(contents.clips):
        points = contents.channels[clip.channel].points if clip.channel in sources else []
        start = rescale_ticks(clip.position, contents.ticks_per_quarter)
        corners = [(start + tick, value * TEMPO_SPAN + LOWEST_TEMPO) for tick, value in points]
        changes += _stairs(corners, min(end_tick, start + rescale_ticks(clip.length, contents.ticks_per_quarter)))
    stairs: dict[int, float] = {}
    for tick, bpm in changes:
        stairs[tick] = bpm
    found: list[tuple[int, float]] = []
    for tick, bpm in sorted(stairs.items()):
        if not found or found[-1][1] != bpm:
            found.append((tick, bpm))
    return tuple(found)


def _stairs(corners: Sequence[tuple[int, float]], end_tick: int) -> Iterator[tuple[int, float]]:
    """A curve as changes on quarters and at steps."""
    if not corners:
        return
    for (tick, value), (following, next_value) in zip(corners, [*corners[1:], (end_tick, 0.0)], strict=True):
        if tick >= end_tick:
            return
        # Many decimals of the file's fraction mean nothing.
        yield tick, round(value, 9)
        if corners[-1][0] > tick and next_value != value:
            quarter = (tick // TICKS_PER_QUARTER + 1) * TICKS_PER_QUARTER
            for at in range(quarter, min(following, end_tick), TICKS_PER_QUARTER):
                yield at, round(value + (next_value - value) * (at - tick) / (following - tick), 9)
