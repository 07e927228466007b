"""A song rendered to files, once through the synthesizer and once through the master chain.

The first pass puts the stems on the disk as they are and measures them; then the gain is known that brings the loudest
drop where it should be, and the second pass writes mix and stems, all under one gain curve, so that they add up.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
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
from sound.loudness import HOP_FRAMES, Meter, integrated
from sound.master import PeakMeter, apply_gain, gain_curve, solve_gain
from sound.render import BLOCK_FRAMES, Rendering

DROP_LUFS = -9.0
"""The loudness of the loudest drop where nothing else is asked for."""
MIN_LUFS, MAX_LUFS = -40.0, -6.0
"""Loudness that may be asked for, inclusive."""

OnProgress = Callable[[float], object]
_Hops = tuple[int, int]
"""The first tenth of a second of a stretch, and the first behind it."""


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
            drops = _drops(song, rendering)
            energies, peaks = _first_pass(rendering, tracks, drops, on_progress)
            loudest = max(drops, key=lambda hops: integrated(energies[slice(*hops)]))
            gain_db = solve_gain(energies, peaks, loudest, lufs)
            curve_C = gain_curve(peaks, gain_db)
            reached = _second_pass(rendering, tracks, out, stems, curve_C, loudest, on_progress)
    except OSError as error:
        raise UserError(
            f"cannot render to {out}: {error.strerror or error}; choose another folder or free some space"
        ) from error
    return Bounced(rendering.frames, integrated(reached[slice(*loudest)]), gain_db)


def _first_pass(
    rendering: Rendering,
    tracks: Mapping[Part | None, BinaryIO],
    drops: Sequence[_Hops],
    on_progress: OnProgress,
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """The sound into the tracks; the energies of the drops, (H,), and the peaks, (C,)."""
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
        meter.add(mix, wanted=any(_within(block.start_frame, block.frames, hops) for hops in drops))
        peaks.append(peak_meter.run(mix))
        on_progress(0.9 * (block.start_frame + block.frames) / rendering.frames)
    for track in tracks.values():
        track.truncate(8 * rendering.frames)
    return meter.energies(), np.concatenate(peaks)


def _second_pass(
    rendering: Rendering,
    tracks: Mapping[Part | None, BinaryIO],
    out: Path,
    stems: Mapping[Part, Path],
    curve_C: NDArray[np.float32],
    loudest: _Hops,
    on_progress: OnProgress,
) -> NDArray[np.float64]:
    """The tracks under the gain curve into the files; the energies of the loudest drop, (H,)."""
    meter = Meter()
    with ExitStack() as stack:
        mix_file = stack.enter_context(AudioWriter(out, rendering.frames))
        stem_files = {part: stack.enter_context(AudioWriter(path, rendering.frames)) for part, path in stems.items()}
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
            meter.add(mix, wanted=_within(start, count, loudest))
            on_progress(0.9 + 0.1 * (start + count) / rendering.frames)
        for file in (mix_file, *stem_files.values()):
            file.commit()
    return meter.energies()


def _drops(song: Song, rendering: Rendering) -> list[_Hops]:
    """The drops that are rendered whole; all that is rendered where there is none."""
    found = []
    for index, section in enumerate(song.sections):
        first, last = rendering.section_frames(index)
        if section.kind is SectionKind.DROP and first >= 0 and last <= rendering.bar_frames:
            found.append((first // HOP_FRAMES, max(last // HOP_FRAMES, first // HOP_FRAMES + 1)))
    return found or [(0, rendering.frames // HOP_FRAMES)]


def _within(start: int, frames: int, hops: _Hops) -> bool:
    """True where a block has to do with a stretch."""
    return start < hops[1] * HOP_FRAMES and hops[0] * HOP_FRAMES < start + frames
