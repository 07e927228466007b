"""Controller curves of `song.export.wobble_cc` read back: which of all wobbles would have left these values?

So a file of ours comes back as it was, even where a note ends before its cycle does.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from corpus.analysis.wobble_curves import Points, values_between
from corpus.tracks import NoteWobble
from song.export.wobble_cc import OPEN, filter_value, resolution_ticks
from song.notes import RATE_TICKS, RATES, SHAPES, Wobble
from song.time import TICKS_PER_BAR

_SHAPED = [(rate, shape) for rate in RATES for shape in SHAPES]
_MOST_MISSES = 20
_MOST_SPANS = 20_000
"""Stretches of wobble in a track, inclusive; one with more is not read, or it would take minutes."""
_MOST_COMPARED = 5_000_000
"""Ticks of a track that are held against every wobble, those that are so more than once counted each time."""
_AHEAD_TICKS = 2 * TICKS_PER_BAR
"""The reach of what follows a wobble that is looked at to find where it ends."""
_COARSEST_TICKS = 4
_HALF_STEP = 0.499 / OPEN
_ANYTHING = -1
"""Stands in a curve where its value tells nothing of the wobble."""


def as_written(
    curve: Points, depth: Points, stretches: Sequence[tuple[int, int]], *, exactly: bool = False
) -> dict[int, tuple[NoteWobble, ...]]:
    """The wobbles by which `song.export.wobble_cc` writes such curves, or nothing where it cannot have written them.

    The depth's controller says where wobbles lie: it is above 0 from the onset of one to the last tick but one.

    Args:
        curve: the filter's controller.
        depth: the depth's.
        stretches: (start, end) of what sounds, in order.
        exactly: whether each value has to be the wobble's own, not one beside it.
    """
    found: dict[int, list[NoteWobble]] = {}
    misses, compared, chosen = 0, 0, -1
    slack = 0 if exactly else 1
    for number, (start, end, depth_value, is_closed, note_start) in enumerate(_deep(depth, stretches)):
        if number == _MOST_SPANS:
            return {}
        values = values_between(curve, start, end, OPEN)
        if is_closed:
            values[-1] = _ANYTHING
        at = 0
        while at < len(values):
            compared += len(values) - at
            if compared > _MOST_COMPARED:
                return {}
            meant = _depths(depth_value)[: None if exactly else 1]
            depth_meant, (run, chosen) = max(
                ((one, _longest(values[at:], one, chosen, slack)) for one in meant), key=lambda pair: pair[1][0]
            )
            if run < min(_COARSEST_TICKS, len(values) - at):
                misses += 1
                break
            if at + run < len(values):
                run = _boundary(values, at, run, depth_meant, slack)
            rate, shape = _SHAPED[chosen]
            heard = NoteWobble(start + at - note_start, run, rate, depth_meant, shape)
            found.setdefault(note_start, []).append(heard)
            at += run
        if misses > _MOST_MISSES:
            return {}
    return {onset: tuple(heard) for onset, heard in found.items()} if misses <= len(found) // 10 else {}


def _deep(depth: Points, stretches: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int, bool, int]]:
    """Where the depth is above 0 while a note sounds: start, end, its value, whether the last tick closes a wobble (and
    tells nothing of it), and the note's onset; in order."""
    spans = []
    for index, (tick, value) in enumerate(depth):
        end, after = depth[index + 1] if index + 1 < len(depth) else (stretches[-1][1], 0)
        if value and end > tick:
            spans.append((tick, end + (after == 0), value, after == 0))
    first = 0
    for note_start, note_end in stretches:
        while first < len(spans) and spans[first][1] <= note_start:
            first += 1
        index = first
        while index < len(spans) and spans[index][0] < note_end:
            start, end, value, is_last = spans[index]
            low, high = max(note_start, start), min(note_end, end)
            if low < high:
                yield low, high, value, is_last and high == end, note_start
            index += 1


def _longest(values: np.ndarray, depth: float, before: int = -1, slack: int = 1) -> tuple[int, int]:
    """The ticks for which the wobble that fits a curve for longest fits it, and its index in `_SHAPED`.

    Of equals the one that went before is it again, else the slowest that goes round at all.
    """
    length = len(values)
    templates = _templates(depth, 1 << (length - 1).bit_length())[:, :length]
    fits = (np.abs(templates - values) <= slack) | (values == _ANYTHING)
    runs = np.where(fits.all(axis=1), length, np.argmin(fits, axis=1))
    best = int(runs.max())
    equals: list[int] = np.flatnonzero(runs == best).tolist()
    if before in equals:
        return best, before
    return best, next((index for index in equals if RATE_TICKS[_SHAPED[index][0]] <= best), equals[-1])


def _boundary(values: np.ndarray, at: int, run: int, depth: float, slack: int = 1) -> int:
    """The length in ticks of a wobble that another follows at once: the one that lets the next fit for longest.

    Both may fit for a few ticks, as they begin alike.
    """
    choices = range(run, max(run - 24, 0), -1)
    reach = {choice: choice + _longest(values[at + choice :][:_AHEAD_TICKS], depth, -1, slack)[0] for choice in choices}
    return max(reach, key=lambda choice: (reach[choice], -(choice % 4), choice))


@lru_cache(maxsize=8)
def _templates(depth: float, length: int) -> np.ndarray:
    """The controller values of every wobble of a depth from its onset on: int16 (len(_SHAPED), length)."""
    return np.take_along_axis(_one_cycle(depth), _places(length), axis=1)


@lru_cache(maxsize=2 * OPEN)
def _one_cycle(depth: float) -> np.ndarray:
    """One cycle of every wobble of a depth, and nothing behind it: int16 (len(_SHAPED), ticks of the longest)."""
    rows = np.zeros((len(_SHAPED), max(RATE_TICKS.values())), np.int16)
    for row, (rate, shape) in zip(rows, _SHAPED, strict=True):
        period, step = RATE_TICKS[rate], resolution_ticks(RATE_TICKS[rate])
        wobble = Wobble(0, 1, rate, depth, shape)
        points = [filter_value(wobble, tick) for tick in range(0, period, step)]
        row[:period] = np.repeat(np.array(points, np.int16), step)[:period]
    return rows


@lru_cache(maxsize=16)
def _places(length: int) -> np.ndarray:
    """The place in its cycle of every wobble at each tick from its onset on: int64 (len(_SHAPED), length)."""
    periods = np.array([RATE_TICKS[rate] for rate, _ in _SHAPED])
    places: np.ndarray = np.arange(length) % periods[:, None]
    return places


@lru_cache(maxsize=OPEN + 1)
def _depths(value: int) -> tuple[float, ...]:
    """The depths that a controller value may stand for, the likeliest first, each closing the filter to another value.

    The likeliest has hundredths where one of these was written.
    """
    hundredths = round(value / OPEN, 2)
    middle = round(value / OPEN, 4)
    found: dict[int, float] = {}
    for depth in (hundredths, middle, middle - _HALF_STEP, middle + _HALF_STEP):
        if 0 <= depth <= 1 and round(OPEN * depth) == value:
            found.setdefault(round(OPEN * (1 - depth)), depth)
    return tuple(found.values())
