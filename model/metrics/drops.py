"""Measures of drops, and of songs around them, as a musician reads them bar by bar: of ours, and of others'.

Everything is counted on the notes alone, the same way for all. Imports no JAX.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from statistics import fmean, pstdev

import msgspec

from corpus.pieces import Piece
from song.notes import RATE_TICKS, Note, Phrase, some_bars
from song.parts import PARTS, Part
from song.scales import SCALES, parse_key
from song.sections import SectionKind, Song
from song.time import TICKS_PER_BAR, TICKS_PER_QUARTER

_SITS_OUT_BARS = 4
"""So many bars without an onset in a row and a part does not play throughout."""
_MOTIF_NOTES = 4
_FEWEST_BARS = 4


class HeardSection(msgspec.Struct, frozen=True):
    """A section as it sounds.

    Attributes:
        kind: its function.
        bars: its length.
        parts: what each part plays; a part that is silent throughout may be left out.
        tonic_class: pitch class of the tonic, 0-11; None where nobody knows.
        minor: whether the mode is minor.
    """

    kind: SectionKind
    bars: int
    parts: dict[Part, Phrase]
    tonic_class: int | None
    minor: bool

    def phrase(self, part: Part) -> Phrase:
        """The music of one part."""
        return self.parts.get(part, Phrase(self.bars))


class HeardSong(msgspec.Struct, frozen=True):
    """A song as it sounds, section by section."""

    name: str
    sections: tuple[HeardSection, ...]

    def drops(self) -> tuple[HeardSection, ...]:
        """Its drops, those of a few bars left out."""
        return tuple(one for one in self.sections if one.kind is SectionKind.DROP and one.bars >= _FEWEST_BARS)


def heard_song(song: Song, name: str) -> HeardSong:
    """A song of ours as it sounds."""
    sections = []
    for index, section in enumerate(song.sections):
        key = parse_key(song.key_of(index))
        parts = {part: phrase for part in PARTS if (phrase := section.cell(part).phrase) is not None}
        sections.append(HeardSection(section.kind, section.bars, parts, key.tonic_class, key.is_minor))
    return HeardSong(name, tuple(sections))


def heard_piece(piece: Piece) -> HeardSong:
    """A piece of the corpus as it sounds, where its sections are known."""
    sections = tuple(
        HeardSection(
            one.kind,
            one.bars,
            {part: some_bars(phrase, one.start_bar, one.bars) for part, phrase in piece.parts.items()},
            piece.tonic_class,
            piece.minor,
        )
        for one in piece.sections
    )
    return HeardSong(piece.name, sections)


def onset_deviation(song: HeardSong, part: Part) -> list[float]:
    """Standard deviation of the onsets a bar within each drop in which a part plays."""
    found = []
    for drop in song.drops():
        counts = _onsets(drop.phrase(part))
        if any(counts):
            found.append(pstdev(counts))
    return found


def plays_throughout(song: HeardSong) -> list[float]:
    """For each drop 1 where no part sits out four bars in a row, else 0."""
    return [float(all(_longest_silence(_onsets(drop.phrase(part))) < _SITS_OUT_BARS for part in PARTS))
            for drop in song.drops()]  # fmt: skip


def intervals(song: HeardSong, part: Part, wanted: Callable[[int], bool]) -> list[float]:
    """For each note of a line in a drop that follows another, 1 where the interval in semitones is wanted, else 0."""
    found: list[float] = []
    for drop in song.drops():
        found += [float(wanted(abs(b.pitch - a.pitch))) for a, b in pairwise(_line(drop.phrase(part)))]
    return found


def tonic_on_one(song: HeardSong) -> list[float]:
    """For each bass note on the first beat of a bar of a drop 1 where it is the tonic, else 0."""
    return [
        float(note.pitch % 12 == drop.tonic_class)
        for drop in song.drops()
        if drop.tonic_class is not None
        for note in drop.phrase(Part.BASS).notes
        if note.onset_tick % TICKS_PER_BAR == 0
    ]


def degrees(song: HeardSong, part: Part, wanted: Callable[[int, frozenset[int]], bool]) -> list[float]:
    """For each note of a part in a drop 1 where its semitones above the tonic, 0-11, are wanted beside the scale's."""
    found: list[float] = []
    for drop in song.drops():
        if drop.tonic_class is not None:
            scale = frozenset(SCALES["minor" if drop.minor else "major"])
            found += [float(wanted((one.pitch - drop.tonic_class) % 12, scale)) for one in drop.phrase(part).notes]
    return found


