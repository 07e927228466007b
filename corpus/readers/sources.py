"""Files and folders as pieces: files found, a table beside them believed, versions and splits sorted out.

What a file holds is read by `corpus.readers.midi_files` and arranged by `corpus.analysis.arranging`.
"""

import csv
import hashlib
import io
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

import msgspec

from corpus.analysis.arranging import arrange
from corpus.analysis.half_time import half_time
from corpus.analysis.opening import song_account
from corpus.analysis.roles import roles_of
from corpus.analysis.styles import style_of_music, style_of_tag
from corpus.families import SPLITS, families_of, join_families, split_of
from corpus.pieces import Piece, Refusal
from corpus.readers.midi_chunks import MAX_BYTES
from corpus.readers.recordings import read_recording
from corpus.track_accounts import SongAccount
from corpus.tracks import Recording
from song.errors import UserError
from song.files import MUSIC_SUFFIXES, read_text
from song.limits import MAX_TEMPO_BPM, MIN_TEMPO_BPM
from song.parts import Part

SUFFIXES = MUSIC_SUFFIXES
_EXPORT = "export its MIDI from there and add that"
FOREIGN_SUFFIXES = {
    ".flp": "it is an FL Studio project: in FL Studio choose File > Export > MIDI file, and add what that gives",
    ".als": f"it is an Ableton Live set: {_EXPORT}, a clip at a time",
    ".rpp": f"it is a Reaper project: {_EXPORT}",
    ".cpr": f"it is a Cubase project: {_EXPORT}",
    ".bwproject": f"it is a Bitwig project: {_EXPORT}",
    ".reason": f"it is a Reason song: {_EXPORT}",
    ".ptx": f"it is a Pro Tools session: {_EXPORT}",
    ".mscz": f"it is a MuseScore score: {_EXPORT}",
    ".musicxml": f"it is a written score: {_EXPORT}, from the program that made it",
    ".mxl": f"it is a written score: {_EXPORT}, from the program that made it",
}
"""Files that hold music which cannot be read here, by how their names end, and what to do about each."""
TABLE_NAME = "info.csv"
"""A table of performances as the Groove MIDI Dataset has it: midi_filename, style, bpm, time_signature, split."""
MAX_TABLE_BYTES = 8_000_000
"""The largest that is read: forty times that of the Groove MIDI Dataset."""

NO_ROLES = "no track in it is drums, bass, chords or lead: name the tracks by what they play"
ONE_VELOCITY_SHARE = 0.8
"""Where this much of the notes have one velocity, nobody meant any of them: velocity is unknown."""


class SourceFile(msgspec.Struct, frozen=True):
    """A file to be read.

    Attributes:
        path: where it lies.
        name: its path below the folder that was asked for.
        source: that folder's name.
        location: where it lies without links on the way; a link that leads out of the folder lies where it is.
        row: what the table says of it, by column; empty where there is no table.
        refused: why it is not to be opened, or empty.
    """

    path: Path
    name: str
    source: str
    location: Path
    row: dict[str, str] = {}
    refused: str = ""


class FileReading(msgspec.Struct, frozen=True):
    """The yield of a file.

    Attributes:
        pieces: what is learned from; none where no track plays a part that can be learned.
        reason: what was left out or why there is nothing to learn from, in a few words, or empty.
        account: what becomes of its tracks when it is opened.
    """

    pieces: tuple[Piece, ...]
    reason: str
    account: SongAccount


