"""A section rendered and mastered, its stems side by side in one file that has no name: the unit that is played.

A song is played section by section, the tail of each under the beginning of the next, so that an edit renders one
section anew. What a section sounds like is told by its key, a hash of all that it depends on.
"""

import hashlib
import mmap
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from song.errors import UserError
from song.parts import PARTS, Part
from song.sections import Section, Song
from sound.master import PeakMeter, apply_gain, gain_curve
from sound.patch import Patches
from sound.rates import CONTROL_FRAMES, SAMPLE_RATE
from sound.render import Rendering, section_of

_FULL = 32767
_PENDING = 32
"""Control values at the end of what is rendered whose gain may still change: what the limiter looks ahead, and more."""
_REMEMBERED = 2 * SAMPLE_RATE // CONTROL_FRAMES
"""Control values of peaks that are looked back at: two seconds, in which the limiter lets go by 120 dB."""
_A_FRAME = 4
"""Bytes: two channels of 16 bits."""


class SectionSound(msgspec.Struct, frozen=True):
    """A section as it sounds.

    Attributes:
        key: as `section_key` gives it.
        bar_frames: frames up to its last bar line.
        frames: frames with its tail.
        stems: (frames, 2) int16 by part, those alone that are not silent; they add up to the mix.
    """

    key: str
    bar_frames: int
    frames: int
    stems: Mapping[Part, NDArray[np.int16]]

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.stems) * self.frames * _A_FRAME


class StoppedError(Exception):
    """A rendering is not wanted any more."""


def all_heard(song: Song) -> Song:
    """The song with no part muted: what is played is muted as it plays."""
    return msgspec.structs.replace(song, muted=(), solo=())


def section_key(song: Song, index: int, patches: str, gain_db: float) -> str:
    """A hash that tells the sound of a section from every other, 24 hexadecimal digits.

    Args:
        song: its section's chosen takes count, what else it holds of it, and what follows.
        index: of the section.
        patches: what tells the patches from others.
        gain_db: of the master chain.
    """
    section = song.sections[index]
    following = song.sections[index + 1].kind if index + 1 < len(song.sections) else ""
    rest = msgspec.structs.replace(song, title="", seed=0, sections=(), muted=(), solo=(), template="", theme=0)
    told = (1, rest, _sounding(section), following, song.gap_after(index), patches, round(gain_db, 2))
    return hashlib.blake2b(msgspec.json.encode(told), digest_size=12).hexdigest()


def _sounding(section: Section) -> tuple[object, ...]:
    phrases = [section.cell(part).phrase for part in PARTS]
    return section.kind, section.bars, section.constraints.tempo_bpm, section.constraints.style, phrases


def render_section(
    song: Song,
    index: int,
    patches: Patches,
    key: str,
    gain_db: float,
    folder: Path | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> SectionSound:
    """Render a section with all of its parts.

    Args:
        song: the song that it is of.
        index: of the section.
        patches: the sounds.
        key: its key.
        gain_db: what is raised before it is limited.
        folder: where the file is put; None for the system's folder for such.
        stopped: asked between two blocks; where it says so, nothing more is done.

    Raises:
        StoppedError: where that was said.
        UserError: where there is no room for it, or a note cannot be played.
    """
    try:
        rendering = Rendering(all_heard(song), patches, section_of(song, index))
        with tempfile.TemporaryFile(dir=folder) as file:
            master = _Master(gain_db)
            places: dict[Part, int] = {}
            for start, stems in master.run(rendering, stopped):
                for part, sound_Nx2 in stems.items():
                    if part not in places:
                        if not sound_Nx2.any():
                            continue
                        places[part] = len(places)
                    file.seek((places[part] * rendering.frames + start) * _A_FRAME)
                    file.write(sound_Nx2.tobytes())
            length = len(places) * rendering.frames * _A_FRAME
            file.truncate(length)
            file.flush()
            stems_of = {} if not length else _mapped(file.fileno(), places, rendering.frames, length)
    except OSError as error:
        raise UserError(f"cannot render: {error.strerror or error}; free some space on the disk") from error
    except ValueError as error:
        raise UserError(f"this section cannot be played: {error}") from error
    return SectionSound(key, rendering.bar_frames, rendering.frames, stems_of)


def _mapped(descriptor: int, places: Mapping[Part, int], frames: int, length: int) -> dict[Part, NDArray[np.int16]]:
    held = mmap.mmap(descriptor, length, access=mmap.ACCESS_READ)
    sound_PxNx2 = np.frombuffer(held, np.int16).reshape(len(places), frames, 2)
    return {part: sound_PxNx2[place] for part, place in places.items()}


_Stems = Mapping[Part, NDArray[np.int16]]


class _Master:
    """The master chain over a stream: what comes out waits until the limiter has seen what comes after it."""

    def __init__(self, gain_db: float) -> None:
        self._gain_db = gain_db
        self._meter = PeakMeter()
        self._peaks_C = np.zeros(0, np.float32)
        self._first_value = 0

    def run(self, rendering: Rendering, stopped: Callable[[], bool]) -> Iterator[tuple[int, _Stems]]:
        """The stems as they are done, with their first frame."""
        waiting: dict[Part, NDArray[np.float32]] = {}
        out = 0
        for block in rendering.blocks():
            if stopped():
                raise StoppedError
            end = block.start_frame + block.frames
            for part in rendering.parts:
                sound = block.stems_2xN.get(part)
                new = np.zeros((2, block.frames), np.float32) if sound is None else sound
                waiting[part] = np.concatenate((waiting[part], new), axis=1) if part in waiting else new
            self._peaks_C = np.concatenate((self._peaks_C, self._meter.run(block.mix_2xN())))
            last = end == rendering.frames
            until = end if last else max(out, end - _PENDING * CONTROL_FRAMES)
            yield out, self._mastered(waiting, out, until - out)
            waiting = {part: sound[:, until - out :] for part, sound in waiting.items()}
            out = until
            forgotten = max(0, until // CONTROL_FRAMES - _REMEMBERED - self._first_value)
            self._peaks_C = self._peaks_C[forgotten:]
            self._first_value += forgotten

    def _mastered(
        self, waiting: Mapping[Part, NDArray[np.float32]], start: int, frames: int
    ) -> dict[Part, NDArray[np.int16]]:
        curve_C = gain_curve(self._peaks_C, self._gain_db)
        found = {}
        for part, sound in waiting.items():
            some = sound[:, :frames].copy()
            apply_gain(some, curve_C, start - self._first_value * CONTROL_FRAMES)
            found[part] = np.rint(np.clip(some.T, -1, 1) * _FULL).astype(np.int16)
        return found
