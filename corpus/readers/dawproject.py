"""DAWproject files: tracks with clips of notes, markers, tempo and controllers, of ours and of other programs'.

Source: the DAWproject 1.0 reference and its schemas.
"""

import io
import math
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from corpus.readers.bounded_xml import parse_bounded
from corpus.timelines import Timeline
from corpus.tracks import RawTrack
from song.errors import UserError
from song.export.dawproject import METADATA_FILE, MOST_VALUE, MOST_VELOCITY, PROJECT_FILE
from song.export.wobble_cc import DEPTH_CONTROLLER, FILTER_CONTROLLER
from song.notes import Note, cut_overlaps
from song.parts import PART_SPECS, Part
from song.time import QUARTERS_PER_BAR, TICKS_PER_BAR, TICKS_PER_QUARTER

MAX_BYTES = 512_000_000
"""The largest file that is opened: samples may lie in it, which are not read."""
MAX_XML_BYTES = 64_000_000
MAX_ELEMENTS = 3_000_000
MAX_NOTES = 400_000
_MOST_BEATS = 128 * 128 * QUARTERS_PER_BAR
_DRUM_CHANNEL = PART_SPECS[Part.DRUMS].channel
_DRUMS = PART_SPECS[Part.DRUMS].name
_CONTROLLERS = (DEPTH_CONTROLLER, FILTER_CONTROLLER)


