"""Bars of a source in other meters than 4/4: which of them fit into 4/4 bars, and where its ticks lie then.

Readers hand over the changes of meter that a file has; the notes are theirs.
"""

from collections import Counter
from collections.abc import Sequence

import msgspec
import numpy as np

from song.errors import UserError
from song.time import QUARTERS_PER_BAR

_NAMED_BARS = 4
"""The most stretches of bars that a line names."""

Meter = tuple[int, int]
"""Beats of a bar, and the fraction of a whole note that a beat is."""


class _Stretch(msgspec.Struct, frozen=True):
    """Bars of one meter.

    Attributes:
        start, stop: source ticks, the second not included.
        meter: theirs.
        first_bar: the number of the first of them in the source, from 1.
        bar_ticks: source ticks of each; the last may be cut short.
    """

    start: int
    stop: int
    meter: Meter
    first_bar: int
    bar_ticks: float

    @property
    def ticks(self) -> int:
        return self.stop - self.start

    @property
    def bars(self) -> int:
        return max(int(-(-self.ticks // self.bar_ticks)), 1)


class BarMap(msgspec.Struct, frozen=True):
    """The ticks of a source on the 4/4 bars that are made of it.

    Attributes:
        starts, stops: the stretches that are taken, in source ticks, int64 (stretches,).
        shifts: what is added to the ticks of each, int64 (stretches,).
        left_out: the bars that are not taken, in words such as "2/4: bar 17 in 2/4"; empty where all are.
        told: what else became of bars, a line each.
    """

    starts: np.ndarray
    stops: np.ndarray
    shifts: np.ndarray
    left_out: str = ""
    told: tuple[str, ...] = ()

    def is_taken(self, ticks: np.ndarray) -> np.ndarray:
        """True for source ticks that lie in bars that are taken.

        Args:
            ticks: int64 (ticks,).

        Returns:
            bool (ticks,).
        """
        place = np.searchsorted(self.starts, ticks, side="right") - 1
        found: np.ndarray = (place >= 0) & (ticks < self.stops[place])
        return found

    def placed(self, ticks: np.ndarray) -> np.ndarray:
        """Some source ticks in the bars of the song; those of bars that are left out lie where the next ones begin.

        Args:
            ticks: int64 (ticks,).

        Returns:
            int64 (ticks,), in source ticks.
        """
        place = np.clip(np.searchsorted(self.starts, ticks, side="right") - 1, 0, None)
        after = np.minimum(place + 1, len(self.starts) - 1)
        inside = np.clip(ticks, self.starts[place], self.stops[place]) + self.shifts[place]
        is_between = (ticks >= self.stops[place]) & (place < len(self.starts) - 1)
        found: np.ndarray = np.where(is_between, self.starts[after] + self.shifts[after], inside)
        return found

    def ends(self, onsets: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """The places in the song where some notes end, which go no further than the bars that they begin in.

        Args:
            onsets: source ticks, int64 (notes,).
            ends: source ticks, int64 (notes,).

        Returns:
            int64 (notes,), in the bars of the song.
        """
        place = np.clip(np.searchsorted(self.starts, onsets, side="right") - 1, 0, None)
        found: np.ndarray = np.minimum(ends, self.stops[place]) + self.shifts[place]
        return found


def map_bars(changes: Sequence[tuple[int, Meter]], end: int, ticks_per_quarter: int) -> BarMap:
    """The 4/4 bars in a source, and what else fits into them.

    Bars of one, two or eight quarters are taken where they fill 4/4 bars up, as a pickup before the first full bar, and
    at the end. A short first bar is a pickup whatever its meter. What lies in other bars is
    left out.

    Args:
        changes: (source tick, meter), in order, the last of one tick being meant.
        end: where the source's music ends, in its ticks, 1 or more.
        ticks_per_quarter: of the source.

    Raises:
        UserError: where the larger part is in meters that do not fit, with their bars.
    """
    bar = QUARTERS_PER_BAR * ticks_per_quarter
    stretches = _stretches(changes, end, ticks_per_quarter)
    taken: list[tuple[int, int, int]] = []
    left_out: list[tuple[_Stretch, int]] = []
    told: list[str] = []
    at = index = 0
    while index < len(stretches):
        run = _run(stretches, index, bar)
        start, stop, is_first = run[0].start, run[-1].stop, index == 0
        index += len(run)
        ticks, is_last = stop - start, index == len(stretches)
        others = _names(run, bar)
        is_short = len(run) == 1 and run[0].bars == 1 and ticks < bar and is_first and not is_last
        if _fits(run[0], bar) or is_short:
            rest = ticks % bar
            if run[0].bar_ticks == bar or is_last:
                taken.append((start, stop, at - start))
                is_filled = rest > ticks_per_quarter // 8
                at += ticks - rest + bar * is_filled
                if is_filled and not is_last:
                    told.append(f"bar {run[0].first_bar + run[0].bars - 1} is cut short: rests fill it up")
            elif is_first and rest:
                at = -(-ticks // bar) * bar
                taken.append((start, stop, at - stop))
                told.append(f"a pickup of {rest / ticks_per_quarter:g} quarters ({others}) ends its first bar")
            else:
                if ticks > rest:
                    taken.append((start, stop - rest, at - start))
                    at += ticks - rest
                if rest:
                    left_out.append((run[-1], rest))
            is_pickup = is_first and not is_last and bool(rest)
            if others and not is_pickup and ticks >= bar:
                told.append(f"its bars in {others} are written as 4/4")
        else:
            left_out.extend((one, one.ticks) for one in run)
    kept = sum(stop - start for start, stop, _ in taken)
    lost = sum(ticks for _, ticks in left_out)
    words = _bar_words(left_out)
    if kept <= lost:
        names = dict.fromkeys(f"{beats}/{unit}" for _, (beats, unit) in changes if beats != unit)
        raise UserError(f"it is in {', '.join(names)}: only 4/4 music is taken in, and {words} are its larger part")
    if words:
        words = f"{_names([one for one, _ in left_out], bar)}: {words}"
    starts, stops, shifts = np.array(taken, np.int64).T
    return BarMap(starts, stops, shifts, words, tuple(told))


def _stretches(changes: Sequence[tuple[int, Meter]], end: int, ticks_per_quarter: int) -> list[_Stretch]:
    """The stretches of one meter; one that is named again where a bar begins goes on."""
    meters = dict(changes)
    meters.setdefault(0, (4, 4))
    ordered = [(tick, meter) for tick, meter in sorted(meters.items()) if tick < end] or [(0, (4, 4))]
    found: list[_Stretch] = []
    first_bar = 1
    for index, (tick, (beats, unit)) in enumerate(ordered):
        stop = ordered[index + 1][0] if index + 1 < len(ordered) else end
        one = _Stretch(tick, stop, (beats, unit), first_bar, max(4 * beats * ticks_per_quarter / unit, 1))
        first_bar += one.bars
        before = found[-1] if found else None
        if before and before.meter == one.meter and before.ticks % before.bar_ticks == 0:
            found[-1] = msgspec.structs.replace(before, stop=stop)
        else:
            found.append(one)
    return found


def _run(stretches: Sequence[_Stretch], index: int, bar: int) -> Sequence[_Stretch]:
    """The stretches from one on that are dealt with together: all that are shorter or longer bars of whole quarters."""
    stop = index + 1
    if _fits(stretches[index], bar) and stretches[index].bar_ticks != bar:
        while stop < len(stretches) and _fits(stretches[stop], bar) and stretches[stop].bar_ticks != bar:
            stop += 1
    return stretches[index:stop]


def _fits(stretch: _Stretch, bar: int) -> bool:
    """True where a bar is a quarter, a half, the whole or a multiple of a 4/4 one."""
    if stretch.bar_ticks >= bar:
        return stretch.bar_ticks % bar == 0
    return stretch.bar_ticks in (bar / 2, bar / 4)


def _names(run: Sequence[_Stretch], bar: int) -> str:
    """The meters of some stretches but 4/4, by name."""
    names = dict.fromkeys(f"{beats}/{unit}" for beats, unit in (one.meter for one in run if one.bar_ticks != bar))
    return ", ".join(names)


def _bar_words(left_out: Sequence[tuple[_Stretch, int]]) -> str:
    """Words for bars that are left out, such as "bar 17 in 2/4"; only their ends where a part of them is taken."""
    words = []
    for one, ticks in left_out:
        bars = max(int(-(-ticks // one.bar_ticks)), 1)
        last = one.first_bar + one.bars - 1
        first = last - bars + 1
        where = f"bar {first}" if bars == 1 else f"bars {first}-{last}"
        words.append(f"{where} in {one.meter[0]}/{one.meter[1]}")
    if len(words) > _NAMED_BARS:
        rest = Counter(f"{one.meter[0]}/{one.meter[1]}" for one, _ in left_out[_NAMED_BARS:])
        words = [*words[:_NAMED_BARS], f"{len(left_out) - _NAMED_BARS} more stretches in {', '.join(rest)}"]
    return ", ".join(words)
