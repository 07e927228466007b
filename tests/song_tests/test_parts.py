"""The table of parts."""

import pytest
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
