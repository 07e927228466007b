"""Reader of LMMS projects: tracks of notes, beat+bassline patterns written out where the song plays them.

Arpeggiators and chord stackers are not written out: what such a track sounds like is not on the page, so it is left
out, and told. `corpus.readers.lmms_xml` opens the file, `corpus.readers.lmms_clips` says which notes are played when,
`corpus.readers.lmms_automation` knows the tempo.

Source: LMMS's own project files and upgrade code (versions 1.0 to 23); 48 ticks a quarter, key 57 the A above middle C
in older ones and 69 in newer ones, both through the track's base note.
"""

import xml.etree.ElementTree as ET

import msgspec

from corpus.analysis.tempi import fit_tempi
from corpus.analysis.timing import END_SLACK_TICKS, MAX_SILENT_BARS
from corpus.readers.lmms_automation import automated_values
from corpus.readers.lmms_clips import (
    LMMS_TICKS_PER_BAR,
    MAX_BARS,
    MAX_NOTES,
    Budget,
    PlacedNote,
    is_muted,
    pattern_notes,
    song_notes,
)
from corpus.readers.lmms_wobble import low_pass
from corpus.readers.lmms_xml import open_project, setting, whole
from corpus.tracks import Loss, RawTrack, Recording
from song.drums import KICK, drum_of_name
from song.errors import UserError
from song.notes import Note
from song.time import TICKS_PER_BAR, rescale_ticks

LMMS_TICKS_PER_QUARTER = 48
_STEP_TICKS = 12
_LAST_TICK = MAX_BARS * TICKS_PER_BAR
MAX_TRACKS = 2000

_CONCERT_A = 69
_OLD_BASE_NOTE = 57
_DRUM_BANKS = (127, 128)
"""General MIDI's drum kits in a soundfont, and XG's."""
_EFFECT_PROGRAM = 127
ARPEGGIATED = "played by an arpeggiator or chord stacker: freeze it into notes first"
_NO_PITCH = ("loop", "fx", "riser", "sweep", "noise", "impact", "vox", "scratch", "quote", "voice", "drum", "perc")


