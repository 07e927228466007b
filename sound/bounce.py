"""A song rendered to files, once through the synthesizer and once through the master chain.

The first pass puts the stems on the disk as they are and measures them; then the gain is known that brings the loudest
drop where it should be, and the second pass writes mix and stems, all under one gain curve, so that they add up.
"""

import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from song.errors import UserError
from song.parts import Part
from song.sections import SectionKind, Song
from sound.audio_files import AudioWriter
from sound.loudness import HOP_FRAMES, SILENT_LUFS, Meter, integrated
from sound.master import PeakMeter, apply_gain, gain_curve, solve_gain
from sound.render import BLOCK_FRAMES, Rendering

DROP_LUFS = -9.0
"""The loudness of the loudest drop where nothing else is asked for."""
MIN_LUFS, MAX_LUFS = -40.0, -6.0
"""Loudness that may be asked for, inclusive."""

OnProgress = Callable[[float], object]


class Bounced(Struct, frozen=True):
    """A finished rendering.

    Attributes:
        frames: of each file.
        lufs: the loudness that the loudest drop came to, the whole where there is no drop; `SILENT_LUFS` for silence.
        gain_db: what everything was raised by.
    """

    frames: int
    lufs: float
    gain_db: float


def bounce(
    song: Song,
    rendering: Rendering,
    out: Path,
    stems: Mapping[Part, Path],
    lufs: float,
    on_progress: OnProgress = lambda share: None,
) -> Bounced:
    """Render to files, which appear when all of them are complete.

    Args:
        song: the one that is rendered.
        rendering: what of it.
        out: the mix.
        stems: by part, where stems are wanted.
        lufs: the loudness of the loudest drop.
        on_progress: told the share that is done, 0-1.

    Raises:
        UserError: where a file cannot be written.
    """
    try:
        with ExitStack() as stack:
            tracks: Mapping[Part | None, BinaryIO] = {
                part: stack.enter_context(tempfile.TemporaryFile(dir=out.resolve().parent))
                for part in (rendering.parts if stems else (None,))
            }
            meter, peaks = _first_pass(rendering, tracks, on_progress)
            energies = meter.energies()
            hops = _loudest(song, rendering, energies)
            gain_db = solve_gain(energies, peaks, hops, lufs)
            curve_C = gain_curve(peaks, gain_db)
            reached = _second_pass(rendering, tracks, out, stems, curve_C, on_progress)
    except OSError as error:
        raise UserError(
            f"cannot render to {out}: {error.strerror or error}; choose another folder or free some space"
        ) from error
    return Bounced(rendering.frames, integrated(reached[hops[0] : hops[1]]), gain_db)


def _first_pass(
    rendering: Rendering, tracks: Mapping[Part | None, BinaryIO], on_progress: OnProgress
) -> tuple[Meter, NDArray[np.float32]]:
    meter, peak_meter, peaks = Meter(), PeakMeter(), []
    for block in rendering.blocks():
        mix = block.mix_2xN()
        for part, track in tracks.items():
            sound = mix if part is None else block.stems_2xN.get(part)
            # Silence is a hole in the file.
            if sound is None or not sound.any():
                track.seek(8 * block.frames, 1)
            else:
                np.ascontiguousarray(sound).tofile(track)
        meter.add(mix)
        peaks.append(peak_meter.run(mix))
        on_progress(0.9 * (block.start_frame + block.frames) / rendering.frames)
    for track in tracks.values():
        track.truncate(8 * rendering.frames)
    return meter, np.concatenate(peaks)


def _second_pass(
    rendering: Rendering,
    tracks: Mapping[Part | None, BinaryIO],
    out: Path,
    stems: Mapping[Part, Path],
    curve_C: NDArray[np.float32],
    on_progress: OnProgress,
) -> NDArray[np.float64]:
    meter = Meter()
    with ExitStack() as stack:
        mix_file = stack.enter_context(AudioWriter(out))
        stem_files = {part: stack.enter_context(AudioWriter(path)) for part, path in stems.items()}
        for track in tracks.values():
            track.seek(0)
        for start in range(0, rendering.frames, BLOCK_FRAMES):
            count = min(BLOCK_FRAMES, rendering.frames - start)
            mix = np.zeros((2, count), np.float32)
            for part, track in tracks.items():
                sound = np.fromfile(track, np.float32, 2 * count).reshape(2, count)
                apply_gain(sound, curve_C, start)
                mix += sound
                if part in stem_files:
                    stem_files[part].write(sound.T)
            for part, file in stem_files.items():
                if part not in tracks:
                    file.write(np.zeros((count, 2), np.float32))
            mix_file.write(mix.T)
            meter.add(mix)
            on_progress(0.9 + 0.1 * (start + count) / rendering.frames)
        for file in (mix_file, *stem_files.values()):
            file.commit()
    return meter.energies()


def _loudest(song: Song, rendering: Rendering, energies_H: NDArray[np.float64]) -> tuple[int, int]:
    """The loudest drop as its first tenth of a second and the first behind it; all there is where there is no drop."""
    whole = (0, len(energies_H))
    loudest, found = SILENT_LUFS, whole
    for index, section in enumerate(song.sections):
        first, last = (frame // HOP_FRAMES for frame in rendering.section_frames(index))
        if section.kind is not SectionKind.DROP or first < 0 or last > len(energies_H) or last <= first:
            continue
        loudness = integrated(energies_H[first:last])
        if loudness > loudest:
            loudest, found = loudness, (first, last)
    return found
