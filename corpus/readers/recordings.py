"""The reader for a file by how its name ends: MIDI, or a project of another program."""

from pathlib import PurePath

from corpus.readers import dawproject, fl_events, midi_chunks
from corpus.readers.exported_midi import read_exported
from corpus.readers.fl_projects import read_fl_project
from corpus.readers.lmms_projects import read_lmms
from corpus.readers.midi_files import read_midi
from corpus.timelines import Timeline, recording
from corpus.tracks import Recording
from song.files import DAWPROJECT_SUFFIX, FL_SUFFIX, LMMS_SUFFIXES

_MOST_BYTES = {FL_SUFFIX: fl_events.MAX_BYTES, DAWPROJECT_SUFFIX: dawproject.MAX_BYTES}


def most_bytes(path: PurePath) -> int:
    """The size from which on a file of this name is not read."""
    return _MOST_BYTES.get(path.suffix.lower(), midi_chunks.MAX_BYTES)


def read_recording(path: PurePath, data: bytes) -> Recording:
    """The music in a file.

    Args:
        path: names it.
        data: what it holds.

    Raises:
        UserError: where nothing of it can be used: one line that says why and what to do.
    """
    project = _read_project(path, data)
    if project is not None:
        return recording(project)
    return read_lmms(data) if path.suffix.lower() in LMMS_SUFFIXES else read_midi(data)


def read_timeline(path: PurePath, data: bytes) -> Timeline | None:
    """The arrangement in a file that Dropsmith may have written; None for one that it cannot have.

    Raises:
        UserError: as `read_recording`.
    """
    if path.suffix.lower() in LMMS_SUFFIXES:
        return None
    return _read_project(path, data) or read_exported(data)


def _read_project(path: PurePath, data: bytes) -> Timeline | None:
    match path.suffix.lower():
        case suffix if suffix == FL_SUFFIX:
            return read_fl_project(data)
        case suffix if suffix == DAWPROJECT_SUFFIX:
            return dawproject.read_dawproject(data)
    return None
