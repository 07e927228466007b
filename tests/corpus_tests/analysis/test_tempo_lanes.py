"""One tempo or a ramp for a section, out of a file's changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.analysis.tempi import tempo_of_micros
from corpus.analysis.tempo_lanes import section_tempi
from song.time import ramp

MICROS = 60_000_000


def written(first, last, bars, start=0):
    return [(start + tick, tempo_of_micros(round(MICROS / bpm))) for tick, bpm in ramp(first, last, bars)]


def test_a_section_without_changes_has_what_held_before():
    assert section_tempi([(0, 140.0)], 4, 4).ends == (140.0, 140.0)
    assert section_tempi([], 0, 4).ends == (120.0, 120.0)


@pytest.mark.parametrize("ends", [(140, 150), (300, 40), (87.5, 174), (100, 100.5)])
def test_a_ramp_comes_back_as_it_was(ends):
    assert section_tempi(written(*ends, 8, 384), 1, 8).ends == pytest.approx(ends, abs=1e-9)


@given(st.floats(40, 300), st.floats(40, 300), st.integers(1, 16))
def test_any_ramp_is_written_again_as_it_was_to_a_microsecond(first, last, bars):
    found = section_tempi(written(first, last, bars), 0, bars)
    assert found.lost == 0
    before, after = ([round(MICROS / bpm) for _, bpm in ramp(*ends, bars)] for ends in ((first, last), found.ends))
    if len(before) == len(after):
        assert max(abs(one - other) for one, other in zip(before, after, strict=True)) <= 1
    else:
        assert max(before) - min(before) <= 1


def test_changes_one_way_are_a_ramp_and_others_one_tempo_and_told():
    assert section_tempi([(0, 120.0), (300, 122.0), (700, 125.0), (900, 130.0)], 0, 4) == section_tempi(
        [(0, 120.0), (300, 122.0), (700, 125.0), (900, 130.0)], 0, 4
    )
    rising = section_tempi([(0, 120.0), (300, 122.0), (700, 125.0), (900, 130.0)], 0, 4)
    assert (rising.ends, rising.lost) == ((120.0, 130.0), 3)
    wavering = section_tempi([(0, 120.0), (300, 150.0), (1400, 130.0)], 0, 4)
    assert (wavering.ends, wavering.lost) == ((150.0, 150.0), 2)
