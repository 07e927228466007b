"""The copy meter's index: hashes of the training music and where each stands, and none of the music itself.

A part of a piece is a line of notes, in the order of their onsets and, on one onset, of their pitches. Every few notes
in a row make a gram: for pitched parts the steps between neighbours (semitones up or down, and positions apart), so
that a transposed line has the same grams; for drums the drums and the positions between them. Of each gram 32 bits of a
hash are kept. Loops make most of a line's grams repeats of earlier ones: the file says how far back the same gram
stands, and holds each hash once a line. Imports NumPy but no JAX.
"""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np

from corpus.pieces import Piece
from model.language.events import POSITIONS, TICKS_PER_POSITION
from model.tensors import TensorFile, load_tensors, save_tensors
from song.errors import UserError
from song.notes import Phrase
from song.parts import Part

PITCHED, DRUMS = "pitched", "drums"
GRAM_NOTES = {PITCHED: 5, DRUMS: 8}
"""Notes in a gram, by group: runs shorter than this are not seen. Drum lines share more by chance."""

_TITLES = "titles"
_TENSORS = ("new_hashes", "back", "bars", "lengths", "pieces")
"""A file's tensors for each group: the hashes of grams that are new in their line; for every gram how many places ago
it last came, and how many bars after the gram before it (both deflated); the lines' lengths and pieces."""
_DTYPES = (np.uint32, np.uint8, np.uint8, np.uint32, np.uint32)
MOST_PLACES = 1 << 24
"""Places of a group's lines in a file, inclusive: half a hundred times those of the shipped weights."""
_MOST_BACK = 0xFFFF
_MULTIPLIERS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9))
"""Odd constants of the splitmix64 generator. Source: Steele, Lea and Flood, "Fast splittable pseudorandom number
generators" (OOPSLA 2014), section 5."""


class Lines(msgspec.Struct, frozen=True):
    """The grams of some lines, one line after the other; P places in L lines.

    Attributes:
        hashes: uint32 (P,), a gram each.
        bars: uint16 (P,), the bar of its piece, from 0, that a gram's first note stands in.
        lengths: int64 (L,), the places of each line, 1 or more.
        pieces: int64 (L,), which title of the index each line belongs to.
    """

    hashes: np.ndarray
    bars: np.ndarray
    lengths: np.ndarray
    pieces: np.ndarray


class CopyIndex(msgspec.Struct, frozen=True):
    """The grams of a training set.

    Attributes:
        titles: source and name of each piece that has a line.
        groups: lines by group, `PITCHED` and `DRUMS`.
    """

    titles: tuple[tuple[str, str], ...]
    groups: dict[str, Lines]


def group_of(part: Part) -> str:
    """The group whose lines a part is compared with: a lead may copy what a bass plays, drums only drums."""
    return DRUMS if part is Part.DRUMS else PITCHED


def line_of(phrase: Phrase) -> tuple[np.ndarray, np.ndarray]:
    """The notes of a phrase in order, each once, as the network would be given them.

    Returns:
        Two int64 arrays (N,): positions of the onsets from the start of the phrase, 24 a quarter; pitches.
    """
    rows = np.array([(note.onset_tick, note.pitch) for note in phrase.notes], np.int64).reshape(-1, 2)
    rows[:, 0] = np.rint(rows[:, 0] / TICKS_PER_POSITION)
    rows = np.unique(rows, axis=0)
    return rows[:, 0], rows[:, 1]


