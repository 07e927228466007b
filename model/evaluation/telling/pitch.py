"""Features of pitch: intervals and degrees of the lines, sizes and kinds of the chords, and which drums are struck."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from model.evaluation.telling.drop import Features, ToldDrop, chords_of, mean, named
from song.drums import DRUM_GROUPS, GROUP_OF
from song.notes import Phrase
from song.parts import PART_SPECS, Part
from song.scales import SCALES

WIDEST = 12
MOST_AT_ONCE = 5
_TRIADS = (frozenset({0, 3, 7}), frozenset({0, 4, 7}))


def pitch(drop: ToldDrop) -> Features:
    """All of them, part by part, then of the bass and the lead against the chords."""
    found: Features = {}
    for part, phrase in drop.playing():
        own = _of_drums(phrase) if part is Part.DRUMS else _of_notes(part, phrase, drop.tonic_class)
        found |= named(part, own)
    if Part.CHORDS in drop.parts:
        for part in (Part.BASS, Part.LEAD):
            if part in drop.parts:
                found[f"{part.value}: notes that the chord has"] = _in_chord(drop.parts[part], drop.parts[Part.CHORDS])
    if Part.BASS in drop.parts and Part.LEAD in drop.parts:
        found["lead: notes that the bass has"] = _in_chord(drop.parts[Part.LEAD], drop.parts[Part.BASS])
    return found


def _of_drums(phrase: Phrase) -> Features:
    struck = Counter(GROUP_OF[note.pitch] for note in phrase.notes if note.pitch in GROUP_OF)
    total = sum(struck.values())
    names = list(DRUM_GROUPS)
    found: Features = {
        f"notes that are {name}": struck[number] / total if total else None for number, name in enumerate(names)
    }
    chords = list(chords_of(phrase).values())
    found["kinds of drums"] = float(len(struck))
    found["entropy of drums"] = _entropy(list(struck.values()))
    found["hits at once"] = mean([float(len(chord)) for chord in chords])
    alone = [GROUP_OF.get(chord[0].pitch) for chord in chords if len(chord) == 1]
    for number, name in enumerate(names[:4]):
        found[f"onsets that are {name} alone"] = alone.count(number) / len(chords) if chords else None
    hits = [frozenset(note.pitch for note in chord) for chord in chords]
    found["hits that are those before"] = mean([float(a == b) for a, b in pairwise(hits)])
    found["different hits"] = len(set(hits)) / len(hits) if hits else None
    return found


def _of_notes(part: Part, phrase: Phrase, tonic: int) -> Features:
    chords = list(chords_of(phrase).values())
    line = [chord[-1].pitch for chord in chords]
    steps = [b - a for a, b in pairwise(line)]
    found = _of_steps(steps)
    degrees = [(note.pitch - tonic) % 12 for note in phrase.notes]
    for degree in range(12):
        found[f"notes {degree} semitones above the tonic"] = degrees.count(degree) / len(degrees) if degrees else None
    minor, major = set(SCALES["minor"]), set(SCALES["major"])
    fits = [mean([float(one not in scale) for one in degrees]) for scale in (minor, major)]
    found["notes outside the scale"] = min((one for one in fits if one is not None), default=None)
    pitches = [note.pitch for note in phrase.notes]
    found["range"] = float(max(pitches) - min(pitches)) if pitches else None
    found["deviation of pitch"] = float(np.std(pitches)) if pitches else None
    found["entropy of pitches"] = _entropy(list(Counter(pitches).values()))
    found["entropy of degrees"] = _entropy(list(Counter(degrees).values()))
    found["commonest pitch"] = max(Counter(pitches).values()) / len(pitches) if pitches else None
    if PART_SPECS[part].polyphony > 1:
        found |= _of_chords([[note.pitch for note in chord] for chord in chords])
    return found


def _of_steps(steps: Sequence[int]) -> Features:
    def share(wanted: Sequence[int]) -> float | None:
        return sum(step in wanted for step in steps) / len(steps) if steps else None

    found: Features = {"line repeats": share([0])}
    for size in range(1, WIDEST):
        found[f"line moves by {size} semitones"] = share([-size, size])
    found[f"line moves by {WIDEST} semitones or more"] = (
        sum(abs(step) >= WIDEST for step in steps) / len(steps) if steps else None
    )
    found["line moves by a step"] = share([-2, -1, 1, 2])
    found["mean interval"] = mean([float(abs(step)) for step in steps])
    moves = [step for step in steps if step]
    found["moves that go up"] = mean([float(step > 0) for step in moves])
    found["moves that turn back"] = mean([float(a * b < 0) for a, b in pairwise(moves)])
    found["moves back to the pitch before"] = mean([float(a == -b) for a, b in pairwise(moves)])
    found["steps that are those before"] = mean([float(a == b) for a, b in pairwise(steps)])
    return found


def _of_chords(chords: Sequence[Sequence[int]]) -> Features:
    found: Features = {}
    for size in range(1, MOST_AT_ONCE + 1):
        found[f"onsets of {size} notes"] = mean([float(len(chord) == size) for chord in chords])
    found["notes at once"] = mean([float(len(chord)) for chord in chords])
    stacked = [chord for chord in chords if len(chord) > 1]
    found["chords with notes 1-2 semitones apart"] = mean(
        [float(any(b - a <= 2 for a, b in pairwise(chord))) for chord in stacked]
    )
    found["span of a chord"] = mean([float(chord[-1] - chord[0]) for chord in stacked])
    classes = [frozenset(pitch % 12 for pitch in chord) for chord in chords]
    full = [one for one in classes if len(one) > 2]
    found["chords that are triads"] = mean([float(_is_triad(one)) for one in full])
    found["chords that are those before"] = mean([float(a == b) for a, b in pairwise(classes)])
    found["different chords"] = len(set(classes)) / len(classes) if classes else None
    found["notes kept from chord to chord"] = mean([len(a & b) / len(a | b) for a, b in pairwise(classes)])
    sizes = [len(chord) for chord in chords]
    found["chords of the size of that before"] = mean([float(a == b) for a, b in pairwise(sizes)])
    return found


def _is_triad(classes: frozenset[int]) -> bool:
    return any(frozenset((one - root) % 12 for one in classes) in _TRIADS for root in classes)


def _in_chord(line: Phrase, chords: Phrase) -> float | None:
    """The share of a line's notes at whose onset the other part sounds that has their pitch class there."""
    found = []
    for note in line.notes:
        sounding = {one.pitch % 12 for one in chords.notes if one.onset_tick <= note.onset_tick < one.end_tick}
        if sounding:
            found.append(float(note.pitch % 12 in sounding))
    return mean(found)


def _entropy(counts: Sequence[int]) -> float | None:
    if not counts:
        return None
    shares = np.array(counts) / sum(counts)
    return float(-(shares * np.log(shares)).sum())
