"""Density as onsets a bar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from song.density import density_to_onsets, onsets_to_density
from song.parts import PART_SPECS, PARTS, Part

parts = st.sampled_from(PARTS)


@pytest.mark.parametrize("part", PARTS)
def test_density_means_silence_the_median_and_the_95th_percentile(part: Part) -> None:
    spec = PART_SPECS[part]
    assert density_to_onsets(part, 0) == 0
    assert density_to_onsets(part, 0.5) == spec.median_onsets
    assert density_to_onsets(part, 1) == pytest.approx(spec.high_onsets)


@given(parts, st.floats(0, 1), st.floats(0, 1))
def test_more_density_is_more_onsets(part: Part, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert density_to_onsets(part, low) <= density_to_onsets(part, high)


@given(parts, st.floats(0, 1))
def test_onsets_lead_back_to_the_density(part: Part, density: float) -> None:
    assert onsets_to_density(part, density_to_onsets(part, density)) == pytest.approx(density, abs=1e-9)


@given(parts, st.floats(0, 1000))
def test_a_density_is_held_within_0_and_1(part: Part, onsets: float) -> None:
    assert 0 <= onsets_to_density(part, onsets) <= 1
