"""Other programs' files as songs: an export of ours is rebuilt as it was, of any other the music is arranged.

`corpus` reads the files; it is imported when it is needed.
"""

from pathlib import Path

import msgspec

from song.errors import UserError
from song.files import FL_SUFFIX, MIDI_SUFFIXES, read_file
from song.sections import Song
from song.seeds import fresh_seed
from tui.midi_import import song_from_midi, song_from_recording


def song_from_file(path: Path) -> Song:
    """The song in a file of another program, with a seed that no other song has, called as the file is.

    Raises:
        UserError: where it cannot be read, or holds no music that can be used.
    """
    if path.suffix.lower() in MIDI_SUFFIXES:
        return _from_midi(path)
    return _from_project(path)


def _from_midi(path: Path) -> Song:
    from corpus.readers.exported_midi import read_exported
    from corpus.readers.midi_files import MAX_BYTES
    from corpus.readers.rebuilding import rebuilt

    timeline = read_exported(read_file(path, MAX_BYTES))
    song = None if timeline is None else rebuilt(timeline, fresh_seed())
    return song_from_midi(path) if song is None else _called(song, path)


def _from_project(path: Path) -> Song:
    from corpus.readers import dawproject, fl_events
    from corpus.readers.fl_projects import read_fl_project
    from corpus.readers.rebuilding import rebuilt
    from corpus.timelines import recording

    is_fl = path.suffix.lower() == FL_SUFFIX
    data = read_file(path, fl_events.MAX_BYTES if is_fl else dawproject.MAX_BYTES)
    try:
        timeline = read_fl_project(data) if is_fl else dawproject.read_dawproject(data)
    except UserError as error:
        raise UserError(f"cannot open {path.name}: {error}") from error
    song = rebuilt(timeline, fresh_seed())
    return song_from_recording(recording(timeline), path) if song is None else _called(song, path)


def _called(song: Song, path: Path) -> Song:
    return msgspec.structs.replace(song, title="".join(one if one.isprintable() else " " for one in path.stem))
