"""Played onsets go to where they were meant: known rhythms, pushed about as a player would, come back."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.analysis.timing import GRIDS, snap_length, snap_onsets

BEATS = 64


def rhythm(steps):
    return [beat * 96 + step for beat in range(BEATS) for step in steps]


@pytest.mark.parametrize(
    "steps", [(0, 24, 48, 72), (0, 48), (0, 24, 72), (0, 32, 64), (0, 64), (0, 16, 32, 48, 64, 80)]
)
@pytest.mark.parametrize("late", [0, 3, -3])
def test_a_rhythm_played_by_hand_comes_back(steps, late):
    rng = random.Random(1)
    meant = [tick + 96 for tick in rhythm(steps)]
    played = [round(tick + late + rng.gauss(0, 2.5)) for tick in meant]
    right = sum(a == b for a, b in zip(snap_onsets(played), meant, strict=True))
    assert right >= 0.97 * len(meant)


def test_a_roll_of_thirty_seconds_among_sixteenths_is_kept():
    meant = rhythm((0, 24, 48, 72))[:-4] + [(BEATS - 1) * 96 + 12 * step for step in range(8)]
    rng = random.Random(2)
    played = [max(0, round(tick + rng.gauss(0, 1.5))) for tick in meant]
    assert snap_onsets(played, [38] * len(played))[-8:] == meant[-8:]


def test_hits_that_were_meant_together_land_together():
    snapped = snap_onsets([0, 3, 97, 94, 193, 189, 288])
    assert snapped == [0, 0, 96, 96, 192, 192, 288]


def test_two_hits_of_one_drum_stay_two_where_two_drums_would_become_one():
    onsets = rhythm((0, 24, 48, 72))
    drag = [10 * 96 + 24, 10 * 96 + 33]
    drums = snap_onsets(onsets + drag[1:], [38] * (len(onsets) + 1))
    assert len(set(drums)) == len(onsets) + 1


@given(st.lists(st.integers(0, 20_000), max_size=60))
def test_snapped_onsets_lie_on_the_grids_near_where_they_were_played(onsets):
    snapped = snap_onsets(onsets)
    assert len(snapped) == len(onsets)
    assert all(any(tick % grid == 0 for grid in GRIDS) for tick in snapped)
    assert all(abs(a - b) <= 26 for a, b in zip(snapped, onsets, strict=True))


@given(st.sampled_from(GRIDS), st.integers(1, 200))
def test_what_lies_on_a_grid_is_left_alone(grid, count):
    onsets = [index * grid for index in range(count)]
    assert snap_onsets(onsets) == onsets


def test_lengths_are_multiples_of_four_ticks():
    assert [snap_length(ticks) for ticks in (1, 5, 6, 23, 96)] == [4, 4, 8, 24, 96]
