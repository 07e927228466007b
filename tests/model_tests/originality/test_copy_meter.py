"""The copy meter finds what was planted, however it was moved, and nothing where nothing is shared."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.pieces import Piece
from model.originality.copy_index import DRUMS, GRAM_NOTES, PITCHED, build_index
from model.originality.copy_meter import CopiedRun, CopyMeter
from song.notes import Note, Phrase
from song.parts import Part
from song.time import TICKS_PER_BAR

BAR = 96
"""Positions in a bar."""
PIECES, PIECE_BARS = 12, 8

Line = Sequence[tuple[int, int]]
"""Notes as (position, pitch)."""


def phrase_of(line: Line, bars: int = 0) -> Phrase:
    notes = tuple(Note(position * 4, pitch, 12, 90) for position, pitch in sorted(set(line)))
    return Phrase(bars or max(position // BAR + 1 for position, _ in line), notes)


def piece_of(name: str, parts: dict[Part, Line]) -> Piece:
    phrases = {part: phrase_of(line) for part, line in parts.items()}
    bars = max(phrase.bars for phrase in phrases.values())
    return Piece(name, "test", name, "train", name, {}, 140.0, 0, True, bars, phrases)


def random_line(seed: int, low: int, high: int) -> list[tuple[int, int]]:
    """Eight notes a bar at places and pitches that have no pattern."""
    rng = np.random.default_rng(seed)
    return [
        (bar * BAR + place * 6, int(rng.integers(low, high + 1)))
        for bar in range(PIECE_BARS)
        for place in sorted(rng.choice(16, 8, replace=False).tolist())
    ]


MELODIES = [random_line(seed, 60, 84) for seed in range(PIECES)]
BEATS = [random_line(100 + seed, 36, 46) for seed in range(PIECES)]


@pytest.fixture(scope="module")
def meter() -> CopyMeter:
    pairs = enumerate(zip(MELODIES, BEATS, strict=True))
    return CopyMeter(
        build_index(piece_of(f"piece {n}", {Part.LEAD: melody, Part.DRUMS: beat}) for n, (melody, beat) in pairs)
    )


def planted(line: Line, first: int, count: int, semitones: int, at: int) -> list[tuple[int, int]]:
    """Some notes of a line, moved, between strangers that stand where none of the line's own neighbours do."""
    run = line[first : first + count]
    moved = [(position - run[0][0] + at, pitch + semitones) for position, pitch in run]
    return [(at - 7, moved[0][1] + 1), *moved, (moved[-1][0] + 1, moved[-1][1] + 1)]


@given(
    number=st.integers(0, PIECES - 1),
    first=st.integers(0, 30),
    count=st.integers(5, 30),
    semitones=st.integers(-24, 12),
    at=st.integers(7, 400),
    part=st.sampled_from([Part.BASS, Part.CHORDS, Part.LEAD]),
)
def test_a_planted_run_is_found_under_transposition_with_its_place(
    meter: CopyMeter, number: int, first: int, count: int, semitones: int, at: int, part: Part
) -> None:
    run = meter.measure(part, phrase_of(planted(MELODIES[number], first, count, semitones, at)))
    assert (run.notes, run.source, run.name) == (count, "test", f"piece {number}")
    assert run.bar == MELODIES[number][first][0] // BAR
    # From the first note to the next one, or the bar line before or after where only a rest is between.
    low, high = MELODIES[number][first][0], MELODIES[number][first + count - 1][0]
    assert (high - low) / BAR < run.bars <= (high - low) / BAR + 1


@given(number=st.integers(0, PIECES - 1), first=st.integers(0, 30), count=st.integers(8, 30), at=st.integers(7, 400))
def test_a_drum_loop_is_found_and_is_no_copy(meter: CopyMeter, number: int, first: int, count: int, at: int) -> None:
    run = meter.measure(Part.DRUMS, phrase_of(planted(BEATS[number], first, count, 0, at)))
    assert (run.notes, run.name, run.copied) == (count, f"piece {number}", False)
    other_drums = meter.measure(Part.DRUMS, phrase_of(planted(BEATS[number], first, count, 1, at)))
    assert other_drums == CopiedRun()


# Chance might repeat five notes some day: the same examples every time.
@settings(derandomize=True)
@given(seed=st.integers(1000, 10**9), part=st.sampled_from(list(Part)))
def test_random_notes_are_shared_with_nothing(meter: CopyMeter, seed: int, part: Part) -> None:
    low, high = (36, 46) if part is Part.DRUMS else (24, 108)
    assert meter.measure(part, phrase_of(random_line(seed, low, high))) == CopiedRun()


@given(number=st.integers(0, PIECES - 1), first=st.integers(0, 30), part=st.sampled_from(list(Part)))
def test_a_phrase_shorter_than_a_gram_shares_nothing(meter: CopyMeter, number: int, first: int, part: Part) -> None:
    line, shortest = (BEATS, GRAM_NOTES[DRUMS]) if part is Part.DRUMS else (MELODIES, GRAM_NOTES[PITCHED])
    for count in range(1, shortest):
        assert meter.measure(part, phrase_of(line[number][first : first + count])) == CopiedRun()
    assert meter.measure(part, Phrase(4)) == CopiedRun()


