"""Values of a controller tick by tick, out of its changes."""

import numpy as np
import pytest

from corpus.analysis.wobble_curves import values_between

CURVE = ((0, 10), (4, 20), (4, 30), (9, 40))


@pytest.mark.parametrize(
    ("start", "end", "values"),
    [
        (0, 4, [10] * 4),
        (2, 7, [10, 10, 30, 30, 30]),
        (4, 6, [30, 30]),
        (5, 9, [30] * 4),
        (8, 12, [30, 40, 40, 40]),
        (20, 22, [40, 40]),
        (5, 5, []),
    ],
)
def test_a_value_holds_from_its_change_to_the_next_and_of_two_at_once_the_later_counts(start, end, values):
    found = values_between(CURVE, start, end, 127)
    assert found.tolist() == values
    assert found.dtype == np.int16


def test_before_the_first_change_the_value_is_the_one_given():
    assert values_between(((3, 5),), 0, 5, 127).tolist() == [127, 127, 127, 5, 5]
    assert values_between((), 0, 3, 64).tolist() == [64] * 3


def test_a_curve_of_a_million_changes_is_read_note_by_note_within_seconds():
    curve = [(tick, tick % 128) for tick in range(1_000_000)]
    found = [values_between(curve, start, start + 48, 127) for start in range(0, 960_000, 48)]
    assert np.array_equal(np.concatenate(found), np.arange(960_000) % 128)
