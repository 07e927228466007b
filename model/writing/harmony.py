"""Harmony of a cell as the sampler takes it: the pitches under each chord, and those that bass and lead lean on.

Chords have chord tones alone; bass and lead have their scale, lean on the chord that sounds on the beat, and may leave
the scale for a short note off it. Imports NumPy but no JAX.
"""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from model.language.events import FIRST_DRUM, PITCH_TOKENS
from model.writing.drum_prior import SIXTEENTHS
from model.writing.masks import pitch_table
from song.harmony import STRETCHES_A_BAR, Chord, section_harmony
from song.limits import MAX_CHORDS
from song.parts import Part
from song.passing import passing_classes
from song.scales import Key, tonic_shift
from song.sections import Section

CHORD_SLOTS = MAX_CHORDS
"""Chords that a row of the batch has tables for; without a progression the first stands for the scale."""
_APART = 3
"""Semitones between notes that start together: less is a cluster."""
_ON_CHORD: Mapping[Part, tuple[float, float, float]] = {Part.BASS: (6.0, 1.5, 1.0), Part.LEAD: (1.0, 0.8, 1.0)}
"""Nats that a root, a fifth and another tone of the chord that sounds is leant on, on the first beat of a bar."""
_BEATS = {0: 1.0, 8: 0.25, 4: 0.1, 12: 0.1}
_OFF_THE_BEAT = 0.05
"""Shares of that by sixteenth; on those that are not named little of it is left."""
_MOTION: Mapping[Part, tuple[float, float]] = {Part.BASS: (-0.8, 0.6), Part.LEAD: (-0.5, 0.4)}
"""Nats that a line is given for the note before once more, and for one a step away: a network that is drawn from its
likeliest choices stays where it is more than people do."""
_REPEATING = {"riddim": 0.5, "house": 0.6}
"""Shares of that in styles whose lines stay: riffs of two sounds, basses of one."""


class CellHarmony(msgspec.Struct, frozen=True):
    """The harmony of a cell.

    Attributes:
        chords: of the section; empty where it is left to the network.
        sounding: the index of the chord of each half bar.
        pitches: bool (CHORD_SLOTS, PITCH_TOKENS), pitches allowed under each chord.
        lean: float32 (CHORD_SLOTS, PITCH_TOKENS), nats that each pitch is leant on under each chord, on the first beat.
        beats: float32 (SIXTEENTHS,), the share of that on each sixteenth.
        apart: int (CHORD_SLOTS,), fewest semitones between notes that start together.
        passing: bool (PITCH_TOKENS,), pitches allowed off the beat beside those, for short notes.
        motion: float32 (2,), nats for the note before once more and for a step.
    """

    chords: tuple[Chord, ...]
    sounding: tuple[int, ...]
    pitches: np.ndarray
    lean: np.ndarray
    beats: np.ndarray
    apart: np.ndarray
    passing: np.ndarray
    motion: np.ndarray

    def by_bar(self, bars: int) -> np.ndarray:
        """The chord of each half of each bar: int32 (bars, STRETCHES_A_BAR)."""
        if not self.sounding:
            return np.zeros((bars, STRETCHES_A_BAR), np.int32)
        return np.array(self.sounding[: bars * STRETCHES_A_BAR], np.int32).reshape(bars, STRETCHES_A_BAR)


def cell_harmony(section: Section, part: Part, key: Key, style: Mapping[str, float]) -> CellHarmony:
    """The harmony of one part of a section.

    Args:
        section: its constraints and length.
        part: drums have no harmony.
        key: the key that holds in it.
        style: shares of styles.
    """
    pitch_range = section.constraints.pitch_range(part)
    scale = pitch_table(part, key, pitch_range)
    chords, sounding = section_harmony(section, key, part) if part is not Part.DRUMS else ((), ())
    classes = (np.arange(FIRST_DRUM) + tonic_shift(part, key.tonic_class)) % 12
    pitches, lean = np.tile(scale, (CHORD_SLOTS, 1)), np.zeros((CHORD_SLOTS, PITCH_TOKENS), np.float32)
    apart = np.ones(CHORD_SLOTS, np.int32)
    for slot, chord in enumerate(chords):
        apart[slot] = 1 if part is Part.CHORDS and _has_seconds(chord) else _APART
        tones = np.isin(classes, chord.tones)
        if part is Part.CHORDS:
            table = _in_range(part, key, pitch_range)
            table[:FIRST_DRUM] &= tones
            # A range so narrow that no tone lies in it keeps to the scale.
            pitches[slot] = table if table.any() else scale
        else:
            lean[slot, :FIRST_DRUM] = _leant_on(part, chord, classes)
            allowed = _in_range(part, key, pitch_range)
            allowed[:FIRST_DRUM] &= tones
            pitches[slot] |= allowed
    passing = np.zeros(PITCH_TOKENS, bool)
    if part in (Part.BASS, Part.LEAD):
        passing = _in_range(part, key, pitch_range)
        passing[:FIRST_DRUM] &= np.isin(classes, list(passing_classes(section.constraints, key, style)))
    return CellHarmony(chords, sounding, pitches, lean, _beat_shares(), apart, passing, _motion(part, style))


def _in_range(part: Part, key: Key, pitch_range: tuple[int, int]) -> np.ndarray:
    return pitch_table(part, Key(key.tonic, "chromatic"), pitch_range)


def _leant_on(part: Part, chord: Chord, classes: np.ndarray) -> np.ndarray:
    root, fifth, other = _ON_CHORD[part]
    nats = np.where(np.isin(classes, chord.tones), other, 0.0)
    nats[classes == (chord.root + 7) % 12] = fifth if (chord.root + 7) % 12 in chord.tones else 0.0
    nats[classes == chord.root] = root
    return nats


def _beat_shares() -> np.ndarray:
    shares = np.full(SIXTEENTHS, _OFF_THE_BEAT, np.float32)
    for sixteenth, share in _BEATS.items():
        shares[sixteenth] = share
    return shares


def _motion(part: Part, style: Mapping[str, float]) -> np.ndarray:
    again, step = _MOTION.get(part, (0.0, 0.0))
    much = sum(share * _REPEATING.get(name, 1.0) for name, share in style.items())
    return np.array([again * much, step * much], np.float32)


def _has_seconds(chord: Chord) -> bool:
    ordered: Sequence[int] = sorted(chord.tones)
    return any((b - a) % 12 <= 2 for a, b in zip(ordered, (*ordered[1:], ordered[0]), strict=True))
