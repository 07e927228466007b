"""The copy meter: the longest run of notes that a phrase shares with the training set, and whether that is copying.

The index of that set is `model.originality.copy_index`. Imports NumPy but no JAX: it measures phrases while they are
sampled.
"""

from pathlib import Path

import msgspec
import numpy as np

from model.language.events import (
    POSITIONS,
)
from model.originality.copy_index import (
    GRAM_NOTES,
    CopyIndex,
    Lines,
    gram_hashes,
    group_of,
    index_path,
    line_of,
    load_index,
)
from song.notes import Phrase
from song.parts import Part

COPY_BARS = 2.0
COPY_ONSETS = 5
COPY_CHANGES = 3
COPY_SOUNDS = 3
"""A run is a copy from so many bars on, if it has so many onsets, the sound changes so many times from one onset to the
next, and there are so many different sounds: the pitch classes of an onset, so that an octave up or down is the same.

A root on every eighth, octaves of it, eight of one note and then eight of another, two chords held a bar each: these
run for bars in music whose writers never met, and are no one's melody. `model.evaluation.originality` measures how much
real music would count as copied, and how much by its length alone.
"""


class CopiedRun(msgspec.Struct, frozen=True):
    """The longest run of notes that a phrase shares with one line of the training set, transposed or not.

    Attributes:
        notes: its length; 0 where it would be shorter than a gram, `copy_index.GRAM_NOTES`.
        bars: the time that it covers: from its first note, or the bar line before that where only a rest is between, to
            the phrase's next note or bar line, whichever comes first.
        source: the collection that it is from, or empty.
        name: the piece that it is from, or empty.
        bar: the bar of that piece, from 0, in which the run first starts.
        copied: whether it is too much to keep, by `COPY_BARS` and what stands beside it.
    """

    notes: int = 0
    bars: float = 0.0
    source: str = ""
    name: str = ""
    bar: int = 0
    copied: bool = False


class CopyMeter:
    """Measures phrases against an index of the training set."""

    def __init__(self, index: CopyIndex) -> None:
        self._titles = index.titles
        self._lookups = {group: _Lookup(lines) for group, lines in index.groups.items()}

    @classmethod
    def load(cls, path: Path) -> "CopyMeter":
        """The meter of an index on disk: NAME.originality.safetensors, beside the weights NAME.safetensors.

        Raises:
            UserError: where the file is missing or damaged.
        """
        return cls(load_index(path))

    def measure(self, part: Part, phrase: Phrase) -> CopiedRun:
        """The longest run of notes that a phrase shares with one line of the training set.

        A run is notes that follow each other in both, the same semitones and positions apart, 24 a quarter, wherever
        they stand in a bar; for drums the same drums. Lengths and velocities do not matter. A pitched part is compared
        with every pitched part. Where some run is a copy, the longest copy goes before longer runs that are none; drum
        loops are everybody's, and never are.
        """
        group = group_of(part)
        notes, lookup, more = _Notes(part, phrase), self._lookups[group], GRAM_NOTES[group] - 1
        lines, firsts, lasts, places = lookup.within_lines(notes.grams)
        hopes = notes.are_copies(firsts, lasts + more)
        best = CopiedRun()
        for row in np.lexsort((lines, firsts - lasts, ~hopes)).tolist():
            first, last = firsts[row], lasts[row]
            if (bool(hopes[row]), int(last - first + 1 + more)) <= (best.copied, best.notes):
                break
            ends, lengths, starts = lookup.in_line(lines[row], notes.grams[first : last + 1], places[row])
            from_note, to_note = first + ends - lengths + 1, first + ends + more
            copied = notes.are_copies(from_note, to_note)
            run = np.lexsort((-lengths, ~copied))[0]
            if (bool(copied[run]), int(lengths[run] + more)) > (best.copied, best.notes):
                source, name = self._titles[lookup.lines.pieces[lines[row]]]
                best = CopiedRun(
                    notes=int(lengths[run] + more),
                    bars=float(notes.bars(from_note, to_note)[run]),
                    source=source,
                    name=name,
                    bar=int(lookup.lines.bars[starts[run]]),
                    copied=bool(copied[run]),
                )
        return best


