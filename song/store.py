"""Song files: `NAME.drop`, a song as JSON with a schema version."""

import json
from pathlib import Path

import msgspec

from song.errors import UserError
from song.files import write_atomically
from song.notes import RATES, SHAPES, Phrase
from song.sections import MAX_BARS, Song
from song.time import MAX_TEMPO_BPM, MIN_TEMPO_BPM, TICKS_PER_BAR

SCHEMA_VERSION = 1


class SongFile(msgspec.Struct, frozen=True):
    """What a song file holds."""

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
        if msgspec.json.decode(data, type=_Header).dropsmith > SCHEMA_VERSION:
            raise UserError(f"{name} was written by a newer Dropsmith: update Dropsmith to open it")
        song = msgspec.json.decode(data, type=SongFile).song
    except msgspec.ValidationError as error:
        raise UserError(f"{name} is not a Dropsmith song: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UserError(
            f"{name}{_line_of_error(data)}: not a whole song file: {error}; the file is left as it is"
        ) from error
    problem = find_problem(song)
    if problem:
        raise UserError(f"{name}: {problem}; the file is left as it is")
    return song


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
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"cannot open {path}: {error.strerror}") from error
    return decode_song(data, str(path))


def find_problem(song: Song) -> str | None:
    """The first value of a song that is out of range, in words, or None."""
    for index, section in enumerate(song.sections):
        where = f"section {index + 1}"
        if not 1 <= section.bars <= MAX_BARS:
            return f"{where}: bars {section.bars} is outside 1-{MAX_BARS}"
        if not all(MIN_TEMPO_BPM <= bpm <= MAX_TEMPO_BPM for bpm in section.constraints.tempo_bpm):
            return f"{where}: tempo is outside {MIN_TEMPO_BPM:g}-{MAX_TEMPO_BPM:g}"
        for part in msgspec.structs.fields(section.cells):
            cell = getattr(section.cells, part.name)
            if cell.chosen is not None and not 0 <= cell.chosen < len(cell.takes):
                return f"{where}, {part.name}: there is no take {cell.chosen}"
            for take in cell.takes:
                problem = _phrase_problem(take.phrase)
                if problem:
                    return f"{where}, {part.name}: {problem}"
    return None


def _phrase_problem(phrase: Phrase) -> str | None:
    end = phrase.bars * TICKS_PER_BAR
    for note in phrase.notes:
        if not (0 <= note.onset_tick < end and note.duration_ticks >= 1):
            return f"a note at tick {note.onset_tick} lies outside its {phrase.bars} bars"
        if not (0 <= note.pitch <= 127 and 1 <= note.velocity <= 127):
            return f"a note has pitch {note.pitch} and velocity {note.velocity}, outside 0-127 and 1-127"
    for wobble in phrase.wobbles:
        if wobble.rate not in RATES or wobble.shape not in SHAPES or not 0 <= wobble.depth <= 1:
            return f"a wobble has rate {wobble.rate}, shape {wobble.shape} and depth {wobble.depth}"
        if not (0 <= wobble.onset_tick < end and wobble.duration_ticks >= 1):
            return f"a wobble at tick {wobble.onset_tick} lies outside its {phrase.bars} bars"
    return None


def _line_of_error(data: bytes) -> str:
    try:
        json.loads(data)
    except json.JSONDecodeError as error:
        return f", line {error.lineno}"
    except UnicodeDecodeError:
        pass
    return ""