class _ProjectTrack(msgspec.Struct):
    """A recording while its project is being read.

    Attributes:
        master_pitch: semitones.
        tempo_bpm: the tempo that lasts longest.
        budget: bounds on what is read.
        tracks: those that are done.
        left_out: those whose notes are not what is heard.
    """

    master_pitch: int
    tempo_bpm: float
    budget: Budget = msgspec.field(default_factory=Budget)
    tracks: list[RawTrack] = msgspec.field(default_factory=list)
    left_out: list[RawTrack] = msgspec.field(default_factory=list)


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
    _check_meter(root, head)
    if sum(1 for _ in root.iter("track")) > MAX_TRACKS:
        raise UserError(f"it has over {MAX_TRACKS} tracks: cut it down to the music")
    tempo = setting(head, "bpm", 140)
    changes = [(rescale_ticks(max(at, 0), LMMS_TICKS_PER_QUARTER), bpm)
               for at, bpm in automated_values(root, head, "bpm") if bpm > 0]  # fmt: skip
    tempo = tempo if tempo > 0 else 140
    # The filters' oscillators go by the tempo that lasts longest; how long the song is comes out below.
    draft = _ProjectTrack(int(setting(head, "masterpitch", 0)), fit_tempi(changes, _song_ticks(root), tempo).main)
    for track in song.findall("track"):
        if not is_muted(track, song):
            _add(draft, track, song_notes(draft.budget, track))
    for track, notes in pattern_notes(song, draft.budget):
        _add(draft, track, notes)
    partly = "tracks left out, because an arpeggiator or chord stacker plays them: "
    partly += ", ".join(track.name for track in draft.left_out)
    if not draft.tracks:
        if draft.left_out:
            raise UserError(partly)
        raise UserError("it has no notes that sound: check that its tracks are not muted or only samples")
    last = max(note.end_tick for track in draft.tracks for note in track.notes)
    end = rescale_ticks(draft.budget.end, LMMS_TICKS_PER_QUARTER)
    end = max(last, end if end - last <= MAX_SILENT_BARS * TICKS_PER_BAR else last)
    bars = -(-(end - END_SLACK_TICKS) // TICKS_PER_BAR)
    tempi = fit_tempi(changes, max(bars, 1) * TICKS_PER_BAR, tempo)
    return Recording(
        (*draft.tracks, *draft.left_out),
        draft.tempo_bpm,
        (),
        partly if draft.left_out else "",
        max(bars, 1),
        tempi.changes,
        told=(*tempi.told, *_muted(song)),
    )


def _check_meter(root: ET.Element, head: ET.Element) -> None:
    """Refuse every meter but those of 4/4 bars, also where automation sets it.

    Raises:
        UserError: where the project is in another, or goes to another.
    """
    beats, units = (int(setting(head, f"timesig_{which}", 4)) for which in ("numerator", "denominator"))
    if beats != units:
        raise UserError(f"it is in {beats}/{units}: only 4/4 music is taken in")
    changes = sorted(
        (at, which, int(value))
        for which in ("numerator", "denominator")
        for at, value in automated_values(root, head, f"timesig_{which}")
    )
    ticks = sorted({at for at, _, _ in changes})
    for tick in ticks:
        now = {which: value for at, which, value in changes if at <= tick}
        beats, units = now.get("numerator", beats), now.get("denominator", units)
        if beats != units:
            raise UserError(f"it goes to {beats}/{units}, by automation: only 4/4 music is taken in")


def _song_ticks(root: ET.Element) -> int:
    """About how long the song is, in our ticks, 1 or more: to a bar after where its last clip begins."""
    starts = (whole(clip, "pos", 0) for clip in root.iter() if clip.get("pos"))
    return max(rescale_ticks(max(max(starts, default=0), 0) + LMMS_TICKS_PER_BAR, LMMS_TICKS_PER_QUARTER), 1)


def _muted(song: ET.Element) -> list[str]:
    """A line that names the tracks that are muted though they have notes."""
    names = [
        track.get("name", "") or "unnamed"
        for track in song.findall("track")
        if is_muted(track, song) and track.find(".//note") is not None
    ]
    return [f"muted tracks are left out: {', '.join(names)}"] if names else []


def _add(draft: _ProjectTrack, track: ET.Element, placed: list[PlacedNote]) -> None:
    """Make a track of some placed notes, unless there are none or its notes are not what is heard."""
    instrument_track = track.find("instrumenttrack")
    if instrument_track is None or not placed:
        return
    draft.budget.notes -= len(placed)
    if draft.budget.notes < 0:
        raise UserError(f"it holds over {MAX_NOTES} notes: cut it down to the music")
    name = track.get("name", "")
    stacked = instrument_track.find("chordcreator[@chord-enabled='1']")
    if stacked is not None or instrument_track.find("arpeggiator[@arp-enabled='1']") is not None:
        loss = Loss(ARPEGGIATED, len(placed))
        draft.left_out.append(RawTrack(name or "unnamed", None, False, (), losses=(loss,)))
        return
    label, program, drum, is_kit = _instrument(name, instrument_track)
    shift = _CONCERT_A - int(setting(instrument_track, "basenote", _OLD_BASE_NOTE))
    if instrument_track.get("usemasterpitch", "1") == "1":
        shift += draft.master_pitch
    notes = []
    # A pattern's notes are placed once for each time that it is played, and read once.
    heard: dict[ET.Element, tuple[int, int, int]] = {}
    for one in placed:
        note = one.element
        if note not in heard:
            key, length = whole(note, "key", _OLD_BASE_NOTE), whole(note, "len", 0)
            ticks = rescale_ticks(length if length > 0 else _STEP_TICKS, LMMS_TICKS_PER_QUARTER)
            heard[note] = (
                drum if drum is not None else min(max(key + shift, 0), 127),
                min(max(ticks, 1), _LAST_TICK),
                min(max(whole(note, "vol", 100), 0), 127),
            )
        pitch, ticks, velocity = heard[note]
        onset = rescale_ticks(one.at, LMMS_TICKS_PER_QUARTER)
        if one.room is not None:
            ticks = min(ticks, max(rescale_ticks(one.room, LMMS_TICKS_PER_QUARTER), 1))
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
