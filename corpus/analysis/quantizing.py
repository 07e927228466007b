"""Notes of an opened file moved to the places that they were meant for, where the user asks for that."""

import msgspec

from corpus.analysis.timing import snap_onsets
from corpus.tracks import RawTrack, Recording
from song.notes import Note


def quantized(recording: Recording) -> tuple[Recording, tuple[str, ...]]:
    """The recording on the grid, and a line on how many notes that moved."""
    tracks, moved, notes = [], 0, 0
    for track in recording.tracks:
        found = _quantized(track)
        moved += sum(one.onset_tick != other.onset_tick for one, other in zip(found.notes, track.notes, strict=True))
        notes += len(track.notes)
        tracks.append(found)
    told = f"quantized: {moved} of {notes} notes moved to the grid"
    return msgspec.structs.replace(recording, tracks=tuple(tracks)), (told,)


def _quantized(track: RawTrack) -> RawTrack:
    """The track with every note on the grid, as long as it was, in the order of what it was."""
    onsets = snap_onsets(
        [note.onset_tick for note in track.notes], [note.pitch for note in track.notes] if track.is_drum else ()
    )
    notes = sorted(
        Note(onset, note.pitch, note.duration_ticks, note.velocity)
        for onset, note in zip(onsets, track.notes, strict=True)
    )
    return msgspec.structs.replace(track, notes=tuple(notes), offsets=())