class _Notes:
    """The notes of the phrase that is measured, N of them; runs are given by their first and last notes."""

    def __init__(self, part: Part, phrase: Phrase) -> None:
        self._positions, pitches = line_of(phrase)
        self.grams = gram_hashes(group_of(part), self._positions, pitches)
        self._pitched = part is not Part.DRUMS
        starts = np.flatnonzero(np.diff(self._positions, prepend=-1))
        self._onset = np.cumsum(np.diff(self._positions, prepend=-1) > 0) - 1
        sounds = np.bitwise_or.reduceat(1 << pitches % 12, starts) if len(starts) else starts
        self._sound = sounds
        self._changes = np.cumsum(np.diff(sounds, prepend=0) != 0)

    def bars(self, first: np.ndarray, last: np.ndarray) -> np.ndarray:
        """The time that runs cover, as `CopiedRun.bars` says."""
        at = np.concatenate([[-POSITIONS], self._positions, [self._positions[-1:].sum() + 2 * POSITIONS]])
        bar = at // POSITIONS
        start = np.where(bar[first] < bar[first + 1], bar[first + 1] * POSITIONS, at[first + 1])
        end = np.minimum((bar[last + 1] + 1) * POSITIONS, at[last + 2])
        return (end - start) / POSITIONS

    def are_copies(self, first: np.ndarray, last: np.ndarray) -> np.ndarray:
        """True for runs that would be copies if a line shared them: bool (runs,); where one is, longer ones are."""
        begin, end = self._onset[first], self._onset[last]
        enough = self.bars(first, last) >= COPY_BARS
        enough &= (end - begin + 1 >= COPY_ONSETS) & (self._changes[end] - self._changes[begin] >= COPY_CHANGES)
        enough &= self._pitched
        for run in np.flatnonzero(enough):
            enough[run] = len(np.unique(self._sound[begin[run] : end[run] + 1])) >= COPY_SOUNDS
        return enough


class _Lookup:
    """Finds grams in the lines of a group."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self._starts = np.concatenate([[0], np.cumsum(lines.lengths)])
        self._line_of_place = np.repeat(np.arange(len(lines.lengths)), lines.lengths)
        # One sort of numbers that hold a hash and its place is several times as fast as a sort by both.
        ordered = np.sort(
            lines.hashes.astype(np.uint64) << np.uint64(32) | np.arange(len(lines.hashes), dtype=np.uint64)
        )
        hashes, places = (
            (ordered >> np.uint64(32)).astype(np.uint32),
            (ordered & np.uint64(0xFFFFFFFF)).astype(np.int64),
        )
        numbers = self._line_of_place[places]
        is_first = np.ones(len(ordered), bool)
        is_first[1:] = (hashes[1:] != hashes[:-1]) | (numbers[1:] != numbers[:-1])
        self._hashes, self._places = hashes[is_first], places[is_first]

    def within_lines(self, grams: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Rows of grams that a line has all of, in whatever places; no run that a line shares is longer than its row.

        Returns:
            Four int64 arrays (rows,): the line, the first gram, the last, and the place where the first one first is.
        """
        low, high = np.searchsorted(self._hashes, grams, "left"), np.searchsorted(self._hashes, grams, "right")
        counts = high - low
        at = np.repeat(np.arange(len(grams)), counts)
        hits = self._places[np.arange(len(at)) + np.repeat(low - np.cumsum(counts) + counts, counts)]
        keys = self._line_of_place[hits] * (len(grams) + 1) + at
        order = np.argsort(keys)
        keys = keys[order]
        begins = np.flatnonzero(np.diff(keys, prepend=-2) != 1)
        ends = np.flatnonzero(np.diff(keys, append=-2) != 1)
        lines, firsts = np.divmod(keys[begins], len(grams) + 1)
        return lines, firsts, firsts + ends - begins, hits[order[begins]]

    def in_line(self, line: int, row: np.ndarray, place: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The runs of a row's grams that stand in a line just so.

        Args:
            line: which line.
            row: the grams.
            place: where in the line the first of them first stands.

        Returns:
            Three int64 arrays (runs,): the gram that a run ends with, grams in the run, and the first place it starts.
        """
        start, end = self._starts[line], self._starts[line + 1]
        if place + len(row) <= end and (self.lines.hashes[place : place + len(row)] == row).all():
            return np.array([len(row) - 1]), np.array([len(row)]), np.array([place])
        there = self.lines.hashes[start:end]
        reached = np.zeros(len(there) + 1, np.int64)
        lengths, places = np.zeros(len(row), np.int64), np.zeros(len(row), np.int64)
        for number, gram in enumerate(row):
            hits = np.flatnonzero(there == gram)
            grown = reached[hits] + 1
            reached = np.zeros_like(reached)
            reached[hits + 1] = grown
            longest = grown.argmax()
            lengths[number], places[number] = grown[longest], start + hits[longest] - grown[longest] + 1
        ends = np.flatnonzero(np.diff(lengths, append=0) != 1)
        return ends, lengths[ends], places[ends]


def load_meter(weights_path: Path) -> CopyMeter | None:
    """The copy meter of weights, or None where there is no index beside them.

    Raises:
        UserError: where the index is damaged.
    """
    path = index_path(weights_path)
    return CopyMeter.load(path) if path.exists() else None
