"""The reader for a file by how its name ends: MIDI, or an LMMS project."""

from pathlib import PurePath

from corpus.readers.lmms_projects import read_lmms
from corpus.readers.midi_files import read_midi
from corpus.tracks import Recording
from song.files import LMMS_SUFFIXES


def read_recording(path: PurePath, data: bytes) -> Recording:
    """The music in a file.

    Args:
        path: names it.
        data: what it holds.

    Raises:
        UserError: where nothing of it can be used: one line that says why and what to do.
    """
    return read_lmms(data) if path.suffix.lower() in LMMS_SUFFIXES else read_midi(data)
