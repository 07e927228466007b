"""The only place where units of time are converted: ticks, steps, bars, seconds, tempo ramps.

A song is 4/4 throughout and counts 96 ticks a quarter, FL Studio's own resolution, so that nothing is rounded on the
way there. Source: the FL Studio manual's song settings page (default time base 96 PPQ).
"""

from collections.abc import Iterable

TICKS_PER_QUARTER = 96
QUARTERS_PER_BAR = 4
TICKS_PER_BAR = TICKS_PER_QUARTER * QUARTERS_PER_BAR
STEPS_PER_BAR = 16
TICKS_PER_STEP = TICKS_PER_BAR // STEPS_PER_BAR


def bars_to_ticks(bars: int) -> int:
    """Ticks in that many bars."""
    return bars * TICKS_PER_BAR


def ticks_to_bar(tick: int) -> int:
    """The bar, counted from 0, that holds a tick."""
    return tick // TICKS_PER_BAR


def rescale_ticks(tick: int, ticks_per_quarter: int) -> int:
    """A time counted in another resolution, in ours, rounded half up.

    Args:
        tick: a time of 0 or more, in units of a quarter divided by `ticks_per_quarter`.
        ticks_per_quarter: the other resolution, 1 or more.
    """
    return (tick * TICKS_PER_QUARTER * 2 + ticks_per_quarter) // (2 * ticks_per_quarter)


def ramp(start_bpm: float, end_bpm: float, bars: int) -> list[tuple[int, float]]:
    """The tempo changes of a section, as (tick from the section's start, quarters a minute).

    A steady tempo is one change. A ramp is one change a quarter note: the first quarter has `start_bpm`, the last has
    `end_bpm`, and the quarters between lie on a straight line.
    """
    if start_bpm == end_bpm:
        return [(0, start_bpm)]
    last = bars * QUARTERS_PER_BAR - 1
    # Weighing both ends, in place of adding steps to one, arrives at `end_bpm` to the last bit.
    return [
        (quarter * TICKS_PER_QUARTER, start_bpm * (1 - quarter / last) + end_bpm * (quarter / last))
        for quarter in range(last + 1)
    ]


def seconds(changes: Iterable[tuple[int, float]], end_tick: int) -> float:
    """Length in seconds of the ticks 0 to `end_tick` under tempo changes as (tick, quarters a minute), in order."""
    total, at, bpm = 0.0, 0, 120.0
    for tick, new_bpm in changes:
        tick = min(tick, end_tick)
        total += (tick - at) * 60 / (bpm * TICKS_PER_QUARTER)
        at, bpm = tick, new_bpm
    return total + (end_tick - at) * 60 / (bpm * TICKS_PER_QUARTER)
