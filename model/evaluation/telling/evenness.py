"""Features of evenness: how the onsets a bar of each part vary within a drop, whatever their mean is."""

from collections.abc import Sequence
from itertools import combinations
from statistics import fmean, pstdev

import numpy as np

from model.evaluation.telling.drop import Features, ToldDrop, bar_counts, mean, named

LAGS = (1, 2, 4, 8)
PHRASE_BARS = 4


def evenness(drop: ToldDrop) -> Features:
    """All of them, part by part, then of all parts together."""
    found: Features = {}
    counts = {part: bar_counts(phrase) for part, phrase in drop.playing()}
    for part, of_part in counts.items():
        found |= named(part, _of_counts(of_part))
    total = [sum(bar) for bar in zip(*counts.values(), strict=True)]
    found |= {f"all parts: {name}": value for name, value in _of_counts(total).items()}
    together = [_correlation(a, b) for a, b in combinations(counts.values(), 2)]
    found["all parts: mean correlation of two parts' onsets a bar"] = mean(together)
    return found


def _of_counts(counts: Sequence[int]) -> Features:
    average = fmean(counts) if counts else 0.0
    if not average:
        return {}
    scaled = [count / average for count in counts]
    sounding = [one for one in scaled if one]
    lasts = [one for bar, one in enumerate(scaled) if bar % PHRASE_BARS == PHRASE_BARS - 1]
    found: Features = {
        "deviation of onsets a bar": pstdev(scaled),
        "deviation of onsets a bar that sounds": pstdev(sounding),
        "silent bars": 1 - len(sounding) / len(scaled),
        "fullest bar to the mean": max(scaled),
        "emptiest bar to the mean": min(scaled),
        "emptiest bar that sounds to the fullest": min(sounding) / max(sounding),
        "different counts": len(set(counts)) / len(counts),
        "bars of the commonest count": max(counts.count(one) for one in counts) / len(counts),
        "first bar to the mean": scaled[0],
        "last bar to the mean": scaled[-1],
        "last of four bars to the mean": mean(lasts),
        "second half's share of the onsets": sum(counts[len(counts) // 2 :]) / sum(counts),
        "halves of each four bars, difference": mean(
            [abs(sum(four[:2]) - sum(four[2:])) / PHRASE_BARS for four in _fours(scaled)]
        ),
    }
    for lag in LAGS:
        if len(counts) > lag:
            steps = [abs(now - then) for then, now in zip(scaled, scaled[lag:], strict=False)]
            found[f"step from the count {lag} back"] = mean(steps)
            found[f"counts that are those {lag} back"] = mean([float(step == 0) for step in steps])
            found[f"autocorrelation {lag} back"] = _correlation(counts[:-lag], counts[lag:])
    return found


def _fours(values: Sequence[float]) -> list[Sequence[float]]:
    return [values[at : at + PHRASE_BARS] for at in range(0, len(values) - PHRASE_BARS + 1, PHRASE_BARS)]


def _correlation(a: Sequence[float], b: Sequence[float]) -> float:
    """Pearson's; 1 of two level rows, 0 of one level row and another."""
    level = pstdev(a) < 1e-9, pstdev(b) < 1e-9
    return float(all(level)) if any(level) else float(np.corrcoef(a, b)[0, 1])
