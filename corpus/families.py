"""Which pieces are versions of one music, and which split each family goes to: fixed, whatever else is read."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations

import msgspec

from corpus.pieces import Piece
from song.parts import Part
from song.time import TICKS_PER_BAR

SPLITS = ("train", "validation", "test")
_SHARES = (0.90, 0.95)
"""Families below the first bound of their hash are for training, below the second for validation, else for testing."""

MOST_VERSIONS = 6
"""More files than this under one name with numbers after it are numbered pieces, not versions of one."""

MOST_HOLDERS = 20
"""A bar that more pieces hold than this says nothing of who is a version of whom."""

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


def join_families(pieces: Sequence[Piece]) -> list[Piece]:
    """The same pieces, with one family and one split for all that hold the same tune, or so many bars in common that
    they must be versions of one.

    A family in which some piece came with a split of its own, validation or test, goes there as a whole.
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    def join(one: str, other: str) -> None:
        ours, theirs = root(one), root(other)
        parent[max(ours, theirs)] = min(ours, theirs)

    first_with: dict[str, str] = {}
    for piece in pieces:
        join(piece.family, first_with.setdefault(tune_digest(piece), piece.family))
    for one, other in _sharing_bars(pieces):
        join(one, other)
    splits: dict[str, set[str]] = defaultdict(set)
    for piece in pieces:
        splits[root(piece.family)].add(piece.split)
    joined = []
    for piece in pieces:
        family = root(piece.family)
        split = piece.split
        if len(splits[family]) > 1:
            split = max(splits[family], key=SPLITS.index)
        joined.append(msgspec.structs.replace(piece, family=family, split=split))
    return joined


def _sharing_bars(pieces: Sequence[Piece]) -> list[tuple[str, str]]:
    """Pairs of families in which two pieces have at least 3 telling bars, and three in ten of them, in common."""
    bars_of = [_telling_bars(piece) for piece in pieces]
    holders: dict[int, list[int]] = defaultdict(list)
    for index, bars in enumerate(bars_of):
        for bar in bars:
            holders[bar].append(index)
    common: Counter[tuple[int, int]] = Counter()
    for indices in holders.values():
        # What more pieces than this have is a scale or an exercise, not a tune.
        if 2 <= len(indices) <= MOST_HOLDERS:
            common.update(combinations(indices, 2))
    found = []
    for (one, other), shared in common.items():
        fewer = min(len(bars_of[one]), len(bars_of[other]))
        if shared >= max(3, 0.3 * fewer) and pieces[one].family != pieces[other].family:
            found.append((pieces[one].family, pieces[other].family))
    return found


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
                found.add(hash(tuple((tick, pitch - first) for tick, pitch in notes)))
    return found
