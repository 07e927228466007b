"""Features of evenness of rows of counts that are worked out by hand."""

import pytest

from model.evaluation.telling.evenness import evenness
from tests.model_tests.told_drops import beats, told


def test_a_level_part_is_level_in_every_way() -> None:
    found = evenness(told(bass=beats(4, 4, 4, 4, 4, 4, 4, 4)))
    level = {
        "deviation of onsets a bar": 0, "silent bars": 0, "fullest bar to the mean": 1, "emptiest bar to the mean": 1,
        "different counts": 1 / 8, "bars of the commonest count": 1, "step from the count 1 back": 0,
        "counts that are those 4 back": 1, "autocorrelation 2 back": 1, "second half's share of the onsets": 0.5,
        "halves of each four bars, difference": 0, "last of four bars to the mean": 1,
    }  # fmt: skip
    for name, value in level.items():
        assert found[f"bass: {name}"] == pytest.approx(value), name
    assert "bass: step from the count 8 back" not in found


def test_counts_that_vary_are_measured_against_their_mean() -> None:
    found = evenness(told(drums=beats(2, 4, 2, 8, 0, 4, 4, 8)))  # 4 a bar in the mean
    by_hand = {
        "deviation of onsets a bar": 2.6458 / 4,
        "deviation of onsets a bar that sounds": 2.3212 / 4,
        "silent bars": 1 / 8,
        "fullest bar to the mean": 2,
        "emptiest bar to the mean": 0,
        "emptiest bar that sounds to the fullest": 1 / 4,
        "different counts": 4 / 8,
        "bars of the commonest count": 3 / 8,
        "first bar to the mean": 0.5,
        "last of four bars to the mean": 2,
        "second half's share of the onsets": 0.5,
        "halves of each four bars, difference": (4 + 8) / 2 / 16,
        "step from the count 4 back": 4 / 4 / 4,
        "counts that are those 4 back": 2 / 4,
    }
    for name, value in by_hand.items():
        assert found[f"drums: {name}"] == pytest.approx(value, abs=1e-4), name


def test_twice_the_notes_in_the_same_proportions_are_as_even() -> None:
    thin, full = (evenness(told(bass=beats(*(times * count for count in (1, 2, 1, 4))))) for times in (1, 2))
    assert thin == pytest.approx(full)


def test_parts_are_heard_together_and_against_each_other() -> None:
    found = evenness(told(drums=beats(1, 2, 1, 2), bass=beats(2, 1, 2, 1)))
    assert found["all parts: deviation of onsets a bar"] == 0
    assert found["all parts: mean correlation of two parts' onsets a bar"] == pytest.approx(-1)
    assert found["drums: autocorrelation 1 back"] == pytest.approx(-1)
    assert found["drums: autocorrelation 2 back"] == pytest.approx(1)
