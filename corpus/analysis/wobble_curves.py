"""Controller curves, tick by tick: shared by `wobble_played` and `wobble_written`."""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

Points = Sequence[tuple[int, int]]
"""Changes of a controller as (tick, value 0-127), in order."""


def values_between(points: Points, start: int, end: int, before: int) -> np.ndarray:
    """The value of a controller at each tick of a stretch.

    Args:
        points: the changes of the controller.
        start, end: the first tick of the stretch and the first after it.
        before: the value that holds until the first change, 0-127.

    Returns:
        int16 (ticks,), 0-127, one value for each of the `end - start` ticks.
    """
    first = bisect_right(points, (start, 128)) - 1
    values = np.full(end - start, points[first][1] if first >= 0 else before, np.int16)
    for tick, value in points[first + 1 :]:
        if tick >= end:
            break
        values[tick - start :] = value
    return values
