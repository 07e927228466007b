"""Reader of LMMS projects: tracks of notes, beat+bassline patterns written out where the song plays them.

Arpeggiators and chord stackers are not written out: what such a track sounds like is not on the page, so it is left
out. `corpus.readers.lmms_xml` opens the file.

Source: LMMS's own project files and upgrade code (versions 1.0 to 23); 48 ticks a quarter, key 57 the A above middle C
in older ones and 69 in newer ones, both through the track's base note.
"""

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator

import msgspec

from corpus.readers.lmms_wobble import low_pass
from corpus.readers.lmms_xml import open_project, setting, whole
from corpus.tracks import RawTrack, Recording
from song.drums import KICK, drum_of_name
from song.errors import UserError
from song.notes import Note
from song.time import TICKS_PER_BAR, rescale_ticks

LMMS_TICKS_PER_QUARTER = 48
LMMS_TICKS_PER_BAR = 192
_STEP_TICKS = 12
MAX_BARS = 2000
MAX_NOTES = 400_000
_LAST_TICK = MAX_BARS * TICKS_PER_BAR
MAX_TRACKS = 2000

_CONCERT_A = 69
_OLD_BASE_NOTE = 57
_DRUM_BANKS = (127, 128)
"""General MIDI's drum kits in a soundfont, and XG's."""
_EFFECT_PROGRAM = 127
_NO_PITCH = ("loop", "fx", "riser", "sweep", "noise", "impact", "vox", "scratch", "quote", "voice", "drum", "perc")


class Clip(msgspec.Struct, frozen=True):
    """Where a stretch of song lies, in LMMS ticks."""

    start: int
    length: int


class _ProjectTrack(msgspec.Struct):
    """A recording while its project is being read.

    Attributes:
        master_pitch: semitones.
        tempo_bpm: the tempo that lasts longest.
        budget: notes that may still be written out.
        tracks: those that are done.
        left_out: names of those whose notes are not what is heard.
    """

    master_pitch: int
    tempo_bpm: float
    budget: int = MAX_NOTES
    tracks: list[RawTrack] = msgspec.field(default_factory=list)
    left_out: list[str] = msgspec.field(default_factory=list)


def read_lmms(data: bytes) -> Recording:
    """The music that an LMMS project plays.

    Args:
        data: the whole file, `.mmp` or `.mmpz`.

    Raises:
        UserError: where it is damaged or no project, is not in 4/4, has no notes, or is absurdly long.
    """
    root = open_project(data)
    head = root.find("head")
    song = root.find("song/trackcontainer")
    if head is None or song is None:
        raise UserError("it is an LMMS file without a song in it (a preset?): save the project")
    meter = tuple(int(setting(head, f"timesig_{which}", 4)) for which in ("numerator", "denominator"))
    if meter[0] != meter[1]:
        raise UserError(f"it is in {meter[0]}/{meter[1]}: only 4/4 music is taken in")
    if sum(1 for _ in root.iter("track")) > MAX_TRACKS:
        raise UserError(f"it has over {MAX_TRACKS} tracks: cut it down to the music")
    draft = _ProjectTrack(int(setting(head, "masterpitch", 0)), _main_tempo(root, head))
    for track in song.findall("track"):
        if not _is_muted(track, song):
            _add(draft, track, _song_notes(track))
    for track, notes in _patterns(song, draft):
        _add(draft, track, notes)
    if not draft.tracks:
        raise UserError("it has no notes that sound: check that its tracks are not muted or only samples")
    partly = f"tracks left out, because an arpeggiator or chord stacker plays them: {', '.join(draft.left_out)}"
    return Recording(tuple(draft.tracks), draft.tempo_bpm, (), partly if draft.left_out else "")


def _song_notes(track: ET.Element) -> list[tuple[int, ET.Element]]:
    """The notes of a track's own clips, with their place in the song."""
    placed = []
    for clip in _clips(track):
        start = whole(clip, "pos", 0)
        for note in clip.iterfind("note"):
            placed.append((start + whole(note, "pos", 0), note))
    return placed


