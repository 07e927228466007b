"""Clips of an LMMS project: which of their notes the song plays, and when.

From version 1.3 on a clip may show a part of what it holds: `off` says how much later than the clip its contents begin,
and unless it is sized by them (`autoresize`) nothing is heard before the clip begins or after it ends. What notes are,
and whose, is read in `corpus.readers.lmms_projects`.

Source: LMMS's own project files and player (`MidiClip`, `PatternTrack`; versions 1.0 to 1.3).
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

import msgspec

from corpus.readers.lmms_xml import whole
from song.errors import UserError

LMMS_TICKS_PER_BAR = 192
_STEP_TICKS = 12
MAX_BARS = 2000
MAX_NOTES = 400_000


class Clip(msgspec.Struct, frozen=True):
    """A stretch of song, in LMMS ticks.

    Attributes:
        start: where it lies.
        length: how long it is heard.
        offset: how much later than it its contents begin; below 0 where their beginning is not heard.
    """

    start: int
    length: int
    offset: int = 0


class PlacedNote(msgspec.Struct, frozen=True):
    """A note of a project where the song plays it.

    Attributes:
        at: its onset in LMMS ticks.
        element: what the project says of it.
        room: LMMS ticks to the end of its clip, which cuts it; None where nothing does.
    """

    at: int
    element: ET.Element
    room: int | None = None


class Budget(msgspec.Struct):
    """Bounds on a song while its clips are read.

    Attributes:
        notes: how many may still be written out.
        end: where the last clip so far ends, in LMMS ticks.
    """

    notes: int = MAX_NOTES
    end: int = 0


def song_notes(budget: Budget, track: ET.Element) -> list[PlacedNote]:
    """The notes of a track's own clips that are heard, with their place in the song."""
    placed = []
    for clip in _clips(track):
        start, length = whole(clip, "pos", 0), _window(clip)
        budget.end = max(budget.end, start + max(whole(clip, "len", 0), 0))
        origin = start + whole(clip, "off", 0)
        for note in clip.iterfind("note"):
            at = origin + whole(note, "pos", 0)
            if length is None:
                placed.append(PlacedNote(at, note))
            elif start <= at < start + length:
                placed.append(PlacedNote(at, note, start + length - at))
    return placed


def _window(clip: ET.Element) -> int | None:
    """The length of a clip that is heard, in LMMS ticks; None where it is sized by what it holds."""
    return max(whole(clip, "len", 0), 0) if clip.get("autoresize") == "0" else None


def pattern_notes(song: ET.Element, budget: Budget) -> Iterator[tuple[ET.Element, list[PlacedNote]]]:
    """Every track of the beat+bassline editor, with its notes placed wherever the song plays its patterns."""
    bass_lines = [track for track in song.findall("track") if track.get("type") == "1"]
    inner: list[ET.Element] = []
    plays: list[list[Clip]] = []
    for bass_line in bass_lines:
        for name in ("bbtrack", "patterntrack"):
            inner.extend(bass_line.findall(f"{name}/trackcontainer/track"))
        muted = is_muted(bass_line, song)
        clips = [*bass_line.findall("bbtco"), *bass_line.findall("patternclip")]
        plays.append([_extent(clip) for clip in clips if clip.get("muted") != "1"] if not muted else [])
        budget.end = max([budget.end, *(play.start + play.length for play in plays[-1])])
    lengths = _pattern_lengths(inner, len(bass_lines))
    for track in inner:
        if track.get("muted") == "1":
            continue
        placed: list[PlacedNote] = []
        for clip in _clips(track):
            number = whole(clip, "pos", 0) // LMMS_TICKS_PER_BAR
            notes = [(whole(note, "pos", 0), note) for note in clip.iterfind("note")]
            for play in plays[number] if 0 <= number < len(plays) else []:
                # A pattern goes round from before its clip on where its contents are moved.
                late = play.offset % lengths[number]
                before = lengths[number] - late if late else 0
                repeats = -(-(play.length + before) // lengths[number])
                budget.notes -= repeats
                if len(placed) + repeats * len(notes) > MAX_NOTES or budget.notes < 0:
                    raise UserError(f"its patterns write out to over {MAX_NOTES} notes: cut it down to the music")
                placed.extend(
                    PlacedNote(play.start + repeat * lengths[number] + at - before, note)
                    for repeat in range(repeats)
                    for at, note in notes
                    if 0 <= repeat * lengths[number] + at - before < play.length
                )
        yield track, placed


def _pattern_lengths(inner: list[ET.Element], count: int) -> list[int]:
    """The LMMS ticks after which each pattern repeats: its longest clip, in whole bars."""
    bars = [1] * count
    for track in inner:
        for clip in [*track.findall("pattern"), *track.findall("midiclip")]:
            number = whole(clip, "pos", 0) // LMMS_TICKS_PER_BAR
            if not 0 <= number < count:
                continue
            ends = [whole(note, "pos", 0) + max(whole(note, "len", 0), 1) for note in clip.iterfind("note")]
            ticks = whole(clip, "steps", 16) * _STEP_TICKS if clip.get("type") == "0" else max(ends, default=0)
            bars[number] = max(bars[number], -(-ticks // LMMS_TICKS_PER_BAR))
    return [length * LMMS_TICKS_PER_BAR for length in bars]


def is_muted(track: ET.Element, among: ET.Element) -> bool:
    """True where a track is not heard among the others beside it."""
    # A solo mutes all the others, and remembers what they were.
    if any(other.get("solo") == "1" for other in among.findall("track")):
        return track.get("mutedBeforeSolo", "0") == "1"
    return track.get("muted") == "1"


def _clips(track: ET.Element) -> list[ET.Element]:
    clips = [*track.findall("pattern"), *track.findall("midiclip")]
    return [clip for clip in clips if clip.get("muted") != "1"]


def _extent(clip: ET.Element) -> Clip:
    start, length = whole(clip, "pos", 0), max(whole(clip, "len", LMMS_TICKS_PER_BAR), 0)
    if start + length > MAX_BARS * LMMS_TICKS_PER_BAR:
        raise UserError(f"it is over {MAX_BARS} bars long: cut it down to the music")
    return Clip(start, length, whole(clip, "off", 0))
