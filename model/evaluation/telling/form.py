"""Features of form: which bars of a part are those one, two, four or eight before, and how many are new."""

from collections import Counter
from collections.abc import Sequence

from corpus.analysis.repeats import LABELS, LAGS, Bar, bars_of, label_bars
from model.evaluation.telling.drop import Features, ToldDrop, mean, named


def form(drop: ToldDrop) -> Features:
    """All of them, part by part, then of all parts together."""
    found: Features = {}
    bars_by_part = {part: bars_of(phrase) for part, phrase in drop.playing()}
    for part, bars in bars_by_part.items():
        found |= named(part, _of_bars(bars))
    whole = list(zip(*bars_by_part.values(), strict=True))
    for lag in LAGS:
        if drop.bars > lag:
            alike = [
                [then == now for then, now in zip(before, after, strict=True) if now or then]
                for before, after in zip(whole, whole[lag:], strict=False)
            ]
            found[f"all parts: bars in which all are those {lag} back"] = mean(
                [float(all(one)) for one in alike if one]
            )
            none = mean([float(not any(one)) for one in alike if one])
            found[f"all parts: bars in which none is that {lag} back"] = none
    return found


def _of_bars(bars: Sequence[Bar]) -> Features:
    sounding = [bar for bar in bars if bar]
    if not sounding:
        return {}
    rhythms = [frozenset(place for place, _ in bar) for bar in sounding]
    seen: list[Bar] = []
    nearest = []
    for bar in sounding:
        nearest.append(max((_alike(bar, one) for one in seen), default=0.0))
        seen.append(bar)
    middle = len(bars) // 2
    found: Features = {
        "distinct bars": len(set(sounding)) / len(sounding),
        "distinct rhythms": len(set(rhythms)) / len(sounding),
        "rhythms to bars, distinct ones": len(set(rhythms)) / len(set(sounding)),
        "commonest bar": Counter(sounding).most_common(1)[0][1] / len(sounding),
        "commonest rhythm": Counter(rhythms).most_common(1)[0][1] / len(sounding),
        "bars found nowhere else": sum(count == 1 for count in Counter(sounding).values()) / len(sounding),
        "likeness to the likest bar before": mean(nearest[1:]),
        "bars half like one before, not the same": mean([float(0.5 <= one < 1) for one in nearest[1:]]),
        "bars of the second half found in the first": mean(
            [float(one in bars[:middle]) for one in bars[middle:] if one]
        ),
    }
    for lag in LAGS:
        pairs = [(then, now) for then, now in zip(bars, bars[lag:], strict=False) if then or now]
        if len(bars) > lag:
            found[f"bars that are those {lag} back"] = mean([float(then == now) for then, now in pairs])
            found[f"likeness to the bar {lag} back"] = mean([_alike(then, now) for then, now in pairs])
            found[f"rhythms that are those {lag} back"] = mean(
                [float({place for place, _ in then} == {place for place, _ in now}) for then, now in pairs]
            )
    labels = Counter(label for bar, label in zip(bars, label_bars(bars), strict=True) if bar)
    for number, name in enumerate(LABELS[1:], 1):
        found[f'bars labelled "{name}"'] = labels[number] / len(sounding)
    return found


def _alike(a: Bar, b: Bar) -> float:
    return len(a & b) / len(a | b)