def is_flat_second(degree: int, _scale: frozenset[int]) -> bool:
    """Take the flat second alone."""
    return degree == 1


def is_outside(degree: int, scale: frozenset[int]) -> bool:
    """Take what is outside the scale."""
    return degree not in scale


def clusters(song: HeardSong) -> list[float]:
    """For each chord of two notes or more in a drop 1 where two lie one or two semitones apart, else 0."""
    found = []
    for drop in song.drops():
        for pitches in _stacks(drop.phrase(Part.CHORDS)):
            if len(pitches) > 1:
                found.append(float(any(b - a <= 2 for a, b in pairwise(pitches))))
    return found


def triads(song: HeardSong) -> list[float]:
    """For each chord of three pitch classes or more in a drop 1 where it is a major or a minor triad, alone or with
    other notes of the same pitch classes, else 0."""
    shapes = {frozenset({0, 3, 7}), frozenset({0, 4, 7})}
    found = []
    for drop in song.drops():
        for pitches in _stacks(drop.phrase(Part.CHORDS)):
            classes = {pitch % 12 for pitch in pitches}
            if len(classes) > 2:
                found.append(float(any(frozenset((one - root) % 12 for one in classes) in shapes for root in classes)))
    return found


def different_chords(song: HeardSong) -> list[float]:
    """The number of different chords, as sets of pitch classes, in each drop that has chords."""
    found = []
    for drop in song.drops():
        chords = {frozenset(pitch % 12 for pitch in pitches) for pitches in _stacks(drop.phrase(Part.CHORDS))}
        if chords:
            found.append(float(len(chords)))
    return found


def quoted_motifs(song: HeardSong) -> list[float]:
    """For each motif of four notes of the lead, by intervals and distances, in a drop 1 where a section of another kind
    has it too, else 0."""
    elsewhere: set[tuple[int, ...]] = set()
    for section in song.sections:
        if section.kind is not SectionKind.DROP:
            elsewhere.update(_motifs(section.phrase(Part.LEAD)))
    return [float(motif in elsewhere) for drop in song.drops() for motif in _motifs(drop.phrase(Part.LEAD))]


def wobble_cycles(song: HeardSong) -> list[float]:
    """Cycles of each wobble of a drop, from its onset, or that of the note under it, to its end."""
    return [
        one.duration_ticks / RATE_TICKS[one.rate] for drop in song.drops() for one in drop.phrase(Part.BASS).wobbles
    ]


def silent_before_drop(song: HeardSong) -> list[float]:
    """For each drop that follows a section 1 where no part sounds in the last beat before it, else 0."""
    found = []
    for before, section in pairwise(song.sections):
        if section.kind is SectionKind.DROP and before.kind is not SectionKind.DROP:
            from_tick = before.bars * TICKS_PER_BAR - TICKS_PER_QUARTER
            sounding = (note.end_tick > from_tick for part in PARTS for note in before.phrase(part).notes)
            found.append(float(not any(sounding)))
    return found


def fuller_than_build(song: HeardSong) -> list[float]:
    """Notes a bar of each drop, divided by those of the build right before it."""
    found = []
    for before, section in pairwise(song.sections):
        if section.kind is SectionKind.DROP and before.kind is SectionKind.BUILD and (of_build := _notes_a_bar(before)):
            found.append(_notes_a_bar(section) / of_build)
    return found