def read_dawproject(data: bytes) -> Timeline:
    """The arrangement in a DAWproject file.

    Args:
        data: the whole file.

    Raises:
        UserError: where it is damaged, is none, is not in 4/4, or has no notes.
    """
    project, metadata = _opened(data)
    arrangement = project.find("Arrangement")
    if arrangement is None:
        raise UserError("it has no arrangement: it may hold scenes alone; export the arrangement")
    _check_meter(project, arrangement)
    names = {
        track.get("id", ""): track.get("name", "") for track in project.iter("Track") if track.get("id") is not None
    }
    found: dict[str, list[Note]] = {track: [] for track in _note_tracks(project)}
    curves: dict[str, dict[int, list[tuple[int, int]]]] = {}
    drums: set[str] = set()
    end = total = 0
    for track, clip in _clips(arrangement):
        start, length = _beats(clip, "time"), _beats(clip, "duration", math.inf)
        if math.isfinite(length):
            end = max(end, _ticks(start + length))
        for note in clip.iter("Note"):
            total += 1
            if total > MAX_NOTES:
                raise UserError(f"it holds over {MAX_NOTES} notes: cut it down to the music")
            _add_note(found.setdefault(track, []), note, clip, start, length)
            if _whole(note, "channel", 0) == _DRUM_CHANNEL:
                drums.add(track)
        for points in clip.iter("Points"):
            _add_points(curves.setdefault(track, {}), points, start)
    if not any(found.values()):
        raise UserError("it has no notes: it may have audio alone")
    end = max([end, *(note.end_tick for notes in found.values() for note in notes)])
    tempo = project.find("Transport/Tempo")
    return Timeline(
        title=_text(metadata, "Title"),
        tracks=tuple(
            RawTrack(
                names.get(track, ""),
                None,
                track in drums or names.get(track) == _DRUMS,
                cut_overlaps(tuple(notes), end),
                curves={which: _changed(curve) for which, curve in curves.get(track, {}).items()},
            )
            for track, notes in found.items()
        ),
        tempi=_tempi(arrangement, _beats(tempo, "value", 120.0) if tempo is not None else 120.0, end),
        markers=tuple(
            sorted((_ticks(_beats(marker, "time")), marker.get("name", "")) for marker in arrangement.iter("Marker"))
        ),
        comments=_text(metadata, "Comment"),
        genre=_text(metadata, "Genre"),
        length_ticks=-(-end // TICKS_PER_BAR) * TICKS_PER_BAR,
    )


def _opened(data: bytes) -> tuple[Element, Element | None]:
    if not data:
        raise UserError("it is empty: export it again")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {PROJECT_FILE, METADATA_FILE} & set(archive.namelist())
            texts = {name: _unpacked(archive, name) for name in names}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise UserError("it is no DAWproject file, or cut short: copy or export it again") from error
    if PROJECT_FILE not in texts:
        raise UserError(f"it is no DAWproject file: there is no {PROJECT_FILE} in it")
    project = parse_bounded(texts[PROJECT_FILE], MAX_XML_BYTES, MAX_ELEMENTS)
    if project.tag != "Project":
        raise UserError("it is no DAWproject file: its XML is of another kind")
    metadata = texts.get(METADATA_FILE)
    return project, None if metadata is None else parse_bounded(metadata, MAX_XML_BYTES, MAX_ELEMENTS)


def _unpacked(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > MAX_XML_BYTES:
        raise UserError(f"{name} in it is over {MAX_XML_BYTES // 1_000_000} MB, which no song's is")
    with archive.open(name) as file:
        text = file.read(MAX_XML_BYTES + 1)
    if len(text) > MAX_XML_BYTES:
        raise UserError(f"{name} in it is over {MAX_XML_BYTES // 1_000_000} MB, which no song's is")
    return text


def _check_meter(project: Element, arrangement: Element) -> None:
    for meter in (*project.iterfind("Transport/TimeSignature"), *arrangement.iter("TimeSignaturePoint")):
        beats, unit = _whole(meter, "numerator", 4), _whole(meter, "denominator", 4)
        if beats != unit:
            raise UserError(f"it is in {beats}/{unit}: only 4/4 music is taken in")


def _note_tracks(project: Element) -> Iterator[str]:
    """The ids of tracks for notes, in order; the master is none."""
    for track in project.iter("Track"):
        channel = track.find("Channel")
        is_master = channel is not None and channel.get("role") == "master"
        if "notes" in track.get("contentType", "") and not is_master and track.get("id"):
            yield track.get("id", "")


def _clips(arrangement: Element) -> Iterator[tuple[str, Element]]:
    """Clips that lie in tracks, with the id of theirs. Clips within clips are theirs."""
    stack = [(lanes, lanes.get("track", "")) for lanes in reversed(arrangement.findall("Lanes"))]
    while stack:
        element, track = stack.pop()
        track = element.get("track", track)
        if element.tag == "Clip":
            if element.get("enable", "true") != "false":
                yield track, element
            continue
        stack += [(child, track) for child in reversed(element)]


def _add_note(notes: list[Note], note: Element, clip: Element, start: float, length: float) -> None:
    """A note of a clip, as far as the clip plays it; loops are played once."""
    first = _beats(clip, "playStart", 0.0)
    at = _beats(note, "time") - first
    key, velocity = _whole(note, "key", -1), _beats(note, "vel", 0.8)
    if not (0 <= at < length and 0 <= key <= 127 and velocity > 0):
        return
    onset = _ticks(start + at)
    stop = _ticks(start + min(at + _beats(note, "duration"), length))
    notes.append(Note(onset, key, max(stop - onset, 1), max(1, min(127, round(velocity * MOST_VELOCITY)))))


def _add_points(curves: dict[int, list[tuple[int, int]]], points: Element, start: float) -> None:
    target = points.find("Target")
    if target is None or target.get("expression") != "channelController":
        return
    controller = _whole(target, "controller", -1)
    if controller in _CONTROLLERS:
        curves.setdefault(controller, []).extend(
            (_ticks(start + _beats(point, "time")), max(0, min(MOST_VALUE, round(_beats(point, "value") * MOST_VALUE))))
            for point in points.iter("RealPoint")
        )


def _changed(curve: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The points of a curve at which its value changes, in order."""
    changes: list[tuple[int, int]] = []
    for tick, value in sorted(dict(curve).items()):
        if not changes or changes[-1][1] != value:
            changes.append((tick, value))
    return tuple(changes)


def _tempi(arrangement: Element, start_bpm: float, end_tick: int) -> tuple[tuple[int, float], ...]:
    points = [
        (_ticks(_beats(point, "time")), _beats(point, "value"), point.get("interpolation", "hold"))
        for point in arrangement.iterfind("TempoAutomation/RealPoint")
    ]
    changes: dict[int, float] = {0: start_bpm}
    for index, (tick, bpm, interpolation) in enumerate(points):
        changes[tick] = bpm
        if interpolation == "linear" and index + 1 < len(points):
            following, next_bpm, _ = points[index + 1]
            quarter = (tick // TICKS_PER_QUARTER + 1) * TICKS_PER_QUARTER
            for at in range(quarter, min(following, end_tick), TICKS_PER_QUARTER):
                changes[at] = round(bpm + (next_bpm - bpm) * (at - tick) / (following - tick), 9)
    found: list[tuple[int, float]] = []
    for tick, bpm in sorted(changes.items()):
        if bpm > 0 and (not found or found[-1][1] != bpm):
            found.append((tick, bpm))
    return tuple(found)


def _text(metadata: Element | None, name: str) -> str:
    return "" if metadata is None else (metadata.findtext(name) or "")


def _ticks(beats: float) -> int:
    return math.floor(beats * TICKS_PER_QUARTER + 0.5)


def _beats(element: Element, name: str, default: float = 0.0) -> float:
    """A number that stands in an attribute: beats, or what else is counted in fractions."""
    text = element.get(name)
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and abs(value) <= _MOST_BEATS):
        raise UserError(f'it is damaged: "{text[:20]}" stands where {name} should be a number of a song')
    return value


def _whole(element: Element, name: str, default: int) -> int:
    return int(_beats(element, name, default))
