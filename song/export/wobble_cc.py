"""A wobble as controller values: how its oscillator moves, when it starts a cycle, and where nothing is written.

Pure arithmetic on ticks. `song.export.midi` puts the values in a file; what they sound like is `sound`'s business.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from song.notes import RATE_TICKS, Note, Wobble

FILTER_CONTROLLER = 74
"""The filter's cutoff; 127 is open. Source: MIDI 1.0, Sound Controller 5 (brightness)."""
DEPTH_CONTROLLER = 1
"""The wobble's depth, 0 where there is none. Source: MIDI 1.0, Controller 1 (modulation wheel)."""
OPEN = 127

_COARSEST_TICKS = 4
_FEWEST_VALUES = 8

Cycles = tuple[int, int, Wobble]
"""Start and end tick of a stretch over which an oscillator runs on from one cycle's start, and its wobble."""


def resolution_ticks(period_ticks: int) -> int:
    """Ticks from one value to the next, 1-4: the most that leaves 8 values a cycle and meets the cycle's middle.

    In the middle a triangle is open and a square closes, so that every cycle reaches both ends.

    Args:
        period_ticks: ticks in a cycle, one of the values of `song.notes.RATE_TICKS`.
    """
    return next(
        step
        for step in range(_COARSEST_TICKS, 0, -1)
        if step == 1 or (period_ticks // 2 % step == 0 and period_ticks // step >= _FEWEST_VALUES)
    )


def filter_value(wobble: Wobble, phase_tick: int) -> int:
    """The filter's controller value, 0-127, at a tick of the wobble's cycle.

    It moves between open and as closed as the depth makes it. A sine and a triangle start closed, a square starts open
    and closes half-way, a saw falls from open and a ramp rises from closed; both arrive at the cycle's last value.

    Args:
        wobble: gives rate, depth and shape.
        phase_tick: 0 or more, below the ticks of a cycle.

    Raises:
        ValueError: where the shape is not one of `song.notes.SHAPES`.
    """
    period = RATE_TICKS[wobble.rate]
    match wobble.shape:
        case "sine":
            opening = (1 - math.cos(2 * math.pi * phase_tick / period)) / 2
        case "triangle":
            opening = 1 - abs(1 - 2 * phase_tick / period)
        case "square":
            opening = 1.0 if 2 * phase_tick < period else 0.0
        case "saw" | "ramp":
            rise = min(1.0, phase_tick / (period - resolution_ticks(period)))
            opening = rise if wobble.shape == "ramp" else 1 - rise
        case _:
            raise ValueError(f"{wobble.shape} is not the shape of a wobble")
    closed = round(OPEN * (1 - wobble.depth))
    return round(closed + (OPEN - closed) * opening)


def wobble_events(wobbles: Iterable[Wobble], notes: Iterable[Note]) -> list[tuple[int, int, int]]:
    """Controller changes as (tick, controller, value), in time order.

    The oscillator starts a cycle at a wobble's onset and at each note's onset within, and runs while a note sounds.
    Only changes are written. On the last tick before wobble or note ends, the filter opens and the depth goes to 0.

    Args:
        wobbles: ticks on the same count as the notes'; one that starts cuts the one before.
        notes: the bass.
    """
    events: list[tuple[int, int, int]] = []
    for stretch in _joined(cycles(wobbles, notes)):
        values: dict[tuple[int, int], int] = {}
        for start, end, wobble in stretch:
            period = RATE_TICKS[wobble.rate]
            values[start, DEPTH_CONTROLLER] = round(127 * wobble.depth)
            for tick in range(start, end, resolution_ticks(period)):
                values[tick, FILTER_CONTROLLER] = filter_value(wobble, (tick - start) % period)
        last_tick = stretch[-1][1] - 1
        if last_tick == stretch[0][0]:
            continue
        values[last_tick, DEPTH_CONTROLLER] = 0
        values[last_tick, FILTER_CONTROLLER] = OPEN
        written: dict[int, int] = {}
        for (tick, controller), value in sorted(values.items()):
            if written.get(controller) != value:
                events.append((tick, controller, value))
                written[controller] = value
    return events


def cycles(wobbles: Iterable[Wobble], notes: Iterable[Note]) -> Iterator[Cycles]:
    """Where oscillators run, in time order: the wobbles, cut to what sounds and split at the notes' onsets.

    Args:
        wobbles: ticks on the same count as the notes'; one that starts cuts the one before.
        notes: the bass.
    """
    sounding = sounding_stretches(notes)
    ordered = sorted(wobbles)
    first = 0
    for wobble, following in zip_longest(ordered, ordered[1:]):
        end_tick = wobble.end_tick if following is None else min(wobble.end_tick, following.onset_tick)
        while first < len(sounding) and sounding[first][1] <= wobble.onset_tick:
            first += 1
        index = first
        while index < len(sounding) and sounding[index][0] < end_tick:
            start, end = max(sounding[index][0], wobble.onset_tick), min(sounding[index][1], end_tick)
            if start < end:
                yield start, end, wobble
            index += 1


def sounding_stretches(notes: Iterable[Note]) -> list[tuple[int, int]]:
    """Stretches, as start and end tick, from a note's onset to the next onset, or to where nothing sounds any more."""
    ends: dict[int, int] = {}
    for note in sorted(notes):
        ends[note.onset_tick] = max(note.end_tick, ends.get(note.onset_tick, 0))
    stretches: list[tuple[int, int]] = []
    reach = 0
    for onset, following in zip_longest(ends, list(ends)[1:]):
        reach = max(reach, ends[onset])
        stretches.append((onset, reach if following is None else min(reach, following)))
    return stretches


def _joined(cycles: Iterable[Cycles]) -> Iterator[Sequence[Cycles]]:
    """The same, those in one list that follow on one another without a gap."""
    stretch: list[Cycles] = []
    for cycle in cycles:
        if stretch and stretch[-1][1] != cycle[0]:
            yield stretch
            stretch = []
        stretch.append(cycle)
    if stretch:
        yield stretch
