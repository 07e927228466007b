"""The part that each track of an opened file goes to: as it was asked, else as it plays; none is left out unasked.

The rules for roles are in `corpus.analysis.roles`; a track that plays no role there goes where it fits best.
"""

from collections.abc import Mapping, Sequence
from statistics import median

import msgspec

from corpus.analysis.drum_tracks import as_drums
from corpus.analysis.roles import fits, roles_of
from corpus.tracks import RawTrack, Recording
from song.notes import Note
from song.parts import PART_SPECS, SUB_CHANNEL, SUB_NAME, SUB_PROGRAM, Part
from song.time import TICKS_PER_BAR

_PERCUSSION = {113: 56, 115: 37, 116: 41, 117: 45, 118: 45, 119: 49}
"""The General MIDI programs that are drums or nearly, from 0, and the drum that stands for each: agogo, woodblock,
taiko, melodic tom, synth drum, reverse cymbal."""
_BASS_MIDDLE = 45
_STACKED_SHARE = 0.3


class Assigned(msgspec.Struct, frozen=True):
    """A track and where it goes.

    Attributes:
        track: with General MIDI drums for pitches where it is drums.
        part: what it plays; None where it was asked to be left out.
        score: greater is better; compares the tracks of one part.
        is_sub: whether it is the sub that an export of ours derives from its bass.
    """

    track: RawTrack
    part: Part | None
    score: float
    is_sub: bool = False


def assign(
    recording: Recording,
    asked: Mapping[int, Part | None] | None = None,
    roles: Sequence[Part | None] | None = None,
) -> list[Assigned]:
    """The tracks of a recording with their parts, in its order.

    Args:
        recording: the music.
        asked: the parts that the user wants for tracks, by their places from 0; None to leave one out.
        roles: the role of each track, where they are known already.
    """
    asked = asked or {}
    roles = roles_of(recording.tracks) if roles is None else roles
    found = []
    for place, (track, role) in enumerate(zip(recording.tracks, roles, strict=True)):
        own = _of_ours(track) if recording.is_ours else None
        part = asked[place] if place in asked else own or role or _nearest(track)
        if place not in asked and part is Part.DRUMS:
            track = as_drums(track) or _as_percussion(track)
        is_sub = recording.is_ours and place not in asked and _is_sub(track)
        found.append(Assigned(track, Part.BASS if is_sub else part, _score(track, part), is_sub))
    return found


def _of_ours(track: RawTrack) -> Part | None:
    """The part whose track an export of ours calls so."""
    for part, spec in PART_SPECS.items():
        if (track.name, track.channel) == (spec.name, spec.channel):
            return part
    return None


def _is_sub(track: RawTrack) -> bool:
    return (track.name, track.channel, track.program) == (SUB_NAME, SUB_CHANNEL, SUB_PROGRAM)


def _nearest(track: RawTrack) -> Part:
    """The part that fits a track which plays none by the rules: effects, lone notes, tracks of one pitch."""
    if track.program in _PERCUSSION:
        return Part.DRUMS
    if not track.notes:
        return Part.LEAD
    if median(note.pitch for note in track.notes) < _BASS_MIDDLE:
        return Part.BASS
    onsets = len({note.onset_tick for note in track.notes})
    return Part.CHORDS if len(track.notes) - onsets > _STACKED_SHARE * onsets else Part.LEAD


def _as_percussion(track: RawTrack) -> RawTrack:
    drum = _PERCUSSION.get(track.program or 0)
    if drum is None:
        return track
    ordered = sorted(
        (Note(note.onset_tick, drum, note.duration_ticks, note.velocity), place)
        for place, note in enumerate(track.notes)
    )
    return msgspec.structs.replace(
        track,
        is_drum=True,
        notes=tuple(note for note, _ in ordered),
        offsets=tuple(track.offsets[place] for _, place in ordered) if track.offsets else (),
        told=(*track.told, f"written as drum {drum}"),
    )


def _score(track: RawTrack, part: Part | None) -> float:
    """The worth of a track as its part: in how many bars it begins notes, of how many pitches, by what name."""
    bars = len({note.onset_tick // TICKS_PER_BAR for note in track.notes})
    variety = min(len({note.pitch for note in track.notes}), 7)
    named = part is not None and part is not Part.DRUMS and fits(track, part)
    # Of a wobbling bass and the sub that doubles it, the bass is the part, and of two alike the busier.
    busy = min(len(track.notes) / max(bars, 1), 16) / 1000
    return bars * (1.0 + 0.5 * named + 0.1 * variety + 0.3 * bool(track.curves) + busy)


def in_order(assigned: Sequence[Assigned]) -> dict[Part, list[int]]:
    """The places of the tracks of each part, the best first."""
    found: dict[Part, list[int]] = {}
    for place in sorted(range(len(assigned)), key=lambda one: (-assigned[one].score, one)):
        part = assigned[place].part
        if part is not None:
            found.setdefault(part, []).append(place)
    return found
