"""Originality of takes: what they share with the training set, and how far they differ from seed to seed.

Unheard real music is measured beside them, since it shares runs with the training set too. Plain functions that return
values; `model.evaluation.originality_chapter` makes tables of these.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence

import msgspec
import numpy as np

from corpus.pieces import Piece
from model.evaluation.generation import generate
from model.language.events import POSITIONS
from model.originality.copy_index import GRAM_NOTES, CopyIndex, gram_hashes, line_of
from model.originality.copy_meter import COPY_BARS, CopyMeter
from model.writing.fill import Filler
from song.notes import Note, Phrase
from song.parts import PARTS, Part
from song.scales import tonic_shift
from song.sections import SectionKind, Song
from song.templates import song_from_form
from song.time import TICKS_PER_BAR

STRETCH_BARS = 16
"""Held-out music is measured in stretches of so many bars, as long as the takes that it is compared with."""
_SOUNDING_SHARE = 0.25
"""Stretches and takes in which fewer of the bars have a note are left out."""
_PROBES = 1_000_000


class SourcedPhrase(msgspec.Struct, frozen=True):
    """A phrase to be measured.

    Attributes:
        source: the collection that it is from, or "generated".
        part: whose it is.
        phrase: the music.
        section: which section of its song a take is for; 0 for other music.
    """

    source: str
    part: Part
    phrase: Phrase
    section: int = 0


class Sharing(msgspec.Struct, frozen=True):
    """Runs that the phrases of one part and source share with the training set.

    Attributes:
        source, part: whose phrases they are.
        phrases: how many.
        median_notes, high_notes, most_notes: the longest shared run in notes: its median, 90th percentile and maximum
            over the phrases; runs below a gram count as 0.
        two_bars: share of phrases, 0-1, whose longest run covers `COPY_BARS` or more, commonplaces included.
        copied: share of phrases, 0-1, that count as copies: what is rejected while sampling.
    """

    source: str
    part: str
    phrases: int
    median_notes: float
    high_notes: float
    most_notes: int
    two_bars: float
    copied: float


class Diversity(msgspec.Struct, frozen=True):
    """Differences between phrases for the same cell, as means over the cells of a part.

    Attributes:
        source, part: whose phrases they are.
        phrases: how many there are for a cell, n, at most.
        distinct_bars: |B_1 u ... u B_n| / (|B_1| + ... + |B_n|), B_i being the set of bars of phrase i that have notes,
            a bar the set of (position, pitch) of its notes: 1 where no two phrases share a bar, 1/n where all are one.
            Bars that a phrase repeats within itself count once.
        distance: mean over all pairs of 1 - |N_i n N_j| / |N_i u N_j|, N_i being the set of (bar, position, pitch) of
            the notes of phrase i (Jaccard distance): 0 where all are the same, 1 where no two share a note.
    """

    source: str
    part: str
    phrases: int
    distinct_bars: float
    distance: float


class Originality(msgspec.Struct, frozen=True):
    """The whole report.

    Attributes:
        pieces: pieces in the index.
        grams: distinct grams in the index, by group.
        false_grams: share of grams, 0-1, that the index seems to have because two hashes collide, measured, by group.
        held_out: sharing of real music of other families, by part and source.
        generated: sharing of takes, of those that copy written again too, by part and source.
        diversity: of the takes of one plan from seed to seed, by part.
        held_out_diversity: of as many stretches of held-out music, moved to one tonic.
    """

    pieces: int
    grams: dict[str, int]
    false_grams: dict[str, float]
    held_out: tuple[Sharing, ...]
    generated: tuple[Sharing, ...]
    diversity: tuple[Diversity, ...]
    held_out_diversity: tuple[Diversity, ...]


def measure_originality(
    index: CopyIndex,
    held_out: Iterable[Piece],
    filler: Filler,
    rejecting: Filler,
    songs: Sequence[Song],
    seeds: Sequence[int],
    plan: Song,
    plan_seeds: Sequence[int],
) -> Originality:
    """Measure takes and held-out music against the index of a training set.

    Args:
        index: of the set that the weights of `filler` learned from.
        held_out: pieces of families that are not in it.
        filler: writes the takes; one that rejects copies hides how many it made.
        rejecting: the same with a copy meter, so that takes that copy are written again.
        songs: filled whole, with every one of `seeds`; `plain_song()` has sections as long as the stretches.
        seeds: 0 or more each.
        plan: filled whole with each of `plan_seeds`: what diversity is measured on.
        plan_seeds: 0 or more each; 100 of them by custom.
    """
    meter, real = CopyMeter(index), list(held_out_phrases(held_out))
    takes = list(generated_phrases(filler, [plan], plan_seeds))
    return Originality(
        pieces=len(index.titles),
        grams={group: len(np.unique(lines.hashes)) for group, lines in index.groups.items()},
        false_grams={group: false_gram_rate(index, group) for group in index.groups},
        held_out=sharing(meter, real),
        generated=(
            *sharing(meter, generated_phrases(filler, songs, seeds)),
            *sharing(meter, generated_phrases(rejecting, songs, seeds, "generated, copies rejected")),
        ),
        diversity=diversity(takes),
        held_out_diversity=diversity(_evenly_chosen(real, len(plan_seeds))),
    )


def plain_song(seed: int = 0) -> Song:
    """A song of one section of each kind, each as long as the stretches that held-out music is measured in."""
    return song_from_form([(kind, STRETCH_BARS) for kind in SectionKind], seed=seed)


def generated_phrases(
    filler: Filler, songs: Iterable[Song], seeds: Sequence[int], source: str = "generated"
) -> Iterator[SourcedPhrase]:
    """Every cell of some songs, written once with every seed; takes that all but rest are left out."""
    for song in songs:
        for seed in seeds:
            for cell, phrases in generate(filler, song, 1, seed).items():
                for phrase in filter(_sounds, phrases):
                    yield SourcedPhrase(source, cell.part, phrase, cell.section)


def held_out_phrases(pieces: Iterable[Piece], bars: int = STRETCH_BARS) -> Iterator[SourcedPhrase]:
    """The parts of pieces in stretches that do not overlap, moved to the tonic C; re-notated copies are left out."""
    for piece in pieces:
        if piece.renotated:
            continue
        for part, phrase in piece.parts.items():
            for start in range(0, piece.bars, bars):
                stretch = _stretch(phrase, start, bars, -tonic_shift(part, piece.tonic_class or 0))
                if _sounds(stretch):
                    yield SourcedPhrase(piece.source, part, stretch)


def sharing(meter: CopyMeter, phrases: Iterable[SourcedPhrase]) -> tuple[Sharing, ...]:
    """Measure what phrases share with the training set: a row for each source and part."""
    runs: dict[tuple[str, int], list[tuple[int, bool, bool]]] = {}
    for one in phrases:
        run = meter.measure(one.part, one.phrase)
        rows = runs.setdefault((one.source, PARTS.index(one.part)), [])
        rows.append((run.notes, run.bars >= COPY_BARS, run.copied))
    rows_of = {key: np.array(rows, np.int64) for key, rows in sorted(runs.items())}
    return tuple(
        Sharing(
            source,
            PARTS[part].value,
            len(rows),
            float(np.median(rows[:, 0])),
            float(np.quantile(rows[:, 0], 0.9)),
            int(rows[:, 0].max()),
            float(rows[:, 1].mean()),
            float(rows[:, 2].mean()),
        )
        for (source, part), rows in rows_of.items()
    )


def diversity(phrases: Iterable[SourcedPhrase]) -> tuple[Diversity, ...]:
    """Measure how far phrases differ: a row for each source and part of which some cell has two or more."""
    cells: dict[tuple[str, int, int], list[frozenset[tuple[int, int]]]] = {}
    for one in phrases:
        positions, pitches = line_of(one.phrase)
        notes = frozenset(zip(positions.tolist(), pitches.tolist(), strict=True))
        cells.setdefault((one.source, PARTS.index(one.part), one.section), []).append(notes)
    rows: dict[tuple[str, int], list[tuple[int, float, float]]] = {}
    for (source, part, _), sets in sorted(cells.items()):
        if len(sets) > 1:
            bars = [_bars(notes) for notes in sets]
            distinct = len(set().union(*bars)) / sum(map(len, bars))
            distances = [1 - len(one & other) / len(one | other) for one, other in itertools.combinations(sets, 2)]
            rows.setdefault((source, part), []).append((len(sets), distinct, float(np.mean(distances))))
    return tuple(
        Diversity(
            source,
            PARTS[part].value,
            max(count for count, _, _ in found),
            float(np.mean([distinct for _, distinct, _ in found])),
            float(np.mean([distance for _, _, distance in found])),
        )
        for (source, part), found in rows.items()
    )


def false_gram_rate(index: CopyIndex, group: str, seed: int = 0) -> float:
    """Chance, 0-1, that the index seems to have a gram because the hash of another is the same.

    Measured on grams that no music has: notes bars apart that leap over three octaves.
    """
    rng, gram = np.random.default_rng(seed), GRAM_NOTES[group]
    positions = np.cumsum(rng.integers(5 * POSITIONS, 50 * POSITIONS, _PROBES))
    pitches = np.where(np.arange(_PROBES) % 2, rng.integers(90, 127, _PROBES), rng.integers(0, 50, _PROBES))
    probes = gram_hashes(group, positions, pitches)
    assert len(probes) == _PROBES - gram + 1
    return float(np.isin(probes, index.groups[group].hashes).mean())


def _evenly_chosen(phrases: Sequence[SourcedPhrase], most: int) -> list[SourcedPhrase]:
    """As many phrases of each part, from all over the list, whatever their sources: all of them as "held out"."""
    chosen = []
    for part in PARTS:
        group = [phrase for phrase in phrases if phrase.part is part]
        places = np.unique(np.linspace(0, len(group) - 1, min(most, len(group))).round().astype(int)).tolist()
        chosen += [SourcedPhrase("held out", part, group[place].phrase) for place in places]
    return chosen


def _sounds(phrase: Phrase) -> bool:
    return len({note.onset_tick // TICKS_PER_BAR for note in phrase.notes}) >= _SOUNDING_SHARE * phrase.bars


def _stretch(phrase: Phrase, start_bar: int, bars: int, shift: int) -> Phrase:
    start, end = start_bar * TICKS_PER_BAR, (start_bar + bars) * TICKS_PER_BAR
    return Phrase(
        bars,
        tuple(
            Note(note.onset_tick - start, note.pitch + shift, note.duration_ticks, note.velocity)
            for note in phrase.notes
            if start <= note.onset_tick < end
        ),
    )


def _bars(notes: Iterable[tuple[int, int]]) -> set[frozenset[tuple[int, int]]]:
    """The different bars of notes, each as the (position, pitch) in it."""
    bars: dict[int, set[tuple[int, int]]] = {}
    for position, pitch in notes:
        bars.setdefault(position // POSITIONS, set()).add((position % POSITIONS, pitch))
    return set(map(frozenset, bars.values()))
