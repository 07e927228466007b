"""The tempo of a section out of a file's tempo changes: one, or a ramp as `song.time.ramp` writes it."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence

import msgspec
import numpy as np

from corpus.analysis.tempi import DEFAULT_TEMPO_BPM, MICROS_PER_MINUTE
from song.limits import MAX_TEMPO_BPM, MIN_TEMPO_BPM
from song.time import QUARTERS_PER_BAR, TICKS_PER_QUARTER, bars_to_ticks, ramp

_FEWEST_STEPS = 3
"""Changes all one way that are heard as a ramp."""
_HALVINGS = 80
"""Steps in search of a first tempo: many are written alike, but not the quarters that follow."""


class SectionTempo(msgspec.Struct, frozen=True):
    """The tempo of a section.

    Attributes:
        ends: quarters a minute at its first and its last quarter.
        lost: changes within it that it does not have.
    """

    ends: tuple[float, float]
    lost: int = 0


def section_tempi(tempi: Sequence[tuple[int, float]], start_bar: int, bars: int) -> SectionTempo:
    """The tempo of some bars.

    Changes that lie as a ramp of ours does are that ramp; three or more that all go one way are one too. Else the tempo
    that lasts longest holds.

    Args:
        tempi: changes as (tick, quarters a minute), in order; before the first holds 120.
        start_bar: the first, from 0.
        bars: how many, 1 or more.
    """
    start, end = bars_to_ticks(start_bar), bars_to_ticks(start_bar + bars)
    at = bisect_right(tempi, start, key=_tick)
    first = tempi[at - 1][1] if at else DEFAULT_TEMPO_BPM
    changes = tempi[at : bisect_left(tempi, end, key=_tick)]
    if not changes:
        return SectionTempo((first, first))
    last = changes[-1][1]
    found = _ramp(first, changes, start, bars) if first != last else None
    if found is not None:
        return SectionTempo(found)
    steps = [first, *(bpm for _, bpm in changes)]
    if len(changes) >= _FEWEST_STEPS and (steps == sorted(steps) or steps == sorted(steps, reverse=True)):
        return SectionTempo((first, last), len(changes))
    lasting: Counter[float] = Counter()
    tick, bpm = start, first
    for later, new_bpm in [*changes, (end, last)]:
        lasting[bpm] += later - tick
        tick, bpm = later, new_bpm
    longest = max(lasting, key=lambda one: lasting[one])
    return SectionTempo((longest, longest), len(changes))


def _ramp(first: float, changes: Sequence[tuple[int, float]], start: int, bars: int) -> tuple[float, float] | None:
    """The ends of the ramp that is written with some changes, or None where none is."""
    at_ticks = dict(changes)
    quarters = [start + quarter * TICKS_PER_QUARTER for quarter in range(bars * QUARTERS_PER_BAR)]
    if not at_ticks.keys() <= set(quarters):
        return None
    held = first
    micros = []
    for tick in quarters:
        held = at_ticks.get(tick, held)
        micros.append(round(MICROS_PER_MINUTE / held))
    if _written(first, held, bars) == micros:
        return first, held
    return _ends(np.array(micros), bars) or _nearly(first, held, micros, bars)


def _written(first: float, last: float, bars: int) -> list[int]:
    """The microseconds a quarter that a ramp is written with."""
    return [round(MICROS_PER_MINUTE / bpm) for _, bpm in ramp(first, last, bars)]


def _ends(micros: np.ndarray, bars: int) -> tuple[float, float] | None:
    """The ends of a ramp that is written with exactly so many microseconds a quarter, int64 (quarters,)."""
    low, high = MICROS_PER_MINUTE / (micros + 0.5), MICROS_PER_MINUTE / (micros - 0.5)
    weights = np.arange(len(micros)) / (len(micros) - 1)

    def bounds(first: float) -> tuple[float, float]:
        """The last tempi, from least to most, that go with a first one: each quarter bounds them."""
        rest = first * (1 - weights[1:])
        least = float(((low[1:] - rest) / weights[1:]).max())
        most = float(((high[1:] - rest) / weights[1:]).min())
        return max(least, MIN_TEMPO_BPM), min(most, MAX_TEMPO_BPM)

    def width(first: float) -> float:
        least, most = bounds(first)
        return most - least

    start, stop = max(float(low[0]), MIN_TEMPO_BPM), min(float(high[0]), MAX_TEMPO_BPM)
    # The width rises to one peak and falls.
    for _ in range(_HALVINGS):
        third = (stop - start) / 3
        if width(start + third) < width(stop - third):
            start += third
        else:
            stop -= third
    first = (start + stop) / 2
    ends = first, sum(bounds(first)) / 2
    return ends if _written(*ends, bars) == micros.tolist() else None


def _nearly(first: float, last: float, micros: Sequence[int], bars: int) -> tuple[float, float] | None:
    """A ramp that another program has rounded in its own way."""
    errors = (abs(one - other) for one, other in zip(_written(first, last, bars), micros, strict=True))
    return (first, last) if max(errors) <= 1 else None


def _tick(change: tuple[int, float]) -> int:
    return change[0]
