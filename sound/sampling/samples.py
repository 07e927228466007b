"""A sound file for each channel of a song's project: every drum that is hit, and each other track on C5.

They sound as in the song's drops, without room, echo or wobble, which are the other program's to add.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from song.drums import drum_length
from song.export.bundle_files import BundleFile
from song.export.drum_lanes import SAMPLE_PITCH, drum_lanes
from song.export.samples import Samples, sample_path
from song.export.tracks import lay_out
from song.notes import Note, Phrase
from song.parts import PART_SPECS, PARTS, SUB_NAME, Part
from song.sections import Cell, Cells, Constraints, Section, SectionKind, Song, Take, number_sections
from song.time import bars_to_ticks
from sound.audio_files import wav_bytes
from sound.patch import Patches
from sound.rates import SAMPLE_RATE
from sound.render import Rendering, bars_of

_BARS, _TEMPO_BPM = 2, 120.0
"""A sound is at most so long, 4 s, and what dies away after it."""
_PEAK = np.float32(10 ** (-1 / 20))
_SILENT = np.float32(10 ** (-80 / 20))
_FADE_FRAMES = SAMPLE_RATE // 200


def song_samples(song: Song, patch_folder: Path | None = None) -> Samples:
    """The sounds of a song's channels, those alone that it has notes for.

    Args:
        song: gives the patches, or the style that they are the usual ones of, and the notes.
        patch_folder: the user's own patches; None where there are none.

    Raises:
        UserError: where a patch is broken or not there.
    """
    patches, notes = Patches(song, patch_folder), {track.name: track.notes for track in lay_out(song)}
    drums = PART_SPECS[Part.DRUMS].name
    lanes = {lane.pitch: lane.label for lane in drum_lanes(notes[drums])}
    hits = {pitch: _alone(song, patches, Part.DRUMS, pitch) for pitch in lanes}
    tones = dict(_tones(song, patches, {name for name, played in notes.items() if played and name != drums}))
    found = [
        *((sample_path(lanes[pitch]), frames) for pitch, frames in hits.items()),
        *((sample_path(name), frames) for name, frames in tones.items()),
    ]
    return Samples(
        {pitch: sample_path(lanes[pitch]) for pitch, frames in hits.items() if len(frames)},
        {name: sample_path(name) for name, frames in tones.items() if len(frames)},
        tuple(BundleFile(path, wav_bytes(frames)) for path, frames in found if len(frames)),
    )


def _tones(song: Song, patches: Patches, names: set[str]) -> Iterator[tuple[str, NDArray[np.float32]]]:
    for part in PARTS:
        if part is not Part.DRUMS and PART_SPECS[part].name in names:
            yield PART_SPECS[part].name, _alone(replace(song, sub=False), patches, part, SAMPLE_PITCH)
    if SUB_NAME in names:
        both, bass = (
            _rendered(replace(song, sub=sub), patches, Part.BASS, SAMPLE_PITCH, bars_to_ticks(_BARS))
            for sub in (True, False)
        )
        yield SUB_NAME, _cut(both - bass)


def _alone(song: Song, patches: Patches, part: Part, pitch: int) -> NDArray[np.float32]:
    """One note of a part: (N, 2), its peak at -1 dB, N 0 where it is silent."""
    length = drum_length(pitch) if part is Part.DRUMS else bars_to_ticks(_BARS)
    return _cut(_rendered(song, patches, part, pitch, length))


def _rendered(song: Song, patches: Patches, part: Part, pitch: int, length_ticks: int) -> NDArray[np.float32]:
    take = Take(Phrase(_BARS, (Note(0, pitch, length_ticks, 127),)))
    asked = Constraints(tempo_bpm=(_TEMPO_BPM, _TEMPO_BPM))
    section = Section(SectionKind.DROP, _BARS, asked, Cells(**{part.value: Cell((take,), 0)}))
    alone = number_sections(replace(song, sections=(section,), muted=(), solo=()))
    # With one room for all parts, a stem is dry.
    rendering = Rendering(alone, patches, bars_of(0, _BARS, (part,)), stems=False)
    return np.concatenate([block.stem(part) for block in rendering.blocks()])


def _cut(frames_Nx2: NDArray[np.float32]) -> NDArray[np.float32]:
    loud = np.flatnonzero(np.abs(frames_Nx2).max(1) > _SILENT)
    if not len(loud):
        return np.zeros((0, 2), np.float32)
    cut = frames_Nx2[: loud[-1] + 1] * (_PEAK / np.abs(frames_Nx2).max())
    fade = min(_FADE_FRAMES, len(cut))
    cut[len(cut) - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)[:, None]
    return np.asarray(cut, np.float32)
