"""The wobble lane as a curve of how far the filter is open, for sound.

When an oscillator starts a cycle is `song.export.wobble_cc`'s business, which writes the same lane as controllers.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from song.export.wobble_cc import Cycles
from song.notes import RATE_TICKS, Wobble

_SMOOTHED = 5
"""Control values, of 1/3 ms each, over which jumps are drawn out so that they do not click."""


def opening(wobble: Wobble, phase_N: NDArray[np.float64]) -> NDArray[np.float64]:
    """The opening of the lane, (N,), 0-1: 1 open, and 1 less the depth as closed as it gets.

    Args:
        wobble: gives shape and depth.
        phase_N: places in its cycle, 0 to below 1.
    """
    match wobble.shape:
        case "sine":
            open_N = (1 - np.cos(2 * np.pi * phase_N)) / 2
        case "triangle":
            open_N = 1 - np.abs(1 - 2 * phase_N)
        case "square":
            open_N = (phase_N < 0.5).astype(np.float64)
        case "saw":
            open_N = 1 - phase_N
        case "ramp":
            open_N = phase_N
        case _:
            raise ValueError(f"{wobble.shape} is not the shape of a wobble")
    return np.asarray(1 - wobble.depth * (1 - open_N))


def lane(ticks_N: NDArray[np.float64], cycles: Sequence[Cycles], rest: float) -> NDArray[np.float32]:
    """The lane at some ticks, (N,), 0-1: `opening` under each wobble, and `rest` elsewhere.

    Args:
        ticks_N: evenly spaced in time, ascending.
        cycles: in time order.
        rest: 0-1.
    """
    lane_N = np.full(len(ticks_N), rest)
    for start, end, wobble in cycles:
        first, last = np.searchsorted(ticks_N, (start, end))
        lane_N[first:last] = opening(wobble, (ticks_N[first:last] - start) / RATE_TICKS[wobble.rate] % 1)
    padded = np.concatenate((np.full(_SMOOTHED // 2, lane_N[0]), lane_N, np.full(_SMOOTHED // 2, lane_N[-1])))
    return np.convolve(padded, np.full(_SMOOTHED, 1 / _SMOOTHED), "valid").astype(np.float32)