@pytest.mark.parametrize(("bars", "copied"), [(1, False), (2, True), (8, True)])
def test_two_whole_bars_of_a_tune_are_a_copy(meter: CopyMeter, bars: int, copied: bool) -> None:
    own = [(bars * BAR + place * 12, 40) for place in range(8)]
    run = meter.measure(Part.BASS, phrase_of([note for note in MELODIES[3] if note[0] < bars * BAR] + own))
    assert (run.copied, run.bars) == (copied, bars)


EIGHTHS = range(0, 2 * BAR, 12)
COMMONPLACES = {
    "one root": [(place, 40) for place in EIGHTHS],
    "octaves of a root": [(place, 40 + 12 * (place // 12 % 2)) for place in EIGHTHS],
    "eight of one note, eight of another, eight of a third": [
        (place, (40, 43, 38)[place // BAR]) for place in range(0, 3 * BAR, 12)
    ],
    "a chord a bar": [(bar * BAR, root + step) for bar, root in enumerate((60, 56, 63, 58)) for step in (0, 3, 7)],
    "two chords in turn": [(place, 60 - place // 12 % 2 * 4 + step) for place in EIGHTHS for step in (0, 3, 7)],
}


@pytest.mark.parametrize("name", COMMONPLACES)
def test_a_commonplace_is_no_copy_however_long(name: str) -> None:
    line = COMMONPLACES[name]
    run = CopyMeter(build_index([piece_of("theirs", {Part.BASS: line})])).measure(Part.LEAD, phrase_of(line))
    assert run.notes == len(line)
    assert run.bars >= 2
    assert not run.copied


def test_a_copy_goes_before_a_longer_commonplace() -> None:
    theirs = [piece_of("root", {Part.BASS: [(place, 40) for place in range(0, 8 * BAR, 12)]})]
    theirs.append(piece_of("tune", {Part.LEAD: MELODIES[0]}))
    copy = [note for note in MELODIES[0] if note[0] < 3 * BAR]
    line = [*copy, *((3 * BAR + place, 40) for place in range(0, 6 * BAR, 12))]
    run = CopyMeter(build_index(theirs)).measure(Part.LEAD, phrase_of(line))
    assert (run.name, run.notes, run.copied) == ("tune", len(copy), True)


def shared_runs(line: Line, other: Line, drums: bool) -> list[tuple[int, int]]:
    """First note and length of every run of `line` that is in `other`, by comparing all with all."""

    def same(a: int, b: int) -> bool:
        pitched = line[a + 1][1] - line[a][1] == other[b + 1][1] - other[b][1]
        by_drum = line[a + 1][1] == other[b + 1][1]
        return line[a + 1][0] - line[a][0] == other[b + 1][0] - other[b][0] and (by_drum if drums else pitched)

    runs = []
    for a in range(len(line)):
        for b in range(len(other)):
            if drums and line[a][1] != other[b][1]:
                continue
            length = 1
            while a + length < len(line) and b + length < len(other) and same(a + length - 1, b + length - 1):
                length += 1
            runs.append((a, length))
    return runs


FEW_SOUNDS = st.lists(st.tuples(st.sampled_from([3, 6]), st.sampled_from([60, 60, 62])), min_size=1, max_size=40)


@settings(deadline=None)
@given(ours=FEW_SOUNDS, theirs=st.lists(FEW_SOUNDS, min_size=1, max_size=3), drums=st.booleans())
def test_the_longest_run_is_the_longest_there_is_even_in_loops(ours: Line, theirs: list[Line], drums: bool) -> None:
    """Music of two sounds and two distances repeats its grams all the time: the run still has to stand somewhere."""

    def line(moves: Line) -> list[tuple[int, int]]:
        positions = np.cumsum([distance for distance, _ in moves]).tolist()
        return [(position, pitch - 24 * drums) for position, (_, pitch) in zip(positions, moves, strict=True)]

    part, gram = (Part.DRUMS, GRAM_NOTES[DRUMS]) if drums else (Part.BASS, GRAM_NOTES[PITCHED])
    pieces = [piece_of(str(number), {part: line(moves)}) for number, moves in enumerate(theirs)]
    run = CopyMeter(build_index(pieces)).measure(part, phrase_of(line(ours)))
    shared = [shared_runs(line(ours), line(moves), drums) for moves in theirs]
    lengths = [max((length for _, length in runs), default=0) for runs in shared]
    assert run.notes == (max(lengths) if max(lengths) >= gram else 0)
    if run.notes:
        assert lengths[int(run.name)] == run.notes


def test_a_run_is_not_put_together_from_two_pieces() -> None:
    halves = [note for note in MELODIES[0] if note[0] < 2 * BAR], [note for note in MELODIES[0] if note[0] >= 2 * BAR]
    meter = CopyMeter(build_index([piece_of(str(n), {Part.LEAD: half}) for n, half in enumerate(halves)]))
    run = meter.measure(Part.LEAD, phrase_of(MELODIES[0]))
    assert (run.notes, run.name) == (max(map(len, halves)), "1")


def test_the_place_is_the_first_of_all() -> None:
    riff = [(position + lead, pitch) for lead in (BAR, 5 * BAR) for position, pitch in MELODIES[2][:16]]
    meter = CopyMeter(build_index([piece_of("riff", {Part.LEAD: [(0, 60), *riff]})]))
    run = meter.measure(Part.LEAD, phrase_of(MELODIES[2][:16]))
    assert run == CopiedRun(16, 2.0, "test", "riff", 1, copied=True)
    assert phrase_of(riff).length_ticks == 7 * TICKS_PER_BAR
