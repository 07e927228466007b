"""Features of form of rows of bars whose repeats are counted by hand."""

import pytest

from model.evaluation.telling.form import form
from song.notes import Phrase
from tests.model_tests.told_drops import BAR, line, told

A, B, C = ((0, 40), (96, 40)), ((0, 40), (96, 43)), ((0, 40), (192, 40))
"""Bars of two notes: B has the rhythm of A, and C another."""


def bars(*contents: tuple[tuple[int, int], ...]) -> Phrase:
    return line(len(contents), *((bar * BAR + tick, pitch) for bar, one in enumerate(contents) for tick, pitch in one))


def test_repeats_are_counted_by_distance() -> None:
    found = form(told(bass=bars(A, B, A, B, A, C, A, A)))
    by_hand = {
        "distinct bars": 3 / 8, "distinct rhythms": 2 / 8, "rhythms to bars, distinct ones": 2 / 3,
        "commonest bar": 5 / 8, "commonest rhythm": 7 / 8, "bars found nowhere else": 1 / 8,
        "bars that are those 1 back": 1 / 7, "bars that are those 2 back": 4 / 6, "bars that are those 4 back": 2 / 4,
        "rhythms that are those 1 back": 5 / 7, "bars of the second half found in the first": 3 / 4,
        'bars labelled "same 2"': 4 / 8, 'bars labelled "same 1"': 1 / 8,
        'bars labelled "same rhythm"': 1 / 8, 'bars labelled "new"': 2 / 8,
    }  # fmt: skip
    for name, value in by_hand.items():
        assert found[f"bass: {name}"] == pytest.approx(value), name
    assert "bass: bars that are those 8 back" not in found


def test_bars_are_alike_by_the_notes_that_they_share() -> None:
    found = form(told(lead=bars(A, B, A, A)))
    assert found["lead: likeness to the bar 1 back"] == pytest.approx((1 / 3 + 1 / 3 + 1) / 3)
    assert found["lead: likeness to the likest bar before"] == pytest.approx((1 / 3 + 1 + 1) / 3)
    half = form(told(lead=bars((*A, (192, 40)), A, A, A)))
    assert half["lead: bars half like one before, not the same"] == pytest.approx(1 / 3)


def test_parts_repeat_together_or_each_by_itself() -> None:
    found = form(told(drums=bars(A, A, B, B), bass=bars(A, A, A, C)))
    assert found["all parts: bars in which all are those 1 back"] == pytest.approx(1 / 3)
    assert found["all parts: bars in which none is that 1 back"] == 0
    assert found["all parts: bars in which none is that 2 back"] == pytest.approx(1 / 2)


def test_silent_bars_are_no_music_that_is_found_again() -> None:
    found = form(told(bass=bars(A, (), A, ())))
    assert found["bass: distinct bars"] == 1 / 2
    assert found["bass: bars that are those 1 back"] == 0
