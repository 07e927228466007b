"""The form in which drops, real and composed, are told from each other; and how features of them are named."""

from collections.abc import Sequence
from statistics import fmean

import msgspec

from song.notes import Note, Phrase
from song.parts import PARTS, Part
from song.time import TICKS_PER_BAR

Features = dict[str, float | None]
"""Numbers by name; None where a drop has nothing to count."""


class ToldDrop(msgspec.Struct, frozen=True):
    """A drop as it is played.

    Attributes:
        name: the song's, or that of the song it was composed to.
        bars: its length.
        parts: what each part that plays in it plays, `bars` long.
        tonic_class: pitch class of the tonic, 0-11.
    """

    name: str
    bars: int
    parts: dict[Part, Phrase]
    tonic_class: int = 0

    def playing(self) -> list[tuple[Part, Phrase]]:
        """The parts that play in it, in the order of `PARTS`."""
        return [(part, self.parts[part]) for part in PARTS if part in self.parts]


def named(part: Part, features: Features) -> Features:
    """The same features under names that begin with the part's."""
    return {f"{part.value}: {name}": value for name, value in features.items()}


def mean(values: Sequence[float]) -> float | None:
    """The mean, or None of nothing."""
    return fmean(values) if values else None


def onset_ticks(phrase: Phrase) -> list[int]:
    """The distinct onsets of a phrase, in order."""
    return sorted({note.onset_tick for note in phrase.notes})


def bar_counts(phrase: Phrase) -> list[int]:
    """Distinct onsets of each bar."""
    counts = [0] * phrase.bars
    for tick in onset_ticks(phrase):
        counts[tick // TICKS_PER_BAR] += 1
    return counts


def chords_of(phrase: Phrase) -> dict[int, list[Note]]:
    """The notes that start together, lowest first, by onset."""
    chords: dict[int, list[Note]] = {}
    for note in sorted(phrase.notes, key=lambda note: (note.onset_tick, note.pitch)):
        chords.setdefault(note.onset_tick, []).append(note)
    return chords