def read_paths(
    paths: Sequence[Path],
    on_progress: Callable[[int, int], None] | None = None,
    style: Mapping[str, float] | None = None,
) -> tuple[list[Piece], list[Refusal]]:
    """The pieces in some files and folders, in the order of their names, and what was not taken in.

    Args:
        paths: files, or folders that are searched to the bottom; links that lead out of a folder are not followed.
        on_progress: told (files done, files in all) after each file.
        style: shares of styles, adding up to 1, for the pieces whose style no table tells.
    """
    files, refusals = find_files(paths)
    pieces: list[Piece] = []
    seen: dict[str, str] = {}
    families = families_of([family_name(file) for file in files])
    for index, (file, family) in enumerate(zip(files, families, strict=True)):
        try:
            data = bytes_of(file)
            digest = hashlib.sha256(data).hexdigest()
            if digest in seen:
                raise UserError(f"it is the same file as {seen[digest]}, which is taken: nothing to do")
            seen[digest] = file.name
            read = read_file(file, data, digest, family, style or {})
            pieces.extend(read.pieces)
            if read.reason:
                refusals.append(Refusal(file.name, read.reason))
        except UserError as error:
            refusals.append(Refusal(file.name, str(error)))
        if on_progress is not None:
            on_progress(index + 1, len(files))
    return join_families(pieces), refusals


def find_files(paths: Sequence[Path]) -> tuple[list[SourceFile], list[Refusal]]:
    """The music files among some files and folders, each once, and the paths that lead to none."""
    files: list[SourceFile] = []
    refusals: list[Refusal] = []
    taken: set[Path] = set()
    for path in paths:
        if _is(path.is_dir):
            rows = _table(path, refusals)
            root = path.resolve()
            inside = sorted(_music_below(path, refusals))
            if not inside:
                refusals.append(Refusal(printable(path), "it has no MIDI files or LMMS projects in it: check the path"))
        elif _is(path.is_file):
            rows, root, inside = {}, path.resolve().parent, [path]
        else:
            refusals.append(Refusal(printable(path), "there is no such file or folder: check the path"))
            continue
        for file in inside:
            real = file.resolve()
            name = printable(file.relative_to(path).as_posix() if file != path else file.name)
            refused = FOREIGN_SUFFIXES.get(file.suffix.lower(), "")
            if not real.is_relative_to(root):
                real = file.parent.resolve() / file.name
                refused = "it is a link out of the folder: add the file itself"
            if real not in taken:
                taken.add(real)
                files.append(SourceFile(file, name, printable(root.name), real, rows.get(name, {}), refused))
    return files, refusals


def _music_below(folder: Path, refusals: list[Refusal]) -> Iterator[Path]:
    """The files of a folder and the folders in it that hold music by their names; linked folders are not entered."""

    def on_error(error: OSError) -> None:
        reason = f"the folder cannot be read ({error.strerror or error}): check its permissions"
        refusals.append(Refusal(printable(error.filename), reason))

    for parent, _, names in os.walk(folder, onerror=on_error):
        for file in (Path(parent, name) for name in names):
            known = file.suffix.lower() in SUFFIXES or file.suffix.lower() in FOREIGN_SUFFIXES
            # What is no file, such as a pipe or a link to nowhere, would never end or never begin.
            if known and _is(file.is_file):
                yield file


def _is(test: Callable[[], bool]) -> bool:
    """True where a path is of a kind; False where nobody may look."""
    try:
        return test()
    except OSError:
        return False


def _table(folder: Path, refusals: list[Refusal]) -> dict[str, dict[str, str]]:
    """The rows of a folder's table by the name of the file that each is about."""
    path = folder / TABLE_NAME
    if not path.is_file():
        return {}
    try:
        rows = list(csv.DictReader(io.StringIO(read_text(path, MAX_TABLE_BYTES), newline="")))
    except (UserError, csv.Error) as error:
        refusals.append(Refusal(TABLE_NAME, f"it cannot be read ({error}): styles and splits in it are not known"))
        return {}
    if not rows or "midi_filename" not in rows[0]:
        return {}
    return {row["midi_filename"]: {key: value for key, value in row.items() if key and value} for row in rows}


def family_name(file: SourceFile) -> str:
    """The name of a file among its versions: its folder's name and its own without the ending.

    The folder counts because packs hold a folder a song, each with a "drums.mid".
    """
    return f"{printable(file.location.parent.name)}/{PurePosixPath(file.name).stem}"


