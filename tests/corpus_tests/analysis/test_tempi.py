"""Tempi of files, as they are named and held within what a song may have."""

import pytest

from corpus.analysis.tempi import fit_tempi, tempo_of_micros


@pytest.mark.parametrize("bpm", [40, 87.5, 128, 140, 150.25, 174.5, 300, 126.123])
def test_a_tempo_comes_back_with_the_decimals_that_it_had(bpm):
    assert tempo_of_micros(round(60_000_000 / bpm)) == bpm


@pytest.mark.parametrize("micros", [1, 200_000, 428_571, 428_572, 16_777_215])
def test_every_tempo_is_written_as_it_was_read(micros):
    assert round(60_000_000 / tempo_of_micros(micros)) == micros


def test_changes_begin_with_the_song_and_none_repeats():
    found = fit_tempi([(0, 100.0), (96, 100.0), (192, 120.0), (192, 130.0), (9999, 90.0)], 400)
    assert found.changes == ((0, 100.0), (192, 130.0))
    assert fit_tempi([(96, 100.0)], 400).changes == ((0, 120.0), (96, 100.0))
    assert fit_tempi([], 400, 150.0).changes == ((0, 150.0),)


def test_the_main_tempo_is_the_one_that_lasts_longest():
    assert fit_tempi([(0, 90.0), (100, 150.0), (350, 90.0)], 400).main == 150


def test_what_is_out_of_bounds_is_held_and_told_once():
    found = fit_tempi([(0, 3.576), (96, 1000.0), (192, 1000.0)], 400)
    assert found.changes == ((0, 40.0), (96, 300.0))
    assert found.told == (
        "its tempo of 3.58 BPM is outside 40-300: 40 is written",
        "its tempo of 1000 BPM is outside 40-300: 300 is written",
    )
