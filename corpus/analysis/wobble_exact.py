"""Wobbles that `song.export.wobble_cc` wrote as controller values, found again exactly: written anew they are the same.

For files of ours. Curves of others, which follow no oscillator to the value, are `corpus.analysis.wobble_reading`'s.
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

import msgspec

from song.export.wobble_cc import (
    DEPTH_CONTROLLER,
    FILTER_CONTROLLER,
    OPEN,
    filter_value,
    resolution_ticks,
    sounding_stretches,
)
from song.notes import RATE_TICKS, RATES, SHAPES, Note, Wobble

_Kind = tuple[str, str]
"""A rate and a shape."""
_KINDS: tuple[_Kind, ...] = tuple((rate, shape) for shape in ("triangle", *SHAPES) for rate in RATES)
_FULL = 127
_BACK_TICKS = 400


class _Run(msgspec.Struct):
    """A stretch over which one oscillator runs, in whichever of some ways it may."""

    start: int
    end: int
    level: int
    kinds: set[_Kind]
    begins_note: bool


class _Steps:
    """The values of a controller over time."""

    def __init__(self, changes: Sequence[tuple[int, int]], rest: int) -> None:
        self.ticks = [tick for tick, _ in changes]
        self.values = [value for _, value in changes]
        self._rest = rest

    def at(self, tick: int) -> int:
        index = bisect_right(self.ticks, tick) - 1
        return self.values[index] if index >= 0 else self._rest

    def after(self, tick: int) -> int:
        """The index of the first change behind a tick."""
        return bisect_right(self.ticks, tick)


def exact_wobbles(changes: Sequence[tuple[int, int, int]], notes: Sequence[Note]) -> tuple[Wobble, ...]:
    """The wobbles that give these controller changes over these notes, as far as they are heard.

    Depths are in hundredths where those give the same. Where more than one rate or shape fits, as over a note that is
    shorter than a cycle, the one is taken that the notes around have.

    Args:
        changes: as (tick, controller, value), in time order; controllers but the filter's and the depth's are left
            aside.
        notes: the bass.
    """
    filter_ = _Steps([(tick, value) for tick, which, value in changes if which == FILTER_CONTROLLER], OPEN)
    depth = _Steps([(tick, value) for tick, which, value in changes if which == DEPTH_CONTROLLER], 0)
    runs: list[_Run] = []
    for start, end in sounding_stretches(notes):
        _find_runs(filter_, depth, start, end, runs)
    return tuple(_joined(runs, depth, notes))


def _find_runs(filter_: _Steps, depth: _Steps, start: int, end: int, runs: list[_Run]) -> None:
    at = start
    while at < end:
        level = depth.at(at)
        following = depth.after(at)
        limit = depth.ticks[following] if following < len(depth.ticks) else end
        if level == 0:
            at = limit
            continue
        is_last = limit < end and depth.values[following] == 0
        limit = min(limit, end)
        kinds, matched = _fitting(filter_, at, limit, level)
        if matched < limit:
            matched = _boundary(filter_, at, matched, limit, level)
            kinds = {kind for kind in _KINDS if _match(filter_, at, matched, level, kind) == matched}
        # On the last tick of a wobble the filter is open and the depth 0 already.
        stop = limit + 1 if is_last and matched == limit else matched
        runs.append(_Run(at, stop, level, kinds, at == start))
        at = stop


def _fitting(filter_: _Steps, start: int, limit: int, level: int) -> tuple[set[_Kind], int]:
    """The kinds of oscillator that fit longest from a tick on, and the first tick at which they fit no more."""
    best, kinds = start, set()
    for kind in _KINDS:
        matched = _match(filter_, start, limit, level, kind)
        if matched > best:
            best, kinds = matched, {kind}
        elif matched == best:
            kinds.add(kind)
    return kinds, max(best, start + 1)


def _boundary(filter_: _Steps, start: int, matched: int, limit: int, level: int) -> int:
    """The tick, up to one at which nothing fits any more, from which another oscillator fits furthest."""
    best, place = matched, matched
    for tick in range(matched, max(start, matched - _BACK_TICKS), -1):
        _, reach = _fitting(filter_, tick, limit, level)
        if reach > best:
            best, place = reach, tick
        if reach >= limit:
            break
    return place


def _match(filter_: _Steps, start: int, limit: int, level: int, kind: _Kind) -> int:
    """The first tick from a start on at which the filter is not where an oscillator has it; the limit if none is."""
    values, step = _cycle(*kind, level)
    index = filter_.after(start)
    ticks = filter_.ticks
    value = filter_.values[index - 1] if index else OPEN
    count, place = len(values), 0
    for tick in range(start, limit, step):
        while index < len(ticks) and ticks[index] <= tick:
            if ticks[index] < tick and filter_.values[index] != value:
                return ticks[index]
            value = filter_.values[index]
            index += 1
        if value != values[place]:
            return tick
        place = place + 1 if place + 1 < count else 0
    if index < len(ticks) and ticks[index] < limit and filter_.values[index] != value:
        return ticks[index]
    return limit


@cache
def _cycle(rate: str, shape: str, level: int) -> tuple[tuple[int, ...], int]:
    """The filter's values over a cycle, and the ticks from one to the next."""
    period = RATE_TICKS[rate]
    step = resolution_ticks(period)
    wobble = Wobble(0, period, rate, _depth(level), shape)
    if period % step:
        # No rate has one, and the places of its values would move from cycle to cycle.
        raise AssertionError(f"{rate} is no whole number of steps")
    return tuple(filter_value(wobble, phase) for phase in range(0, period, step)), step


def _depth(level: int) -> float:
    """The depth, in hundredths where those are written alike, that becomes a value of the depth's controller."""
    short = round(level / _FULL, 2)
    return short if (round(_FULL * short), round(OPEN * (1 - short))) == (level, OPEN - level) else level / _FULL


def _joined(runs: Sequence[_Run], depth: _Steps, notes: Sequence[Note]) -> list[Wobble]:
    """Runs of one oscillator in one wobble; it may cross silence, not a note that does not wobble."""
    sounding = sounding_stretches(notes)
    starts = [start for start, _ in sounding]
    wobbles: list[Wobble] = []
    current: _Run | None = None
    for run in runs:
        shared = current.kinds & run.kinds if current is not None else set()
        if (
            current is not None
            and shared
            and run.begins_note
            and run.level == current.level
            and _is_silent(sounding, starts, current.end, run.start)
        ):
            current = _Run(current.start, run.end, run.level, shared, current.begins_note)
            continue
        if current is not None:
            wobbles.append(_wobble(current))
        current = run
    if current is not None:
        wobbles.append(_wobble(current))
    return wobbles


def _is_silent(sounding: Sequence[tuple[int, int]], starts: Sequence[int], first: int, end: int) -> bool:
    """True where nothing sounds between two ticks."""
    index = bisect_right(starts, first) - 1
    if index >= 0 and sounding[index][1] > first:
        return first >= end
    return index + 1 >= len(sounding) or sounding[index + 1][0] >= end


def _wobble(run: _Run) -> Wobble:
    rate, shape = next(kind for kind in _KINDS if kind in run.kinds)
    return Wobble(run.start, run.end - run.start, rate, _depth(run.level), shape)
