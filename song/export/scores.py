"""Scores for FL Studio's piano roll: a file a section and track, with the wobble's mean cutoff as mod X of each note.

A score is pasted into one channel, so drums have a file each, with their hits on C5.
"""

from collections.abc import Iterator

from song.export.arrangement import Arrangement, Clip
from song.export.bundle_files import BundleFile
from song.export.drum_lanes import SAMPLE_PITCH, drum_lanes
from song.export.flp.notes import score_bytes
from song.export.flp.parts import FlNote
from song.export.flp.song_project import note_cutoffs
from song.export.midi_clips import clip_stem
from song.file_names import word_stem
from song.parts import PART_SPECS, Part

_DRUMS = PART_SPECS[Part.DRUMS].name
_NAME_BYTES = 40


def score_files(arrangement: Arrangement) -> Iterator[BundleFile]:
    """scores/03-DROP_1__Bass.fsc and so on; a drum's is scores/03-DROP_1__Drums_Kick.fsc."""
    for clips in arrangement.clips:
        for clip in clips:
            stem = clip_stem(clip.stretch, clip.track.name, arrangement)
            for name, notes in _scores(clip):
                yield BundleFile(f"scores/{stem}{name}.fsc", score_bytes(notes))


def _scores(clip: Clip) -> Iterator[tuple[str, list[FlNote]]]:
    if clip.track.name == _DRUMS:
        for lane in drum_lanes(clip.notes):
            hits = [FlNote(hit.onset_tick, 0, hit.duration_ticks, SAMPLE_PITCH, hit.velocity) for hit in lane.notes]
            yield f"_{word_stem(lane.label, _NAME_BYTES)}", hits
    elif clip.notes:
        notes = zip(clip.notes, note_cutoffs(clip), strict=True)
        yield "", [FlNote(one.onset_tick, 0, one.duration_ticks, one.pitch, one.velocity, x) for one, x in notes]