def gram_hashes(group: str, positions: np.ndarray, pitches: np.ndarray) -> np.ndarray:
    """The hash of every gram of a line.

    Args:
        group: `PITCHED` or `DRUMS`.
        positions, pitches: as `line_of` gives them, (N,).

    Returns:
        uint32 (G,), G = N - `GRAM_NOTES` + 1; empty where the line is too short.
    """
    steps, count = GRAM_NOTES[group] - 1, len(positions) - GRAM_NOTES[group] + 1
    if count < 1:
        return np.zeros(0, np.uint32)
    step_pitches = pitches[1:] if group == DRUMS else np.diff(pitches) + 128
    moves = (np.diff(positions) * 256 + step_pitches).astype(np.uint64)
    hashes = pitches[:count].astype(np.uint64) if group == DRUMS else np.zeros(count, np.uint64)
    for step in range(steps):
        hashes = (hashes ^ moves[step : step + count]) * _MULTIPLIERS[0]
        hashes = (hashes ^ (hashes >> np.uint64(29))) * _MULTIPLIERS[1]
        hashes ^= hashes >> np.uint64(32)
    return hashes.astype(np.uint32)


def build_index(pieces: Iterable[Piece]) -> CopyIndex:
    """The index of some pieces, every part of each."""
    titles: list[tuple[str, str]] = []
    found: dict[str, list[tuple[np.ndarray, np.ndarray, int]]] = {PITCHED: [], DRUMS: []}
    for piece in pieces:
        number = len(titles)
        for part, phrase in piece.parts.items():
            positions, pitches = line_of(phrase)
            hashes = gram_hashes(group_of(part), positions, pitches)
            if len(hashes):
                bars = np.minimum(positions[: len(hashes)] // POSITIONS, 0xFFFF).astype(np.uint16)
                found[group_of(part)].append((hashes, bars, number))
                titles[number:] = [(piece.source, piece.name)]
    return CopyIndex(tuple(titles), {group: _lines(rows) for group, rows in found.items()})


def index_path(weights: Path) -> Path:
    """Where the index of some weights lies: NAME.originality.safetensors beside NAME.safetensors."""
    return weights.with_name(f"{weights.stem}.originality.safetensors")


def join_indexes(first: CopyIndex, second: CopyIndex) -> CopyIndex:
    """The index of two training sets together; a piece that is in both goes once."""
    known = set(_digests(first))
    kept = [number for number, digest in enumerate(_digests(second)) if digest not in known]
    new_number = np.full(len(second.titles), -1)
    new_number[kept] = np.arange(len(kept)) + len(first.titles)
    groups = {}
    for group, lines in first.groups.items():
        more = second.groups[group]
        numbers = new_number[more.pieces]
        places = np.repeat(numbers >= 0, more.lengths)
        groups[group] = Lines(
            np.concatenate([lines.hashes, more.hashes[places]]),
            np.concatenate([lines.bars, more.bars[places]]),
            np.concatenate([lines.lengths, more.lengths[numbers >= 0]]),
            np.concatenate([lines.pieces, numbers[numbers >= 0]]),
        )
    return CopyIndex(first.titles + tuple(second.titles[number] for number in kept), groups)


def save_index(path: Path, index: CopyIndex) -> None:
    """Write an index.

    Raises:
        UserError: where the file cannot be written, or the index is too large to be read again.
    """
    if any(len(lines.hashes) > MOST_PLACES for lines in index.groups.values()):
        raise UserError(f"the copy index {path} would have more than {MOST_PLACES} notes: train on less music at once")
    tensors: dict[str, np.ndarray] = {}
    for group, lines in index.groups.items():
        back = _back(lines)
        columns = (
            lines.hashes[back == 0],
            _deflated(back),
            _deflated(np.diff(lines.bars, prepend=np.uint16(0))),
            lines.lengths.astype(np.uint32),
            lines.pieces.astype(np.uint32),
        )
        tensors |= {f"{group}.{name}": column for name, column in zip(_TENSORS, columns, strict=True)}
    save_tensors(path, tensors, {_TITLES: msgspec.json.encode(index.titles).decode()})


def load_index(path: Path) -> CopyIndex:
    """Read an index.

    Raises:
        UserError: where the file is missing or damaged.
    """
    return load_tensors(path, "the copy index", "train with `dropsmith train` to make one", _index_of)


def _index_of(file: TensorFile) -> CopyIndex:
    titles = msgspec.json.decode(file.metadata[_TITLES], type=tuple[tuple[str, str], ...])
    groups = {}
    for group in GRAM_NOTES:
        columns = (file.take(f"{group}.{name}", dtype, (None,)) for name, dtype in zip(_TENSORS, _DTYPES, strict=True))
        groups[group] = _read_lines(*columns)
    if any(len(lines.pieces) and lines.pieces.max() >= len(titles) for lines in groups.values()):
        raise ValueError("it names pieces that it lacks")
    return CopyIndex(titles, groups)


def _lines(rows: Sequence[tuple[np.ndarray, np.ndarray, int]]) -> Lines:
    return Lines(
        np.concatenate([np.zeros(0, np.uint32), *(hashes for hashes, _, _ in rows)]),
        np.concatenate([np.zeros(0, np.uint16), *(bars for _, bars, _ in rows)]),
        np.array([len(hashes) for hashes, _, _ in rows], np.int64),
        np.array([piece for _, _, piece in rows], np.int64),
    )


def _back(lines: Lines) -> np.ndarray:
    """Places back to where each gram last came in its line, or 0 where it is new: int64 (P,)."""
    line_of_place = np.repeat(np.arange(len(lines.lengths)), lines.lengths)
    order = np.lexsort((np.arange(len(lines.hashes)), lines.hashes, line_of_place))
    same = (np.diff(lines.hashes[order].astype(np.int64)) == 0) & (np.diff(line_of_place[order]) == 0)
    back = np.zeros(len(order), np.int64)
    back[order[1:]] = np.where(same, np.diff(order), 0)
    back[back > _MOST_BACK] = 0
    return back


def _read_lines(
    new_hashes: np.ndarray,
    deflated_back: np.ndarray,
    deflated_bars: np.ndarray,
    lengths: np.ndarray,
    pieces: np.ndarray,
) -> Lines:
    places = int(lengths.sum(dtype=np.uint64))
    if places > MOST_PLACES or len(lengths) != len(pieces) or (lengths < 1).any():
        raise ValueError("the lengths of its lines cannot be")
    back = _inflated(deflated_back, places).astype(np.int64)
    bars = np.cumsum(_inflated(deflated_bars, places), dtype=np.uint16)
    origin = np.maximum(np.arange(len(back)) - back, 0)
    while (origin[origin] != origin).any():
        origin = origin[origin]
    if np.count_nonzero(back == 0) != len(new_hashes):
        raise ValueError("its parts do not fit together")
    hashes = np.zeros(places, np.uint32)
    hashes[back == 0] = new_hashes
    return Lines(hashes[origin], bars, lengths.astype(np.int64), pieces.astype(np.int64))


def _digests(index: CopyIndex) -> list[bytes]:
    """A digest of each piece, to tell pieces apart by: its source and name and all its grams."""
    digests = [hashlib.blake2b(repr(title).encode(), digest_size=16) for title in index.titles]
    for group, lines in sorted(index.groups.items()):
        end = 0
        for piece, length in zip(lines.pieces, lines.lengths.tolist(), strict=True):
            digests[piece].update(group.encode() + lines.hashes[end : end + length].tobytes())
            end += length
    return [digest.digest() for digest in digests]


def _deflated(numbers: np.ndarray) -> np.ndarray:
    return np.frombuffer(zlib.compress(numbers.astype("<u2").tobytes(), 9), np.uint8)


def _inflated(packed: np.ndarray, places: int) -> np.ndarray:
    """The numbers that were deflated: uint16 (places,).

    Raises:
        ValueError: where there are more or fewer; no more are unpacked to see that.
    """
    unpacked = zlib.decompressobj().decompress(packed.tobytes(), 2 * places + 1)
    if len(unpacked) != 2 * places:
        raise ValueError("its parts do not fit together")
    return np.frombuffer(unpacked, "<u2")
