"""Ticks, bars, other resolutions, tempo ramps and seconds."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from song.time import bars_to_ticks, ramp, rescale_ticks, seconds, ticks_to_bar

tempi = st.floats(40, 300)


def test_a_bar_is_384_ticks() -> None:
    assert bars_to_ticks(2) == 768
    assert [ticks_to_bar(tick) for tick in (0, 383, 384, 768)] == [0, 0, 1, 2]


@pytest.mark.parametrize(
    ("tick", "resolution", "ours"),
    [(480, 480, 96), (960, 960, 96), (1, 192, 1), (1, 193, 0), (0, 1, 0), (7, 1, 672), (24, 24, 96), (5, 960, 1)],
)
def test_another_resolution_is_rounded_half_up(tick: int, resolution: int, ours: int) -> None:
    assert rescale_ticks(tick, resolution) == ours


@given(st.integers(0, 10**9), st.integers(1, 32767))
def test_rescaling_is_never_off_by_more_than_half_a_tick(tick: int, resolution: int) -> None:
    exact = Fraction(tick * 96, resolution)
    assert -Fraction(1, 2) < rescale_ticks(tick, resolution) - exact <= Fraction(1, 2)


@given(st.integers(0, 10**6))
def test_our_own_resolution_is_left_alone(tick: int) -> None:
    assert rescale_ticks(tick, 96) == tick


def test_a_steady_tempo_is_one_change() -> None:
    assert ramp(140, 140, 16) == [(0, 140)]


def test_a_ramp_is_one_change_a_quarter() -> None:
    assert ramp(140, 150, 1) == [
        (0, 140),
        (96, pytest.approx(143 + 1 / 3)),
        (192, pytest.approx(146 + 2 / 3)),
        (288, 150),
    ]


@given(tempi, tempi, st.integers(1, 128))
def test_a_ramp_runs_straight_from_its_start_to_its_end_and_no_further(start: float, end: float, bars: int) -> None:
    changes = ramp(start, end, bars)
    values = [bpm for _, bpm in changes]
    assert (values[0], values[-1]) == (start, end)
    assert [tick for tick, _ in changes] == ([0] if start == end else list(range(0, bars * 384, 96)))
    assert all(min(start, end) <= bpm <= max(start, end) for bpm in values)
    assert values in (sorted(values), sorted(values, reverse=True))
    if start != end:
        step = (end - start) / (4 * bars - 1)
        assert all(later - earlier == pytest.approx(step, abs=1e-9) for earlier, later in pairwise(values))


def test_seconds_of_a_steady_tempo() -> None:
    # A bar of 4 quarters at 120 BPM is two seconds.
    assert seconds([(0, 120.0)], 384) == 2.0
    assert seconds([], 384) == 2.0


def test_seconds_across_a_change() -> None:
    assert seconds([(0, 120.0), (192, 60.0)], 384) == 3.0
    assert seconds([(0, 120.0), (384, 60.0)], 384) == 2.0
    assert seconds([(0, 60.0), (1000, 120.0)], 96) == 1.0


@given(tempi, tempi, st.integers(1, 32))
def test_a_ramp_lasts_between_its_slowest_and_its_fastest(start: float, end: float, bars: int) -> None:
    lasts = seconds(ramp(start, end, bars), bars * 384)
    fastest, slowest = (bars * 4 * 60 / bpm for bpm in (max(start, end), min(start, end)))
    assert fastest * (1 - 1e-9) <= lasts <= slowest * (1 + 1e-9)
