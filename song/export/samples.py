"""Sounds that a project's channels play: a file for each drum and each track, beside the project that names them."""

from collections.abc import Iterable

import msgspec

from song.export.bundle_files import BundleFile

FOLDER = "samples"
"""The folder of a bundle that they lie in."""


class Samples(msgspec.Struct, frozen=True):
    """The sounds of a song's channels.

    Attributes:
        of_drum: paths from the bundle's folder, with slashes, by the General MIDI note of a drum, 0-127.
        of_track: the same by the name of a track; each sounds on C5, MIDI note 60.
        files: the sound files.
    """

    of_drum: dict[int, str] = {}
    of_track: dict[str, str] = {}
    files: tuple[BundleFile, ...] = ()


NO_SAMPLES = Samples()


def sample_path(name: str) -> str:
    """The path of a sound in the bundle, by the name of its drum or track."""
    return f"{FOLDER}/{'_'.join(name.split())}.wav"


def sample_files(samples: Samples) -> Iterable[BundleFile]:
    """The sound files, in order."""
    return samples.files
