"""Families of pieces that are versions of one music, and the split of each: the same in whatever order they came."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from corpus.pieces import Piece
from song.parts import Part
from song.time import TICKS_PER_BAR

SPLITS = ("train", "validation", "test")
HASH_BYTES = 8
"""Bytes of the hash of a bar."""
_SHARES = (0.90, 0.95)
"""Families below the first bound of their hash are for training, below the second for validation, else for testing."""

MOST_VERSIONS = 6
"""More files than this under one name with numbers after it are numbered pieces, not versions of one."""

MOST_HOLDERS = 20
"""A bar that more pieces hold than this is compared between neighbours alone, not between all of them."""
_BUCKETS = 16
"""Bars are compared in so many lots, one after the other, to bound the memory that it takes."""

_SUFFIX = re.compile(
    r"[\s_.-]*(?:\((?:\d+|copy[\s\d]*)\)|[\s_.-]v(?:er(?:sion)?)?[\s_.-]?\d+(?:\.\d+)*|"
    r"[\s_-](?:final|old|new|copy|edit|edited|alt|fixed|wip|demo|backup|remaster|remastered|full|short|mix|remix))$"
)
_NUMBER = re.compile(r"[\s_.-]+\d{1,3}[a-z]?$")


def hash_share(text: str) -> float:
    """A number from 0 to 1, below 1, that is the same for a text everywhere and always."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()[:8], "big") / 2**64


def split_of(family: str) -> str:
    """The split of a family: 90% train, 5% validation, 5% test, by hash."""
    share = hash_share(family)
    return SPLITS[sum(share >= bound for bound in _SHARES)]


def families_of(stems: Sequence[str]) -> list[str]:
    """A family for each file name without its ending: the name without what marks a version.

    "song-v2", "song (copy)" and "song_final" are versions of "song"; so are "song-01" and "song-02", unless there are
    more than `MOST_VERSIONS` of them.
    """
    plain = [_without(_SUFFIX, stem.lower()) for stem in stems]
    unnumbered = [_without(_SUFFIX, _without(_NUMBER, stem)) for stem in plain]
    versions = Counter(short for name, short in zip(plain, unnumbered, strict=True) if name != short)
    return [short if versions[short] <= MOST_VERSIONS else name for name, short in zip(plain, unnumbered, strict=True)]


def _without(pattern: re.Pattern[str], text: str) -> str:
    while True:
        shorter = pattern.sub("", text).strip()
        if not shorter or shorter == text:
            return text
        text = shorter


