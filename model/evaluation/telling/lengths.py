"""Features of length: how long the notes of bass, chords and lead are held, and what is silent between them."""

from itertools import pairwise

import numpy as np

from model.evaluation.telling.drop import Features, ToldDrop, chords_of, mean, named
from model.language.events import DURATION_TICKS
from song.notes import Phrase
from song.parts import Part
from song.time import TICKS_PER_BAR, TICKS_PER_QUARTER, TICKS_PER_STEP


def lengths(drop: ToldDrop) -> Features:
    """All of them, part by part; how long a drum is held means nothing."""
    found: Features = {}
    for part, phrase in drop.playing():
        if part is not Part.DRUMS and phrase.notes:
            found |= named(part, _of_notes(phrase))
    return found


def _of_notes(phrase: Phrase) -> Features:
    held = [note.duration_ticks for note in phrase.notes]
    classes = np.digitize(held, DURATION_TICKS[1:]).tolist()
    found: Features = {
        f"notes of {ticks} ticks and more": classes.count(number) / len(held)
        for number, ticks in enumerate(DURATION_TICKS)
    }
    logs = np.log2(held)
    found["mean length, octaves of ticks"] = float(logs.mean())
    found["deviation of length, octaves"] = float(logs.std())
    found["different lengths"] = len(set(held)) / len(held)
    found["notes of the commonest length"] = max(held.count(one) for one in set(held)) / len(held)
    found["notes as long as the one before"] = mean([float(a == b) for a, b in pairwise(held)])
    found["lengths that no model would choose"] = mean([float(one not in DURATION_TICKS) for one in held])
    onsets = {tick: max(note.end_tick for note in chord) for tick, chord in chords_of(phrase).items()}
    gaps = [after - end for (_, end), (after, _) in pairwise(onsets.items())]
    spans = [(end - tick) / (after - tick) for (tick, end), (after, _) in pairwise(onsets.items())]
    found["onsets held to the next"] = mean([float(gap <= 0) for gap in gaps])
    found["rests of a sixteenth or more"] = mean([float(gap >= TICKS_PER_STEP) for gap in gaps])
    found["rests of a beat or more"] = mean([float(gap >= TICKS_PER_QUARTER) for gap in gaps])
    found["share held of the time to the next"] = mean(spans)
    found["deviation of the share held"] = float(np.std(spans)) if spans else None
    found["longest rest, bars"] = max(gaps, default=0) / TICKS_PER_BAR
    sounding = sum(end - tick for tick, end in onsets.items())
    found["sounding share of the time"] = sounding / (phrase.bars * TICKS_PER_BAR)
    over = [float(note.end_tick // TICKS_PER_BAR > note.onset_tick // TICKS_PER_BAR) for note in phrase.notes
            if note.end_tick % TICKS_PER_BAR]  # fmt: skip
    found["notes held over a bar line"] = sum(over) / len(held)
    return found
