"""Chords voiced: every tone of the symbol, no cluster that it does not have, each voice led by small steps.

The network says when chords start, how long, how loud, how many voices and where the top one lies. A voicing follows
from what was drawn and what came before it, and one drawn twice under one chord is voiced twice alike, so that bars
that repeat still do. Imports no JAX.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from msgspec.structs import replace

from song.harmony import STRETCH_TICKS, Chord
from song.notes import Note, Phrase, cut_overlaps
from song.parts import PART_SPECS, Part
from song.time import TICKS_PER_BAR, TICKS_PER_QUARTER

_TOP_WEIGHT = 0.8
"""Semitones of movement that a semitone between the top note and the one drawn counts as."""
_MOST_VOICES = PART_SPECS[Part.CHORDS].polyphony


CLOSE, OPEN, ROOTED, WIDE, DOUBLED = range(5)
_SPREADS = (CLOSE, OPEN, ROOTED, WIDE, OPEN, DOUBLED)
_LIFTS = (0, 3, -3, 8, -6, 6, 12)


class Voicing(NamedTuple):
    """The way in which a song voices its chords. Songs of one stab a bar would have the same bars without.

    Attributes:
        spread: `CLOSE`; `OPEN`, one inner or the lowest voice an octave down; `ROOTED`, far over the root; `WIDE`,
            every other tone of two octaves; `DOUBLED`, the top once more below the rest.
        voices: how many more than were drawn.
        lift: semitones that the top is wanted above the one that was drawn.
        compact: whether of two that serve alike the one of less span is taken, not the one that reaches lower.
        answer: semitones that the top of all but the first chord of a bar is wanted above that.
    """

    spread: int = CLOSE
    voices: int = 0
    lift: int = 0
    compact: bool = False
    answer: int = 0


PLAIN = Voicing()


def voicing_of(seed: int) -> Voicing:
    """The way in which the song of a seed voices its chords.

    Args:
        seed: 0 or more.
    """
    voices, answer = (0, 1, -1)[seed // 3 % 3], (0, 4, -4)[seed // 5 % 3]
    return Voicing(_SPREADS[seed % 6], voices, _LIFTS[seed % 7], seed // 6 % 2 == 1, answer)


def voiced(
    phrase: Phrase,
    chords: Sequence[Chord],
    sounding: Sequence[int],
    pitch_range: tuple[int, int],
    full: bool,
    voicing: Voicing = PLAIN,
) -> Phrase:
    """The phrase with each chord voiced anew, cut where the harmony moves on.

    Args:
        phrase: chords; every note is a tone of the chord under it.
        chords: the progression.
        sounding: the index of the chord of each half bar.
        pitch_range: lowest and highest pitch, both inclusive.
        full: whether single notes become chords too; else only those on a beat do, the others being an arpeggio's.
        voicing: the way in which they are.
    """
    # Two chords of a progression that are one are no move.
    sounding = [chords.index(chords[at]) for at in sounding]
    notes: list[Note] = []
    before: tuple[int, ...] = ()
    known: dict[tuple[int, tuple[int, ...], int], tuple[int, ...]] = {}
    bar = -1
    for onset_tick, group in groupby(phrase.notes, key=lambda note: note.onset_tick):
        drawn = list(group)
        stretch = onset_tick // STRETCH_TICKS
        index = sounding[stretch]
        ends = _harmony_ends(sounding, stretch)
        pitches = tuple(note.pitch for note in drawn)
        if len(pitches) == 1 and not full and onset_tick % TICKS_PER_QUARTER:
            notes += [replace(note, duration_ticks=min(note.duration_ticks, ends - onset_tick)) for note in drawn]
            continue
        answer = voicing.answer if onset_tick // TICKS_PER_BAR == bar else 0
        bar = onset_tick // TICKS_PER_BAR
        if (index, pitches, answer) not in known:
            here = voicing._replace(lift=voicing.lift + answer)
            # Led by small steps an answer would be the same chord again.
            known[index, pitches, answer] = _voicing(
                pitches, chords[index], () if answer else before, pitch_range, here
            )
        before = known[index, pitches, answer]
        length = min(max(note.duration_ticks for note in drawn), ends - onset_tick)
        loudness = [note.velocity for note in drawn]
        for place, pitch in enumerate(before):
            notes.append(Note(onset_tick, pitch, length, loudness[min(place, len(loudness) - 1)]))
    return replace(phrase, notes=cut_overlaps(tuple(notes), phrase.length_ticks))


def _harmony_ends(sounding: Sequence[int], stretch: int) -> int:
    end = stretch + 1
    while end < len(sounding) and sounding[end] == sounding[stretch]:
        end += 1
    return end * STRETCH_TICKS


def _voicing(
    drawn: tuple[int, ...],
    chord: Chord,
    before: tuple[int, ...],
    pitch_range: tuple[int, int],
    voicing: Voicing,
) -> tuple[int, ...]:
    low, high = pitch_range
    ladder = [pitch for pitch in range(low, high + 1) if pitch % 12 in chord.tones]
    voices = min(max(len(drawn) + voicing.voices, len(chord.tones)), _MOST_VOICES)
    for spread in dict.fromkeys((voicing.spread, CLOSE)):
        found = [one for one in _candidates(ladder, voices, spread, chord.root) if _whole(one, chord)]
        if found:
            top = drawn[-1] + voicing.lift
            return min(found, key=lambda one: (_cost(one, top, before), voicing.compact * (one[-1] - one[0]), one))
    # A range of hardly an octave may hold no whole chord of that many voices.
    return drawn


def _whole(pitches: Sequence[int], chord: Chord) -> bool:
    return {pitch % 12 for pitch in pitches} == set(chord.tones)


def _candidates(ladder: Sequence[int], voices: int, spread: int, root: int) -> list[tuple[int, ...]]:
    close = [tuple(ladder[at : at + voices]) for at in range(len(ladder) - voices + 1)]
    if spread == CLOSE:
        return close
    if spread == ROOTED:
        roots = [pitch for pitch in ladder if pitch % 12 == root]
        return [(low, *one[1:]) for one in close for low in roots if 8 <= one[1] - low < 24]
    if spread == WIDE:
        reach = 2 * voices - 1
        return [tuple(ladder[at : at + reach : 2]) for at in range(len(ladder) - reach + 1)]
    if spread == DOUBLED:
        octaves = 12 if voices < 4 else 24
        return [(one[-1] - octaves, *one) for one in close if one[-1] - octaves in ladder and voices < _MOST_VOICES]
    lowest = ladder[0] if ladder else 0
    return [
        tuple(sorted((*one[:index], one[index] - 12, *one[index + 1 :])))
        for one in close
        for index in {0, max(voices - 2, 0)}
        if one[index] - 12 >= lowest and one[index] - 12 not in one
    ]


def _cost(one: tuple[int, ...], top: int, before: tuple[int, ...]) -> float:
    moved = 0.0
    if before:
        moved = sum(min(abs(pitch - other) for other in before) for pitch in one)
        moved += sum(min(abs(pitch - other) for other in one) for pitch in before)
    return moved + _TOP_WEIGHT * 2 * abs(one[-1] - top)
