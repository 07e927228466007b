"""Song files: `NAME.drop`, a song as JSON with a schema version."""

import re
from pathlib import Path

import msgspec

from song.errors import UserError
from song.files import read_file, write_atomically
from song.limits import MAX_SONG_BYTES
from song.sections import Song, number_sections
from song.validation import find_problem

SCHEMA_VERSION = 5
"""The version that this Dropsmith writes. It reads every version from 1 on.

2: sections have ids, styles and pitch ranges of their own; takes say which bars were edited and are kept; parts can be
muted and have solo. All of it has a default that means what version 1 meant.
3: drops may say how long the silence before them is; where nothing is said it is a beat, as drums had it before.
4: sections may have a progression, say how they quote the song's theme and whether lines may leave the scale, and ask
parts for forms of their own.
5: songs may name the sounds of their parts.
"""


_BYTE = re.compile(r"\(byte ([0-9]+)\)")
_LINE_END = b"\n"


class SongFile(msgspec.Struct, frozen=True):
    """The contents of a song file: its schema version and the song."""

    dropsmith: int
    song: Song


class _Header(msgspec.Struct, frozen=True):
    dropsmith: int


def encode_song(song: Song) -> bytes:
    """A song as the bytes of a song file."""
    return msgspec.json.format(msgspec.json.encode(SongFile(SCHEMA_VERSION, song)), indent=1) + b"\n"


def decode_song(data: bytes, name: str) -> Song:
    """The song that the bytes of a song file hold.

    Args:
        data: the bytes.
        name: what to call the file in an error.

    Raises:
        UserError: where it is not JSON (with the line), is from a newer version, or holds a value out of range.
    """
    try:
        version = msgspec.json.decode(data, type=_Header).dropsmith
        if version < 1:
            raise UserError(f"{name} is not a Dropsmith song: there is no version {version}")
        if version > SCHEMA_VERSION:
            raise UserError(f"{name} was written by a newer Dropsmith: update Dropsmith to open it")
        song = msgspec.json.decode(data, type=SongFile).song
    except msgspec.ValidationError as error:
        raise UserError(f"{name} is not a Dropsmith song: {error}") from error
    except RecursionError as error:
        raise UserError(f"{name} is not a Dropsmith song: its brackets are nested too deeply") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UserError(
            f"{name}{_line_of_error(data, error)}: not a whole song file: {error}; the file is left as it is"
        ) from error
    problem = find_problem(song)
    if problem:
        raise UserError(f"{name}: {problem}; the file is left as it is")
    return number_sections(song)


def save_song(path: Path, song: Song) -> None:
    """Write a song file atomically.

    Raises:
        UserError: where it cannot be written; the old file stays as it was.
    """
    write_atomically(path, encode_song(song))


def load_song(path: Path) -> Song:
    """Read a song file.

    Raises:
        UserError: where it cannot be read or is not a valid song.
    """
    return decode_song(read_file(path, MAX_SONG_BYTES), str(path))


def _line_of_error(data: bytes, error: Exception) -> str:
    """The line that an error names by its byte, the last one of a file that ends too early, in words; or nothing."""
    if isinstance(error, UnicodeDecodeError):
        return ""
    byte = _BYTE.search(str(error))
    before = data[: int(byte[1])] if byte is not None else data.removesuffix(_LINE_END)
    return f", line {before.count(_LINE_END) + 1}"
