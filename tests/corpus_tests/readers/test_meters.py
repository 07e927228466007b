"""Bars in other meters: which are taken, where they lie then, and which are named as left out."""

import numpy as np
import pytest

from corpus.readers.meters import map_bars
from song.errors import UserError

Q = 96


def mapped(*changes, quarters):
    return map_bars([(tick * Q, meter) for tick, meter in changes], quarters * Q, Q)


def stretches(bars):
    """(start, stop, start in the song) of each stretch, in quarters."""
    return [
        (start // Q, stop // Q, (start + shift) // Q)
        for start, stop, shift in zip(bars.starts.tolist(), bars.stops.tolist(), bars.shifts.tolist(), strict=True)
    ]


@pytest.mark.parametrize(
    ("changes", "quarters", "taken", "left_out"),
    [
        ((), 64, [(0, 64, 0)], ""),
        (((0, (2, 2)),), 64, [(0, 64, 0)], ""),
        (((64, (2, 4)), (66, (4, 4))), 130, [(0, 64, 0), (66, 130, 64)], "2/4: bar 17 in 2/4"),
        (((16, (2, 4)), (20, (4, 4))), 36, [(0, 16, 0), (16, 20, 16), (20, 36, 20)], ""),
        (((16, (2, 4)), (22, (4, 4))), 38, [(0, 16, 0), (16, 20, 16), (22, 38, 20)], "2/4: bar 7 in 2/4"),
        (((0, (1, 4)), (1, (4, 4))), 65, [(0, 1, 3), (1, 65, 4)], ""),
        (((0, (3, 4)), (3, (4, 4))), 67, [(0, 3, 1), (3, 67, 4)], ""),
        (((0, (3, 4)), (6, (4, 4))), 26, [(6, 26, 0)], "3/4: bars 1-2 in 3/4"),
        (((16, (5, 4)), (21, (4, 4))), 37, [(0, 16, 0), (21, 37, 16)], "5/4: bar 5 in 5/4"),
        (((16, (4, 4)),), 32, [(0, 32, 0)], ""),
        (((14, (4, 4)),), 46, [(0, 14, 0), (14, 46, 16)], ""),
        (((16, (2, 4)),), 18, [(0, 16, 0), (16, 18, 16)], ""),
    ],
)
def test_what_is_taken_and_where_it_lies(changes, quarters, taken, left_out):
    bars = mapped(*changes, quarters=quarters)
    assert stretches(bars) == taken
    assert bars.left_out == left_out


def test_other_meters_are_refused_with_their_bars():
    with pytest.raises(UserError, match=r"it is in 3/4: .* bars 1-11 in 3/4"):
        mapped((0, (3, 4)), quarters=33)
    with pytest.raises(UserError, match=r"it is in 5/4: .* bars 1-8 in 5/4"):
        mapped((0, (5, 4)), (40, (4, 4)), quarters=50)


def test_many_odd_bars_are_named_in_few_words():
    changes = [change for bar in range(9) for change in ((bar * 20 + 16, (4 + 1, 4)), (bar * 20 + 21, (4, 4)))]
    words = mapped(*[(tick + bar // 2, meter) for bar, (tick, meter) in enumerate(changes)], quarters=200).left_out
    assert words.endswith("5 more stretches in 5/4")


def test_ticks_of_bars_that_are_left_out_lie_where_the_next_begin():
    bars = mapped((16, (2, 4)), (18, (4, 4)), quarters=34)
    ticks = np.array([0, 15, 16, 17, 18, 20]) * Q
    assert bars.is_taken(ticks).tolist() == [True, True, False, False, True, True]
    assert (bars.placed(ticks) // Q).tolist() == [0, 15, 16, 16, 16, 18]
    assert (bars.ends(np.array([15, 18]) * Q, np.array([17, 40]) * Q) // Q).tolist() == [16, 32]
