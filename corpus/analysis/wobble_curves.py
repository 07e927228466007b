"""What the readers of controller curves share."""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

Points = Sequence[tuple[int, int]]
"""Changes of a controller as (tick, value 0-127), in order."""


def values_between(points: Points, start: int, end: int, before: int) -> np.ndarray:
    """The value of a controller at each tick from start to end: int16 (end - start,)."""
    first = bisect_right(points, (start, 128)) - 1
    values = np.full(end - start, points[first][1] if first >= 0 else before, np.int16)
    for tick, value in points[first + 1 :]:
        if tick >= end:
            break
        values[tick - start :] = value
    return values