def kept_bars(song: HeardSong, part: Part) -> list[float]:
    """For each bar of a later drop in which a part plays 1 where the first drop has the same bar anywhere, else 0."""
    drops = song.drops()
    first = set(_bars(drops[0].phrase(part))) if drops else set()
    return [float(bar in first) for drop in drops[1:] for bar in _bars(drop.phrase(part)) if bar]


def opens_on_tonic(song: HeardSong) -> list[float]:
    """For the first drop 1 where the bass of its first bar has four notes or more and all are the tonic, else 0."""
    for drop in song.drops()[:1]:
        opening = [note for note in drop.phrase(Part.BASS).notes if note.onset_tick < TICKS_PER_BAR]
        if opening and drop.tonic_class is not None:
            return [float(len(opening) >= 4 and all(note.pitch % 12 == drop.tonic_class for note in opening))]
    return []


def distinct_bars(song: HeardSong, part: Part) -> list[float]:
    """The number of different bars of a part among the first sixteen of each drop that long in which it plays."""
    found = []
    for drop in song.drops():
        bars = _bars(drop.phrase(part))[:16]
        if len(bars) == 16 and any(bars):
            found.append(float(len(set(bars))))
    return found


def shared_bars(songs: Sequence[HeardSong], part: Part) -> float | None:
    """The share of the drops' bars of a part that another of the songs has too, note by note from the tonic; None where
    there are no such bars."""
    owners: dict[tuple[tuple[int, int], ...], set[int]] = {}
    all_bars: list[tuple[tuple[int, int], ...]] = []
    for number, song in enumerate(songs):
        for drop in song.drops():
            for bar in _bars(drop.phrase(part), 0 if part is Part.DRUMS else drop.tonic_class or 0):
                if bar:
                    all_bars.append(bar)
                    owners.setdefault(bar, set()).add(number)
    return fmean(len(owners[bar]) > 1 for bar in all_bars) if all_bars else None


def mean_of(songs: Iterable[HeardSong], measure: Callable[[HeardSong], list[float]]) -> float | None:
    """The mean of a measure over all that it counts in some songs; None where it counts nothing."""
    values = [value for song in songs for value in measure(song)]
    return fmean(values) if values else None


def _onsets(phrase: Phrase) -> list[int]:
    ticks = {note.onset_tick for note in phrase.notes}
    counts = Counter(tick // TICKS_PER_BAR for tick in ticks)
    return [counts[bar] for bar in range(phrase.bars)]


def _longest_silence(counts: Sequence[int]) -> int:
    longest = run = 0
    for count in counts:
        run = 0 if count else run + 1
        longest = max(longest, run)
    return longest


def _line(phrase: Phrase) -> list[Note]:
    """The highest note of each onset."""
    highest: dict[int, Note] = {}
    for note in phrase.notes:
        highest[note.onset_tick] = note
    return list(highest.values())


def _stacks(phrase: Phrase) -> list[list[int]]:
    stacks: dict[int, list[int]] = {}
    for note in phrase.notes:
        stacks.setdefault(note.onset_tick, []).append(note.pitch)
    return [sorted(pitches) for pitches in stacks.values()]


def _motifs(phrase: Phrase) -> list[tuple[int, ...]]:
    steps = [(b.pitch - a.pitch, b.onset_tick - a.onset_tick) for a, b in pairwise(_line(phrase))]
    size = _MOTIF_NOTES - 1
    runs = (steps[at : at + size] for at in range(len(steps) - size + 1))
    return [tuple(value for step in run for value in step) for run in runs]


def _notes_a_bar(section: HeardSection) -> float:
    return sum(len(phrase.notes) for phrase in section.parts.values()) / section.bars


def _bars(phrase: Phrase, tonic: int = 0) -> list[tuple[tuple[int, int], ...]]:
    """Each bar as the onsets and pitches, from a tonic, of its notes."""
    bars: list[list[tuple[int, int]]] = [[] for _ in range(phrase.bars)]
    for note in phrase.notes:
        bars[note.onset_tick // TICKS_PER_BAR].append((note.onset_tick % TICKS_PER_BAR, note.pitch - tonic))
    return [tuple(sorted(bar)) for bar in bars]
