"""A song's ticks as frames of sound and back, under tempo changes and ramps."""

import numpy as np
from numpy.typing import NDArray

from song.sections import Song
from song.time import TICKS_PER_QUARTER, bars_to_ticks, ramp
from sound.rates import SAMPLE_RATE


class Clock:
    """Time of a song: exact in ticks, seconds counted from its first bar line."""

    def __init__(self, song: Song) -> None:
        """Lay the tempo changes of all sections end to end; behind the last bar its tempo goes on."""
        changes = [
            (bars_to_ticks(start) + tick, tempo_bpm)
            for start, section in zip(song.start_bars(), song.sections, strict=True)
            for tick, tempo_bpm in ramp(*section.constraints.tempo_bpm, section.bars)
        ] or [(0, 120.0)]
        self._ticks = np.array([tick for tick, _ in changes], np.float64)
        self._tick_seconds = np.array([60 / (bpm * TICKS_PER_QUARTER) for _, bpm in changes])
        lengths = np.diff(self._ticks) * self._tick_seconds[:-1]
        self._seconds = np.concatenate(([0.0], np.cumsum(lengths)))

    def seconds(self, tick: float) -> float:
        """Seconds from the song's start to a tick of 0 or more."""
        at = int(np.searchsorted(self._ticks, tick, side="right")) - 1
        return float(self._seconds[at] + (tick - self._ticks[at]) * self._tick_seconds[at])

    def frame(self, tick: float) -> int:
        """The frame nearest to a tick of 0 or more."""
        return round(self.seconds(tick) * SAMPLE_RATE)

    def ticks_at(self, frames_N: NDArray[np.float64]) -> NDArray[np.float64]:
        """The ticks, (N,), with fractions, that frames from the song's start lie on."""
        seconds_N = frames_N / SAMPLE_RATE
        at_N = np.searchsorted(self._seconds, seconds_N, side="right") - 1
        return np.asarray(self._ticks[at_N] + (seconds_N - self._seconds[at_N]) / self._tick_seconds[at_N])

    def steady_tick_frames(self, start_tick: float, end_tick: float) -> float | None:
        """Frames of a tick where the tempo is one from a tick to another, else None."""
        first = int(np.searchsorted(self._ticks, start_tick, side="right")) - 1
        last = max(first, int(np.searchsorted(self._ticks, end_tick, side="left")) - 1)
        tempi = self._tick_seconds[first : last + 1]
        return float(tempi[0]) * SAMPLE_RATE if (tempi == tempi[0]).all() else None
