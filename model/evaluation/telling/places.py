"""Features of places: where in the bar and in the beat the onsets of each part lie, and which parts meet there."""

from collections.abc import Sequence
from itertools import pairwise, permutations

import numpy as np

from model.evaluation.telling.drop import Features, ToldDrop, bar_counts, mean, named, onset_ticks
from model.metrics.phrase_measures import INTERVAL_BOUNDS
from song.drums import DRUM_GROUPS
from song.notes import Phrase
from song.parts import Part
from song.time import TICKS_PER_BAR, TICKS_PER_QUARTER, TICKS_PER_STEP

STEPS = TICKS_PER_BAR // TICKS_PER_STEP
_STEPS_A_BEAT = TICKS_PER_QUARTER // TICKS_PER_STEP
_STRONG = tuple(4 if n == 0 else 3 if n == 8 else 2 if n % 4 == 0 else 1 if n % 2 == 0 else 0 for n in range(STEPS))
"""Weight of each sixteenth of a bar."""


def places(drop: ToldDrop) -> Features:
    """All of them, part by part, of kicks and snares, then of each two parts."""
    found: Features = {}
    ticks = {part: onset_ticks(phrase) for part, phrase in drop.playing()}
    for part, phrase in drop.playing():
        found |= named(part, _of_ticks(ticks[part]) | _of_openings(phrase))
    if Part.DRUMS in drop.parts:
        for name, groups in (("kicks", ("kick",)), ("snares and claps", ("snare", "clap")), ("hats", ("hat",))):
            pitches = {pitch for group in groups for pitch in DRUM_GROUPS[group]}
            struck = sorted({one.onset_tick for one in drop.parts[Part.DRUMS].notes if one.pitch in pitches})
            found |= {f"{name}: {what}": share for what, share in _histogram(struck).items()}
            for part in ticks.keys() - {Part.DRUMS}:
                found[f"{part.value}: onsets with {name}"] = _met(ticks[part], struck) if struck else None
    for a, b in permutations(ticks, 2):
        found[f"{a.value}: onsets with {b.value}"] = _met(ticks[a], ticks[b])
    return found


def _histogram(ticks: Sequence[int]) -> Features:
    steps = [tick % TICKS_PER_BAR // TICKS_PER_STEP for tick in ticks if tick % TICKS_PER_STEP == 0]
    return {
        f"onsets on sixteenth {step + 1}": steps.count(step) / len(ticks) if ticks else None for step in range(STEPS)
    } | {"onsets off the sixteenths": 1 - len(steps) / len(ticks) if ticks else None}


def _of_ticks(ticks: Sequence[int]) -> Features:
    found = _histogram(ticks)
    gaps = [after - before for before, after in pairwise(ticks)]
    classes = np.digitize(gaps, INTERVAL_BOUNDS).tolist() if gaps else []
    names = [f"under {bound}" for bound in INTERVAL_BOUNDS] + [f"{INTERVAL_BOUNDS[-1]} and more"]
    for number, name in enumerate(names):
        found[f"onsets {name} ticks apart"] = classes.count(number) / len(gaps) if gaps else None
    beats = [tick % TICKS_PER_BAR // TICKS_PER_QUARTER for tick in ticks]
    for beat in range(TICKS_PER_BAR // TICKS_PER_QUARTER):
        found[f"onsets in beat {beat + 1}"] = beats.count(beat) / len(ticks) if ticks else None
    found["onsets on a beat"] = mean([float(tick % TICKS_PER_QUARTER == 0) for tick in ticks])
    found["onsets between beats"] = mean([float(tick % TICKS_PER_QUARTER == TICKS_PER_QUARTER // 2) for tick in ticks])
    found["onsets on even sixteenths"] = mean([float(tick % (2 * TICKS_PER_STEP) == TICKS_PER_STEP) for tick in ticks])
    found["syncopated onsets"] = _syncopated(ticks)
    found["times between onsets that are the one before"] = mean([float(a == b) for a, b in pairwise(gaps)])
    found["different times between onsets"] = len(set(gaps)) / len(gaps) if gaps else None
    shares = np.array([value for name, value in found.items() if name.startswith("onsets on sixteenth") and value])
    found["entropy of places"] = float(-(shares * np.log(shares)).sum()) if ticks else None
    return found


def _of_openings(phrase: Phrase) -> Features:
    """Where bars that sound begin and end, and how level the beats are within them."""
    firsts: dict[int, int] = {}
    lasts: dict[int, int] = {}
    beats: dict[int, list[int]] = {}
    for tick in onset_ticks(phrase):
        bar, place = divmod(tick, TICKS_PER_BAR)
        firsts.setdefault(bar, place)
        lasts[bar] = place
        beats.setdefault(bar, [0, 0, 0, 0])[place // TICKS_PER_QUARTER] += 1
    counts = bar_counts(phrase)
    return {
        "bars that begin on their first sixteenth": mean([float(place == 0) for place in firsts.values()]),
        "first onset of a bar": mean([place / TICKS_PER_BAR for place in firsts.values()]),
        "last onset of a bar": mean([place / TICKS_PER_BAR for place in lasts.values()]),
        "beats of a bar without an onset": mean([one.count(0) / len(one) for one in beats.values()]),
        "deviation of onsets a beat": mean([float(np.std(one)) / counts[bar] * len(one) for bar, one in beats.items()]),
    }


def _syncopated(ticks: Sequence[int]) -> float | None:
    """The share of onsets on a weak sixteenth after which the next stronger one has none."""
    there = set(ticks)
    found = []
    for tick in ticks:
        if tick % TICKS_PER_STEP:
            continue
        step = tick % TICKS_PER_BAR // TICKS_PER_STEP
        ahead = next(n for n in range(1, STEPS + 1) if _STRONG[(step + n) % STEPS] > _STRONG[step] or n == STEPS)
        found.append(float(_STRONG[step] < 2 and tick + ahead * TICKS_PER_STEP not in there))
    return mean(found)


def _met(ticks: Sequence[int], others: Sequence[int]) -> float | None:
    there = set(others)
    return mean([float(tick in there) for tick in ticks])
