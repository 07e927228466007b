"""The user's own drums: a folder of sound files, mapped by name to the drums of `song.drums`.

Of several files of one drum the first by name is taken. Nothing of a folder is trusted: how much is looked at is
limited, a file is read for as long as a hit may last and no longer, and what cannot be used is told in a line.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from song.drums import drum_of_name
from song.errors import UserError
from sound.audio_files import audio_facts, read_audio
from sound.dsp.resample import resample
from sound.rates import SAMPLE_RATE
from sound.voices.drum_sounds import drum_name

SUFFIXES = (".wav", ".flac", ".aif", ".aiff", ".ogg")
"""Endings of files that are looked at."""
MOST_ENTRIES = 20_000
"""Entries of a folder that are looked at."""
MOST_TRIED = 20
"""Files that are opened for one drum until one can be used."""
LONGEST_SECONDS = 10
"""As much of a file is heard."""
_LONGEST_FILE_SECONDS = 60
_SHORTEST_FRAMES = 32
_FADE_FRAMES = 480
_MIN_RATE, _MAX_RATE = 4_000, 384_000
_MOST_CHANNELS = 8
_SILENCE = 1e-4


class OwnDrums(NamedTuple):
    """Drums of the user's.

    Attributes:
        sounds: by the names of drums: (2, N) at 48 kHz, the highest sample 1.
        files: the file of each.
        refused: a line for each file that cannot be used.
    """

    sounds: dict[str, NDArray[np.float32]]
    files: dict[str, Path]
    refused: list[str]


def load_one_shots(folder: Path, on_file: Callable[[], object] = lambda: None) -> OwnDrums:
    """Read the drums of a folder.

    Args:
        folder: its files, those of folders in it left aside.
        on_file: called before each file is opened.

    Raises:
        UserError: where there is no such folder, it cannot be read or holds too much, or none of it can be used.
    """
    found = OwnDrums({}, {}, [])
    by_name: dict[str, list[Path]] = {}
    for path in _sound_files(folder):
        pitch = drum_of_name(path.stem)
        if pitch is None:
            found.refused.append(f"{path.name}: its name means no drum; name it after one, such as kick or snare2")
        else:
            by_name.setdefault(drum_name(pitch), []).append(path)
    for name, paths in by_name.items():
        for path in paths[:MOST_TRIED]:
            on_file()
            try:
                found.sounds[name] = load_one_shot(path)
                found.files[name] = path
                break
            except UserError as error:
                found.refused.append(str(error))
        else:
            if len(paths) > MOST_TRIED:
                found.refused.append(
                    f"{name}: {MOST_TRIED} files of {len(paths)} were tried; take the broken ones away"
                )
    if not found.sounds:
        why = f": {found.refused[0]}" if found.refused else ""
        raise UserError(
            f"{folder} has no drums: put WAV, FLAC, AIFF or OGG files there, named after drums, such as kick.wav{why}"
        )
    return found


def _sound_files(folder: Path) -> list[Path]:
    paths = []
    try:
        if not folder.is_dir():
            raise UserError(f"there is no folder {folder}: give one of WAV, FLAC, AIFF or OGG files")
        for number, path in enumerate(folder.iterdir()):
            if number >= MOST_ENTRIES:
                raise UserError(f"{folder} holds more than {MOST_ENTRIES} files: give a folder of fewer")
            if path.suffix.lower() in SUFFIXES and not path.name.startswith("."):
                paths.append(path)
    except OSError as error:
        raise UserError(f"cannot read {folder}: {error.strerror or error}") from error
    return sorted(paths)


def load_one_shot(path: Path) -> NDArray[np.float32]:
    """One sound, (2, N) at 48 kHz, from its first sample that is not silent, the highest sample 1.

    Args:
        path: a sound file.

    Raises:
        UserError: where it is none, is damaged, silent or too long to be a hit.
    """
    rate, channels, frames = audio_facts(path)
    if not _MIN_RATE <= rate <= _MAX_RATE or channels > _MOST_CHANNELS:
        raise UserError(f"{path.name}: {rate} Hz in {channels} channels is no drum; save it at 48000 Hz, stereo")
    if frames > _LONGEST_FILE_SECONDS * rate:
        raise UserError(
            f"{path.name}: it is longer than {_LONGEST_FILE_SECONDS} s; cut the hit out of it, or take it away"
        )
    read_NxC = read_audio(path, LONGEST_SECONDS * rate)
    if not np.isfinite(read_NxC).all():
        raise UserError(f"{path.name}: it holds values that are no numbers; save it anew as WAV")
    heard = np.flatnonzero(np.abs(read_NxC).max(axis=1, initial=0) > _SILENCE)
    if len(heard) == 0 or len(read_NxC) - heard[0] < _SHORTEST_FRAMES:
        raise UserError(f"{path.name}: it is silent; take it away")
    samples = np.ascontiguousarray(read_NxC[heard[0] :].T)
    both = np.stack((samples[0], samples[min(1, channels - 1)]))
    made = resample(both, rate, SAMPLE_RATE)
    fade = min(_FADE_FRAMES, made.shape[1])
    made[:, -fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return np.asarray(made / max(float(np.abs(made).max()), _SILENCE), np.float32)