def _patterns(song: ET.Element, draft: _ProjectTrack) -> Iterator[tuple[ET.Element, list[tuple[int, ET.Element]]]]:
    """Every track of the beat+bassline editor, with its notes placed wherever the song plays its patterns."""
    bass_lines = [track for track in song.findall("track") if track.get("type") == "1"]
    inner: list[ET.Element] = []
    plays: list[list[Clip]] = []
    for bass_line in bass_lines:
        for name in ("bbtrack", "patterntrack"):
            inner.extend(bass_line.findall(f"{name}/trackcontainer/track"))
        muted = _is_muted(bass_line, song)
        clips = [*bass_line.findall("bbtco"), *bass_line.findall("patternclip")]
        plays.append([_extent(clip) for clip in clips if clip.get("muted") != "1"] if not muted else [])
    lengths = _pattern_lengths(inner, len(bass_lines))
    for track in inner:
        if track.get("muted") == "1":
            continue
        placed: list[tuple[int, ET.Element]] = []
        for clip in _clips(track):
            number = whole(clip, "pos", 0) // LMMS_TICKS_PER_BAR
            notes = [(whole(note, "pos", 0), note) for note in clip.iterfind("note")]
            for play in plays[number] if 0 <= number < len(plays) else []:
                repeats = -(-play.length // lengths[number])
                draft.budget -= repeats
                if len(placed) + repeats * len(notes) > MAX_NOTES or draft.budget < 0:
                    raise UserError(f"its patterns write out to over {MAX_NOTES} notes: cut it down to the music")
                placed.extend(
                    (play.start + repeat * lengths[number] + at, note)
                    for repeat in range(repeats)
                    for at, note in notes
                    if repeat * lengths[number] + at < play.length
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


def _add(draft: _ProjectTrack, track: ET.Element, placed: list[tuple[int, ET.Element]]) -> None:
    """Make a track of some placed notes, unless there are none or its notes are not what is heard."""
    instrument_track = track.find("instrumenttrack")
    if instrument_track is None or not placed:
        return
    draft.budget -= len(placed)
    if draft.budget < 0:
        raise UserError(f"it holds over {MAX_NOTES} notes: cut it down to the music")
    name = track.get("name", "")
    stacked = instrument_track.find("chordcreator[@chord-enabled='1']")
    if stacked is not None or instrument_track.find("arpeggiator[@arp-enabled='1']") is not None:
        draft.left_out.append(name or "unnamed")
        return
    label, program, drum, is_kit = _instrument(name, instrument_track)
    shift = _CONCERT_A - int(setting(instrument_track, "basenote", _OLD_BASE_NOTE))
    if instrument_track.get("usemasterpitch", "1") == "1":
        shift += draft.master_pitch
    notes = []
    # A pattern's notes are placed once for each time that it is played, and read once.
    heard: dict[ET.Element, tuple[int, int, int]] = {}
    for at, note in placed:
        if note not in heard:
            key, length = whole(note, "key", _OLD_BASE_NOTE), whole(note, "len", 0)
            ticks = rescale_ticks(length if length > 0 else _STEP_TICKS, LMMS_TICKS_PER_QUARTER)
            heard[note] = (
                drum if drum is not None else min(max(key + shift, 0), 127),
                min(max(ticks, 1), _LAST_TICK),
                min(max(whole(note, "vol", 100), 0), 127),
            )
        pitch, ticks, velocity = heard[note]
        onset = rescale_ticks(at, LMMS_TICKS_PER_QUARTER)
        # What starts before the song does is not heard.
        if velocity and onset >= 0:
            notes.append(Note(onset, pitch, ticks, velocity))
    if any(note.onset_tick > _LAST_TICK for note in notes):
        raise UserError(f"it is over {MAX_BARS} bars long: cut it down to the music")
    if notes:
        is_drum = drum is not None or is_kit
        wobble = low_pass(instrument_track, draft.tempo_bpm)
        draft.tracks.append(RawTrack(label, program, is_drum, tuple(sorted(notes)), wobble))


def _instrument(name: str, instrument_track: ET.Element) -> tuple[str, int | None, int | None, bool]:
    """Instrument of a track: a name to judge it by, its program, the one drum that it is, and whether it is a kit."""
    instrument = instrument_track.find("instrument")
    kind = instrument.get("name", "") if instrument is not None else ""
    settings = instrument[0] if instrument is not None and len(instrument) else ET.Element("none")
    if kind == "kicker":
        return name, None, drum_of_name(name) or KICK, False
    if kind == "sf2player":
        if int(setting(settings, "bank", 0)) in _DRUM_BANKS:
            return name, None, None, True
        return name, min(max(int(setting(settings, "patch", 0)), 0), 127), None, False
    if kind == "audiofileprocessor":
        sample = settings.get("src", "").replace("\\", "/").rpartition("/")[2].rpartition(":")[2]
        drum = drum_of_name(sample)
        drum = drum_of_name(name) if drum is None else drum
        label = f"{name} {sample.rpartition('.')[0]}"
        # The key that speech, noise or an unknown drum is played on says nothing of pitch.
        effect = any(word in label.lower() for word in _NO_PITCH)
        return label, _EFFECT_PROGRAM if effect else None, drum, False
    return name, None, drum_of_name(name), False


def _main_tempo(root: ET.Element, head: ET.Element) -> float:
    """The tempo that holds longest, in BPM, where it is automated; else the one there is."""
    tempo = setting(head, "bpm", 140)
    element = head.find("bpm")
    number = element.get("id") if element is not None else None
    changes: list[tuple[int, float]] = []
    for clip in [*root.iter("automationclip"), *root.iter("automationpattern")] if number else []:
        if any(target.get("id") == number for target in clip.findall("object")):
            start = whole(clip, "pos", 0)
            changes.extend((start + whole(time, "pos", 0), setting(time, "value", tempo)) for time in clip)
    changes = sorted((at, bpm) for at, bpm in changes if bpm > 0)
    if not changes:
        return round(tempo, 2)
    end = max((whole(clip, "pos", 0) + LMMS_TICKS_PER_BAR for clip in root.iter() if clip.get("pos")), default=0)
    lasting: Counter[float] = Counter()
    at = 0
    for tick, bpm in changes:
        lasting[tempo] += max(tick - at, 0)
        at, tempo = max(tick, at), bpm
    lasting[tempo] += max(end - at, 1)
    longest: float = max(lasting, key=lambda bpm: lasting[bpm])
    return round(longest, 2)


def _is_muted(track: ET.Element, among: ET.Element) -> bool:
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
    return Clip(start, length)
