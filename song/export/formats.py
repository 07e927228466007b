"""The table of export formats. The app, `compose` and the help read it: a format is added by one row and its module."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from song.outputs import MIDI_FILE, FileKind
from song.sections import Song


class ExportFormat(msgspec.Struct, frozen=True):
    """A kind of file that a song can be written as.

    Attributes:
        name: the format, as people call it.
        kind: its files: their endings, and how one is recognized.
        write: writes a song to a path, atomically; raises UserError where it cannot.
        keeps: a phrase that says which of the song's things such a file has.
    """

    name: str
    kind: FileKind
    write: Callable[[Song, Path], None]
    keeps: str

    @property
    def suffix(self) -> str:
        """The ending that is proposed for a file of this format."""
        return self.kind.suffixes[0]


def _write_midi(song: Song, path: Path) -> None:
    # music21 takes long to import, and who reads this table need not write a file.
    from song.export.midi import write_midi

    write_midi(song, path)


FORMATS: tuple[ExportFormat, ...] = (
    ExportFormat(
        "MIDI",
        MIDI_FILE,
        _write_midi,
        "parts, markers, tempo, wobble",
    ),
)
"""Every format; the first is the one that is written where nothing else is asked for."""
DEFAULT_FORMAT = FORMATS[0]


def format_of(path: Path) -> ExportFormat:
    """The format that a file's ending asks for; the first of `FORMATS` for an ending that none has."""
    suffix = path.suffix.lower()
    return next((one for one in FORMATS if suffix in one.kind.suffixes), DEFAULT_FORMAT)


def write_song(song: Song, path: Path) -> None:
    """Write a song in the format that the path's ending asks for, atomically.

    Raises:
        UserError: where the file cannot be written; an old one stays as it was.
        ValueError: where a note, a wobble or a tempo is out of range.
    """
    format_of(path).write(song, path)


def formats_text() -> str:
    """The formats and what their files keep, for a line of help."""
    return "; ".join(f"{one.name} file to write: {one.keeps}" for one in FORMATS)
