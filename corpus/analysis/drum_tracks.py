"""Tracks that are drums though their channel does not say so: by their names, and by what they play.

The names and pitches of drums stand in `song.drums`; which part any other track plays is decided in
`corpus.analysis.roles`.
"""

import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from corpus.tracks import RawTrack
from song.drums import DRUM_GROUPS, DRUMS, GROUP_OF, GROUPS, canonical_drum, drum_of_name
from song.notes import Note

_KIT_WORDS = re.compile(r"drum|\bkit\b|perc|(?<!on)(?<!off)beat\b")
_PITCHED_WORDS = re.compile(
    r"bass(?! ?drum)|\bsub(?! ?kick)|lead|melod|chord|\bpad|pluck|\barp|guitar|piano|organ|string|brass|vocal|vox|steel"
    r"|bell(?!.*(?:cow|ride))|marimba|reese|growl|wob|guit"
)
_CHANNEL_NAME = re.compile(r"^(?:midi )?(?:ch|chan|channel)[ ._#-]*\d+$")
"""Names such as "ch11" number a channel; they mean no closed hat."""

KNOWN_SHARE = 0.9
"""A track that is called a kit is one where so much of its notes are drums of the table."""
_MOST_PITCHES = 4
"""A track that is called by one drum and plays more pitches than this plays a tune."""
_FAMILIES = {group: "hat" if group == "open hat" else group for group in GROUPS}
"""The jobs of drums, those of one instrument as one."""

_LOW, _HIGH = 35, 59
_KICKS = frozenset(pitch for drum in DRUMS if drum.group == "kick" for pitch in drum.pitches)
_BACKBEAT = frozenset((*DRUM_GROUPS["snare"], *DRUM_GROUPS["clap"]))
_HATS = frozenset((*DRUM_GROUPS["hat"], *DRUM_GROUPS["open hat"]))
_CLOSED_HAT = DRUM_GROUPS["hat"][0]
_CORE_SHARE = 0.75
"""The share of kicks, snares, claps and hats in what sounds like a kit and is not called one."""
_TOGETHER_SHARE, _FEW_HATS, _MANY_HATS = 0.08, 0.2, 0.4
"""Hits together on so many of its onsets beside some hats, or many hats, tell a kit from a bass line on its notes."""
_LEAST_HITS = 4


def as_drums(track: RawTrack) -> RawTrack | None:
    """A track with General MIDI drums for pitches, or None where it is no drum track.

    The first that fits: its source says so; it is called by one drum, whose pitch all that is no drum of that kind
    becomes; it is called a kit and its notes are drums of the table; it is called nothing that is pitched, and sounds
    like a kit.
    """
    if track.is_drum:
        return track
    if not track.notes:
        return None
    name = track.name.lower()
    if not _PITCHED_WORDS.search(name):
        drum = drum_of_name(name) if not _CHANNEL_NAME.match(name) else None
        if drum is not None:
            return _of_one_drum(track, drum)
        if not track.program and sounds_like_kit(track.notes):
            return msgspec.structs.replace(track, is_drum=True)
    if _KIT_WORDS.search(name) and _is_played_on_a_kit(track.notes):
        return msgspec.structs.replace(track, is_drum=True)
    return None


def _is_played_on_a_kit(notes: Sequence[Note]) -> bool:
    """True where all notes are drums of the table, or nearly all are those of the two lower octaves."""
    low = sum(_LOW <= note.pitch <= _HIGH and canonical_drum(note.pitch) is not None for note in notes)
    return low >= KNOWN_SHARE * len(notes) or all(canonical_drum(note.pitch) is not None for note in notes)


def sounds_like_kit(notes: Sequence[Note]) -> bool:
    """True where some notes are the kicks, snares and hats of General MIDI, and go as those of a kit do."""
    if len(notes) < _LEAST_HITS or any(not _LOW <= note.pitch <= _HIGH for note in notes):
        return False
    counts = Counter(note.pitch for note in notes)
    kicks, backbeats, hats = (sum(counts[pitch] for pitch in group) for group in (_KICKS, _BACKBEAT, _HATS))
    if not kicks or kicks + backbeats + hats < _CORE_SHARE * len(notes) or len(counts) == 1:
        return False
    onsets = Counter(note.onset_tick for note in notes)
    together = sum(count > 1 for count in onsets.values())
    if not counts[_CLOSED_HAT]:
        return bool(backbeats and hats) and together >= _TOGETHER_SHARE * len(onsets)
    if hats >= _MANY_HATS * len(notes):
        return True
    return hats >= _FEW_HATS * len(notes) and together >= _TOGETHER_SHARE * len(onsets)


def kit_of_singles(tracks: Sequence[RawTrack]) -> list[int]:
    """The places of tracks of one pitch each that are called nothing pitched and sound like a kit all together."""
    singles = [
        index
        for index, track in enumerate(tracks)
        if track.notes
        and not track.is_drum
        and not _PITCHED_WORDS.search(track.name.lower())
        and not track.program
        and len({note.pitch for note in track.notes}) == 1
    ]
    notes = [note for index in singles for note in tracks[index].notes]
    return singles if len(singles) > 1 and sounds_like_kit(notes) else []


def _of_one_drum(track: RawTrack, drum: int) -> RawTrack | None:
    """The track with one drum, or drums of its kind, for pitches; None where it plays a tune on it."""
    family = _family(drum)
    pitches = {note.pitch for note in track.notes}
    written = {
        pitch: canonical if (canonical := canonical_drum(pitch)) is not None and _family(canonical) == family else drum
        for pitch in pitches
    }
    others = {pitch for pitch in pitches if written[pitch] == drum and canonical_drum(pitch) != drum}
    if len(others) > _MOST_PITCHES:
        return None
    order = sorted(range(len(track.notes)), key=lambda index: _moved(track.notes[index], written))
    told = track.told
    if others:
        name = next(one.name for one in DRUMS if one.pitch == drum)
        told = (*told, f"written as {name} ({drum}), from {', '.join(map(str, sorted(others)))}")
    return msgspec.structs.replace(
        track,
        is_drum=True,
        notes=tuple(_moved(track.notes[index], written) for index in order),
        offsets=tuple(track.offsets[index] for index in order) if track.offsets else (),
        told=told,
    )


def _moved(note: Note, written: dict[int, int]) -> Note:
    return Note(note.onset_tick, written[note.pitch], note.duration_ticks, note.velocity)


def _family(drum: int) -> str:
    return _FAMILIES[GROUPS[GROUP_OF[drum]]]
