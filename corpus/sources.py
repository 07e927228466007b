"""Reads files and folders into pieces: finds the files, believes a table beside them, sorts out versions and splits.

What a file holds is read by `corpus.midi_files` and arranged by `corpus.arranging`.
"""

import csv
import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

import msgspec

from corpus.arranging import arrange
from corpus.families import SPLITS, families_of, join_families, split_of
from corpus.half_time import half_time
from corpus.lmms_projects import read_lmms
from corpus.midi_files import MAX_BYTES, read_midi
from corpus.pieces import Piece, Refusal
from corpus.styles import style_of_tag
from corpus.tracks import Recording
from song.errors import UserError
from song.parts import Part
from song.time import MAX_TEMPO_BPM, MIN_TEMPO_BPM

MIDI_SUFFIXES = (".mid", ".midi")
LMMS_SUFFIXES = (".mmp", ".mmpz")
SUFFIXES = MIDI_SUFFIXES + LMMS_SUFFIXES
TABLE_NAME = "info.csv"
"""A table of performances as the Groove MIDI Dataset has it: midi_filename, style, bpm, time_signature, split."""

ONE_VELOCITY_SHARE = 0.8
"""Where this much of the notes have one velocity, nobody meant any of them: velocity is unknown."""


class Found(msgspec.Struct, frozen=True):
    """A file to be read.

    Attributes:
        path: where it lies.
        name: its path below the folder that was asked for.
        source: that folder's name.
        row: what the table says of it, by column; empty where there is no table.
    """

    path: Path
    name: str
    source: str
    row: dict[str, str] = {}


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
    families = families_of([PurePosixPath(file.name).stem for file in files])
    for index, (file, family) in enumerate(zip(files, families, strict=True)):
        try:
            data = _bytes_of(file.path)
            digest = hashlib.sha256(data).hexdigest()
            if digest in seen:
                raise UserError(f"it is the same file as {seen[digest]}, which is taken: nothing to do")
            seen[digest] = file.name
            taken, partly = _pieces(file, data, digest, family, style or {})
            pieces.extend(taken)
            if partly:
                refusals.append(Refusal(file.name, partly))
        except UserError as error:
            refusals.append(Refusal(file.name, str(error)))
        if on_progress is not None:
            on_progress(index + 1, len(files))
    return join_families(pieces), refusals


def find_files(paths: Sequence[Path]) -> tuple[list[Found], list[Refusal]]:
    """The music files among some files and folders, each once, and the paths that lead to none."""
    files: list[Found] = []
    refusals: list[Refusal] = []
    taken: set[Path] = set()
    for path in paths:
        if path.is_dir():
            inside = [file for file in sorted(path.rglob("*")) if file.suffix.lower() in SUFFIXES]
            rows = _table(path, refusals)
            root = path.resolve()
            names = [(file, _printable(file.relative_to(path).as_posix())) for file in inside if file.is_file()]
            if not names:
                refusals.append(
                    Refusal(_printable(str(path)), "it has no MIDI files or LMMS projects in it: check the path")
                )
        elif path.is_file():
            rows, root = {}, path.resolve().parent
            names = [(path, _printable(path.name))]
        else:
            refusals.append(Refusal(_printable(str(path)), "there is no such file or folder: check the path"))
            continue
        for file, name in names:
            real = file.resolve()
            if not real.is_relative_to(root):
                refusals.append(Refusal(name, "it is a link out of the folder: add the file itself"))
            elif real not in taken:
                taken.add(real)
                files.append(Found(file, name, _printable(root.name), rows.get(name, {})))
    return files, refusals


def _table(folder: Path, refusals: list[Refusal]) -> dict[str, dict[str, str]]:
    """The rows of a folder's table by the name of the file that each is about."""
    path = folder / TABLE_NAME
    if not path.is_file():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        refusals.append(Refusal(TABLE_NAME, f"it cannot be read ({error}): styles and splits in it are not known"))
        return {}
    if not rows or "midi_filename" not in rows[0]:
        return {}
    return {row["midi_filename"]: {key: value for key, value in row.items() if key and value} for row in rows}


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UserError(f"it is over {MAX_BYTES // 1_000_000} MB, which no song is: leave it out")
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"it cannot be read ({error.strerror or error}): check its permissions") from error


def _pieces(file: Found, data: bytes, digest: str, family: str, style: Mapping[str, float]) -> tuple[list[Piece], str]:
    """The pieces of one file, and what of it was left out."""
    meter = file.row.get("time_signature", "4-4")
    if meter != "4-4":
        raise UserError(f"it is in {meter.replace('-', '/')}: only 4/4 music is taken in")
    music = read_lmms(data) if file.path.suffix.lower() in LMMS_SUFFIXES else read_midi(data)
    tempo = _tempo(file.row, music)
    if not MIN_TEMPO_BPM <= tempo <= MAX_TEMPO_BPM:
        limits = f"{MIN_TEMPO_BPM:.0f}-{MAX_TEMPO_BPM:.0f}"
        raise UserError(f"its tempo is {tempo:g} BPM, outside {limits}: write it at a tempo that a song may have")
    arranged = arrange(music.tracks, music.markers)
    if not arranged:
        raise UserError("no track in it is drums, bass, chords or lead: name the tracks by what they play")
    tabled = bool(file.row)
    # The table's splits go by performance, and drummers' sessions lie in more than one: so a family is a performance.
    family = f"{file.source}/{file.row.get('id', file.name)}" if tabled else family
    split = file.row.get("split", "")
    pieces = []
    for index, one in enumerate(arranged):
        piece = Piece(
            name=file.name if index == 0 else f"{file.name} (voices {index + 1})",
            source=file.source,
            family=family,
            split=split if split in SPLITS else split_of(family),
            digest=digest,
            style=style_of_tag(file.row.get("style", "")) or dict(style),
            tempo_bpm=tempo,
            tonic_class=one.tonic_class,
            minor=one.minor,
            bars=one.bars,
            parts=one.parts,
            sections=one.sections,
            velocity_known=_velocity_known(music),
            wobble_known=Part.BASS in one.parts and bool(one.parts[Part.BASS].wobbles),
        )
        pieces.append(piece)
    slow = half_time(pieces[0]) if tabled else None
    return [*pieces, *([slow] if slow else [])], music.partly


def _tempo(row: dict[str, str], music: Recording) -> float:
    try:
        return float(row["bpm"])
    except (KeyError, ValueError):
        return music.tempo_bpm


def _velocity_known(music: Recording) -> bool:
    """Whether velocities were played or set: a file in which almost all are one value knows nothing of them."""
    velocities = Counter(note.velocity for track in music.tracks for note in track.notes)
    return max(velocities.values()) < ONE_VELOCITY_SHARE * velocities.total()


def _printable(text: str) -> str:
    """A name that can be written anywhere: bytes that are no text in the file system's encoding become marks."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