def bytes_of(file: SourceFile) -> bytes:
    """The contents of a file.

    Raises:
        UserError: where it is not to be opened, cannot be read, or is too large for a song.
    """
    if file.refused:
        raise UserError(file.refused)
    try:
        if file.path.stat().st_size > MAX_BYTES:
            raise UserError(f"it is over {MAX_BYTES // 1_000_000} MB, which no song is: leave it out")
        return file.path.read_bytes()
    except OSError as error:
        raise UserError(f"it cannot be read ({error.strerror or error}): check its permissions") from error


def read_file(file: SourceFile, data: bytes, digest: str, family: str, style: Mapping[str, float]) -> FileReading:
    """The pieces of one file, and what became of its tracks.

    Args:
        file: where it comes from, and what a table says of it.
        data: what it holds.
        digest: SHA-256 of that, in hex.
        family: for pieces of a file that no table is about.
        style: shares of styles for pieces whose style no table tells.

    Raises:
        UserError: where nothing of it can be used: one line that says why and what to do.
    """
    meter = file.row.get("time_signature", "4-4")
    if meter != "4-4":
        raise UserError(f"it is in {meter.replace('-', '/')}: only 4/4 music is taken in")
    music = read_recording(file.path, data)
    tempo = _tempo(file.row, music)
    if not MIN_TEMPO_BPM <= tempo <= MAX_TEMPO_BPM:
        limits = f"{MIN_TEMPO_BPM:.0f}-{MAX_TEMPO_BPM:.0f}"
        raise UserError(f"its tempo is {tempo:g} BPM, outside {limits}: write it at a tempo that a song may have")
    roles = roles_of(music.tracks)
    arranged = arrange(music.tracks, music.markers, music.keys, is_ours=music.is_ours, roles=roles)
    account = song_account(music, arranged[0] if arranged else None, roles)
    if not arranged:
        return FileReading((), NO_ROLES, account)
    tabled = bool(file.row)
    # The table's splits go by performance, and drummers' sessions lie in more than one: so a family is a performance.
    family = f"{file.source}/{file.row.get('id', file.name)}" if tabled else family
    split = file.row.get("split", "")
    told = style_of_tag(file.row.get("style", "")) or dict(style)
    drums = arranged[0].parts.get(Part.DRUMS)
    guessed = style_of_music(drums.notes if drums else (), tempo, music.tracks)
    velocity_known = _velocity_known(music)
    pieces = []
    for index, one in enumerate(arranged):
        piece = Piece(
            name=file.name if index == 0 else f"{file.name} (voices {index + 1})",
            source=file.source,
            family=family,
            split=split if split in SPLITS else split_of(family),
            digest=digest,
            style=told or guessed,
            tempo_bpm=tempo,
            tonic_class=one.tonic_class,
            minor=one.minor,
            bars=one.bars,
            parts=one.parts,
            sections=one.sections,
            velocity_known=velocity_known,
            wobble_known=Part.BASS in one.parts and bool(one.parts[Part.BASS].wobbles),
            micro=one.micro,
            graces=one.graces,
            wobble_phases=one.wobble_phases,
            style_estimated=not told and bool(guessed),
            key_ambiguous=one.key_ambiguous,
        )
        pieces.append(piece)
    slow = half_time(pieces[0]) if tabled else None
    return FileReading((*pieces, *([slow] if slow else [])), music.partly, account)


def _tempo(row: dict[str, str], music: Recording) -> float:
    try:
        return float(row["bpm"])
    except (KeyError, ValueError):
        return music.tempo_bpm


def _velocity_known(music: Recording) -> bool:
    """True where velocities were played or set: a file in which almost all are one value knows nothing of them."""
    velocities = Counter(note.velocity for track in music.tracks for note in track.notes)
    return max(velocities.values()) < ONE_VELOCITY_SHARE * velocities.total()


def printable(path: Path | str) -> str:
    """A name that can be written anywhere: bytes that are no text in the file system's encoding become marks."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
