"""Wobbles that `song.export.wobble_cc` wrote as controller values, found again exactly: written anew they are the same.

For files of ours. Curves of others, which follow no oscillator to the value, are `corpus.analysis.wobble_reading`'s.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import msgspec

from song.export.wobble_cc import (
    DEPTH_CONTROLLER,
    FILTER_CONTROLLER,
    OPEN,
    filter_value,
    resolution_ticks,
    sounding_stretches,
    wobble_events,
)
from song.notes import RATE_TICKS, RATES, SHAPES, Note, Wobble

_Kind = tuple[str, str, float]
"""A rate, a shape and a depth."""
_SHAPES = ("triangle", *(shape for shape in SHAPES if shape != "triangle"))
"""The commonest first: where a stretch is too short to tell, it is taken."""
_FULL = 127
_BACK_TICKS = 400
_MOST_WORK = 20_000_000
"""Values that are compared before the curve is given up as another program's; a song of 999 bars takes a tenth."""


class _Run(msgspec.Struct):
    """A stretch over which one oscillator runs, in whichever of some ways it may."""

    start: int
    end: int
    level: int
    kinds: set[_Kind]
    begins_note: bool


class _NoneFitsError(Exception):
    """No oscillator of ours gives the values."""


class _Steps:
    """The values of a controller over time."""

    def __init__(self, changes: Sequence[tuple[int, int]], rest: int) -> None:
        self.ticks = [tick for tick, _ in changes]
        self.values = [value for _, value in changes]
        self._rest = rest
        self.work = 0

    def at(self, tick: int) -> int:
        index = bisect_right(self.ticks, tick) - 1
        return self.values[index] if index >= 0 else self._rest

    def after(self, tick: int) -> int:
        """The index of the first change behind a tick."""
        return bisect_right(self.ticks, tick)


def exact_wobbles(changes: Sequence[tuple[int, int, int]], notes: Sequence[Note]) -> tuple[Wobble, ...] | None:
    """The wobbles that give these controller changes over these notes, as far as they are heard; None where none do.

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
    try:
        for start, end in sounding_stretches(notes):
            _find_runs(filter_, depth, start, end, runs)
    except _NoneFitsError:
        return None
    found = tuple(_told(runs, notes))
    return found if heard_changes(wobble_events(found, notes)) == heard_changes(changes) else None


def heard_changes(changes: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The changes, as (tick, controller, value), that change anything: a wobble without depth writes what is there."""
    now, heard = {FILTER_CONTROLLER: OPEN, DEPTH_CONTROLLER: 0}, []
    for tick, controller, value in changes:
        if now.get(controller, value) != value:
            heard.append((tick, controller, value))
            now[controller] = value
    return heard


def _find_runs(filter_: _Steps, depth: _Steps, start: int, end: int, runs: list[_Run]) -> None:
    at = start
    while at < end:
        level = depth.at(at)
        following = depth.after(at)
        limit = depth.ticks[following] if following < len(depth.ticks) else end
        if level == 0:
            if runs and runs[-1].end == at == start and depth.at(at - 1):
                # The last of a wobble is a single tick of a new note, on which it is over already.
                runs.append(_Run(at, at + 1, runs[-1].level, set(_kinds(runs[-1].level)), begins_note=True))
            at = limit
            continue
        is_last = limit < end and depth.values[following] == 0
        limit = min(limit, end)
        kinds, matched = _fitting(filter_, at, limit, level)
        if matched < limit:
            matched = _boundary(filter_, at, matched, limit, level)
            kinds = {kind for kind in _kinds(level) if _match(filter_, at, matched, kind) == matched}
        # On the last tick of a wobble the filter is open and the depth 0 already.
        stop = limit + 1 if is_last and matched == limit else matched
        if not kinds:
            raise _NoneFitsError
        runs.append(_Run(at, stop, level, kinds, at == start))
        at = stop


def _fitting(filter_: _Steps, start: int, limit: int, level: int) -> tuple[set[_Kind], int]:
    """The kinds of oscillator that fit longest from a tick on, and the first tick at which they fit no more."""
    best, kinds = start, set()
    for kind in _kinds(level):
        matched = _match(filter_, start, limit, kind)
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


def _match(filter_: _Steps, start: int, limit: int, kind: _Kind) -> int:
    """The first tick from a start on at which the filter is not where an oscillator has it; the limit if none is.

    Raises:
        _NoneFitsError: where so much has been compared that the curve is none of ours.
    """
    matched = _matched(filter_, start, limit, *_cycle(*kind))
    filter_.work += 5 + matched - start
    if filter_.work > _MOST_WORK:
        raise _NoneFitsError
    return matched


def _matched(filter_: _Steps, start: int, limit: int, values: Sequence[int], step: int) -> int:
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
def _kinds(level: int) -> tuple[_Kind, ...]:
    """The oscillators whose depth is written as a value, those of a depth in hundredths first."""
    short = round(level / _FULL, 2)
    depths = dict.fromkeys(depth for depth in (short, level / _FULL) if round(_FULL * depth) == level)
    return tuple((rate, shape, depth) for depth in depths for shape in _SHAPES for rate in RATES)


@cache
def _cycle(rate: str, shape: str, depth: float) -> tuple[tuple[int, ...], int]:
    """The filter's values over a cycle, and the ticks from one to the next."""
    period = RATE_TICKS[rate]
    step = resolution_ticks(period)
    wobble = Wobble(0, period, rate, depth, shape)
    return tuple(filter_value(wobble, phase) for phase in range(0, period, step)), step


def _told(runs: Sequence[_Run], notes: Sequence[Note]) -> Iterator[Wobble]:
    """A wobble for each run, as composed music has one a note; runs on end share their kind where they can."""
    sounding = sounding_stretches(notes)
    starts = [start for start, _ in sounding]
    group: list[_Run] = []
    shared: set[_Kind] = set()
    for run in runs:
        follows = (
            group
            and run.begins_note
            and run.level == group[-1].level
            and _is_silent(sounding, starts, group[-1].end, run.start)
        )
        if follows and shared & run.kinds:
            group.append(run)
            shared &= run.kinds
        else:
            yield from _wobbles(group, shared)
            group, shared = [run], set(run.kinds)
    yield from _wobbles(group, shared)


def _is_silent(sounding: Sequence[tuple[int, int]], starts: Sequence[int], first: int, end: int) -> bool:
    """True where nothing sounds between two ticks."""
    index = bisect_right(starts, first) - 1
    if index >= 0 and sounding[index][1] > first:
        return first >= end
    return index + 1 >= len(sounding) or sounding[index + 1][0] >= end


def _wobbles(group: Sequence[_Run], shared: set[_Kind]) -> Iterator[Wobble]:
    for run in group:
        rate, shape, depth = next(kind for kind in _kinds(run.level) if kind in shared)
        yield Wobble(run.start, run.end - run.start, rate, depth, shape)
