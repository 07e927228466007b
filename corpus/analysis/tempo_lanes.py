"""The tempo of a section out of a file's tempo changes: one, or a ramp as `song.time.ramp` writes it."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence

import msgspec

from corpus.readers.tempi import DEFAULT_TEMPO_BPM, MICROS_PER_MINUTE
from song.time import QUARTERS_PER_BAR, TICKS_PER_QUARTER, bars_to_ticks, ramp

_FEWEST_STEPS = 3
"""Changes all one way that are heard as a ramp."""


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
    if first != last and _is_ramp(first, changes, last, start, bars):
        return SectionTempo((first, last))
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


def _is_ramp(first: float, changes: Sequence[tuple[int, float]], last: float, start: int, bars: int) -> bool:
    """True where the changes are those that a ramp between two tempi is written with."""
    at_ticks = dict(changes)
    held = first
    # The last quarter may have the last tempo already, where it is a step of less than a microsecond.
    for tick, bpm in ramp(first, last, bars):
        held = at_ticks.pop(start + tick, held)
        if abs(MICROS_PER_MINUTE / bpm - MICROS_PER_MINUTE / held) > 1:
            return False
    return not at_ticks and bars * QUARTERS_PER_BAR * TICKS_PER_QUARTER > 0


def _tick(change: tuple[int, float]) -> int:
    return change[0]
