"""Controller curves, tick by tick: shared by `wobble_played` and `wobble_written`."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import zip_longest

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
    # Files have millions of changes: none is looked at twice, and none outside the stretch.
    within = points[first + 1 : bisect_left(points, (end,))]
    for (tick, value), (after, _) in zip_longest(within, within[1:], fillvalue=(end, 0)):
        values[tick - start : after - start] = value
    return values
