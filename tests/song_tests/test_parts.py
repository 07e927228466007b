"""The table of parts, and density as onsets a bar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from song.errors import UserError
from song.parts import (
    PART_SPECS,
    PARTS,
    SUB_CHANNEL,
    SUB_LOW,
    SUB_PROGRAM,
    Part,
    check_range,
    density_to_onsets,
    onsets_to_density,
)

parts = st.sampled_from(PARTS)


def test_every_part_has_a_channel_of_its_own_and_the_drums_have_channel_10() -> None:
    channels = [spec.channel for spec in PART_SPECS.values()] + [SUB_CHANNEL]
    assert len(set(channels)) == len(channels)
    assert all(0 <= channel <= 15 for channel in channels)
    # Counted from 0: General MIDI's channel 10.
    assert [part for part, spec in PART_SPECS.items() if spec.channel == 9] == [Part.DRUMS]


def test_programs_and_ranges_fit_in_midi() -> None:
    assert list(PART_SPECS) == list(PARTS)
    for spec in PART_SPECS.values():
        assert 0 <= spec.program <= 127
        assert 0 <= spec.low < spec.high <= 127
        assert spec.polyphony >= 1
        assert 0 < spec.median_onsets < spec.high_onsets
    assert 0 <= SUB_PROGRAM <= 127
    assert PART_SPECS[Part.BASS].low >= SUB_LOW


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


@pytest.mark.parametrize("part", [Part.BASS, Part.CHORDS, Part.LEAD])
def test_a_range_of_an_octave_or_more_within_the_parts_own_is_allowed(part: Part) -> None:
    spec = PART_SPECS[part]
    for low, high in ((spec.low, spec.high), (spec.low, spec.low + 11), (spec.high - 11, spec.high)):
        check_range(part, low, high)


@pytest.mark.parametrize("part", [Part.BASS, Part.CHORDS, Part.LEAD])
def test_a_range_that_leaves_the_parts_own_or_is_too_narrow_is_refused(part: Part) -> None:
    spec = PART_SPECS[part]
    for low, high in ((spec.low - 1, spec.high), (spec.low, spec.high + 1), (spec.high, spec.low)):
        with pytest.raises(UserError, match=f"{part} plays pitches {spec.low} to {spec.high}, the lower one first"):
            check_range(part, low, high)
    with pytest.raises(UserError, match="an octave or more: 12 pitches"):
        check_range(part, spec.low, spec.low + 10)


def test_drums_have_no_range() -> None:
    with pytest.raises(UserError, match="drums have no range of pitches"):
        check_range(Part.DRUMS, 36, 60)