def tune_digest(piece: Piece) -> str:
    """The same text for pieces with the same notes, transposed or not, whatever their velocities and tempi."""
    pitched = [note.pitch for part, phrase in piece.parts.items() if part is not Part.DRUMS for note in phrase.notes]
    lowest = min(pitched, default=0)
    rows = [
        (part.value, note.onset_tick, note.pitch - (0 if part is Part.DRUMS else lowest), note.duration_ticks)
        for part, phrase in sorted(piece.parts.items())
        for note in phrase.notes
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


class Print(msgspec.Struct, frozen=True):
    """The marks that a piece is recognised by when its notes are not at hand.

    Attributes:
        family: the one that its file's name gives.
        split: the one that it came with, or that of this family.
        tune: as `tune_digest` gives it.
        bars: the distinct bars that have a tune to be known by, transposed or not: a sorted array of uint64 hashes,
            little-endian.
    """

    family: str
    split: str
    tune: str
    bars: bytes


def print_of(piece: Piece) -> Print:
    """The marks that a piece is recognised by."""
    bars = np.array(sorted(_telling_bars(piece)), dtype="<u8")
    return Print(piece.family, piece.split, tune_digest(piece), bars.tobytes())


def join_families(pieces: Sequence[Piece]) -> list[Piece]:
    """The same pieces, with the family and the split that `settle` gives them."""
    settled = settle(print_of(piece) for piece in pieces)
    return [
        msgspec.structs.replace(piece, family=family, split=split)
        for piece, (family, split) in zip(pieces, settled, strict=True)
    ]


def settle(prints: Iterable[Print]) -> list[tuple[str, str]]:
    """The family and the split of each piece: one for all that hold the same tune, or so many bars in common that they
    must be versions of one.

    It depends on which pieces there are, not on their order. A family with a piece that by itself would be held out is
    held out as a whole: what comes later may take a piece out of training, never put one in that was judged by.
    """
    groups = _Groups()
    first_with: dict[str, int] = {}
    bars_of: list[np.ndarray] = []
    family_of: list[int] = []
    splits: list[str] = []
    for one in prints:
        index = len(family_of)
        family_of.append(groups.number(one.family))
        splits.append(one.split)
        # The same tune again has the same bars again: comparing one of them is enough.
        first = first_with.setdefault(one.tune, index)
        bars_of.append(np.frombuffer(one.bars if first == index else b"", "<u8"))
        groups.join(family_of[first], family_of[index])
    # Among many, neighbours are compared: tunes stand in an order of their own, whatever order they came in.
    indices = [index for _, index in sorted(first_with.items())]
    for one_index, other_index in _sharing_bars([bars_of[index] for index in indices]):
        groups.join(family_of[indices[one_index]], family_of[indices[other_index]])
    roots = [groups.root(family) for family in family_of]
    split_of_root: dict[int, str] = {}
    for root, split in zip(roots, splits, strict=True):
        split_of_root[root] = max(split_of_root.get(root, split), split, key=SPLITS.index)
    names = groups.least_names()
    return [(names[root], split_of_root[root]) for root in roots]


class _Groups:
    """Names that are joined into groups."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._parent: list[int] = []

    def number(self, name: str) -> int:
        found = self._numbers.setdefault(name, len(self._parent))
        if found == len(self._parent):
            self._parent.append(found)
        return found

    def root(self, number: int) -> int:
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number

    def join(self, one: int, other: int) -> None:
        self._parent[self.root(one)] = self.root(other)

    def least_names(self) -> dict[int, str]:
        """The first name of each group in the order of text, by the group's root."""
        least: dict[int, str] = {}
        for name, number in self._numbers.items():
            root = self.root(number)
            least[root] = min(least.get(root, name), name)
        return least


def _sharing_bars(bars_of: Sequence[np.ndarray]) -> list[tuple[int, int]]:
    """Pairs of pieces that have at least 3 telling bars, and three in ten of the shorter one's, in common."""
    lengths = np.array([len(bars) for bars in bars_of], dtype=np.int64)
    if not lengths.sum():
        return []
    hashes, holders = np.concatenate(list(bars_of)), np.repeat(np.arange(len(bars_of), dtype=np.uint32), lengths)
    pairs, counts = np.empty(0, np.uint64), np.empty(0, np.int64)
    for bucket in range(_BUCKETS):
        here = hashes % _BUCKETS == bucket
        more, once = np.unique(_pairs(hashes[here], holders[here]), return_counts=True)
        pairs, places = np.unique(np.concatenate([pairs, more]), return_inverse=True)
        counts = np.bincount(places, np.concatenate([counts, once]), minlength=len(pairs)).astype(np.int64)
    one, other = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    enough = counts >= np.maximum(3, 0.3 * np.minimum(lengths[one], lengths[other]))
    return list(zip(one[enough].tolist(), other[enough].tolist(), strict=True))


def _pairs(hashes: np.ndarray, holders: np.ndarray) -> np.ndarray:
    """For each bar that several pieces hold, the pairs of them: uint64, the lower number in the upper half."""
    order = np.argsort(hashes, kind="stable")
    hashes, holders = hashes[order], holders[order].astype(np.uint64)
    _, places, sizes = np.unique(hashes, return_inverse=True, return_counts=True)
    crowded = sizes[places] > MOST_HOLDERS
    found = []
    for apart in range(1, MOST_HOLDERS):
        same = hashes[apart:] == hashes[:-apart]
        if apart > 1:
            # What so many have may be a scale or an exercise; versions that share much are neighbours every time.
            same &= ~crowded[apart:]
        if not same.any():
            break
        found.append(holders[:-apart][same] << np.uint64(32) | holders[apart:][same])
    return np.concatenate(found) if found else np.empty(0, np.uint64)


def _telling_bars(piece: Piece) -> set[int]:
    """Hashes of the bars that have a tune to be known by, transposed or not: five notes or more, of three pitches."""
    found = set()
    for part, phrase in piece.parts.items():
        if part is Part.DRUMS:
            continue
        by_bar: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for note in phrase.notes:
            bar, tick = divmod(note.onset_tick, TICKS_PER_BAR)
            by_bar[bar].append((tick, note.pitch))
        for notes in by_bar.values():
            if len(notes) >= 5 and len({pitch for _, pitch in notes}) >= 3:
                first = notes[0][1]
                row = np.array([(tick, pitch - first) for tick, pitch in notes], dtype="<i2").tobytes()
                found.add(int.from_bytes(hashlib.blake2b(row, digest_size=HASH_BYTES).digest(), "little"))
    return found
