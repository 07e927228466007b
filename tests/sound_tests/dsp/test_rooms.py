"""Responses: a room that dies away without lows, a widening that leaves lows in the middle."""

import numpy as np

from sound.dsp.rooms import space_responses
from sound.rates import SAMPLE_RATE


def band_db(response: np.ndarray, low: float, high: float) -> float:
    spectrum = np.abs(np.fft.rfft(response, 1 << 17)) ** 2
    frequency = np.fft.rfftfreq(1 << 17, 1 / SAMPLE_RATE)
    return float(10 * np.log10(spectrum[(frequency >= low) & (frequency < high)].mean()))


def test_the_room_dies_away_and_has_no_lows() -> None:
    room = space_responses()[0]
    levels = [float((room[:, at : at + 4800] ** 2).sum()) for at in (4800, 24_000, 60_000)]
    assert levels[0] > 10 * levels[1] > 100 * levels[2] > 0
    assert band_db(room[0], 20, 100) < band_db(room[0], 500, 2000) - 30
    assert abs(np.corrcoef(room)[0, 1]) < 0.1


def test_widening_goes_to_both_sides_alike_and_leaves_lows_alone() -> None:
    left, right = space_responses()[1]
    assert (left == -right).all()
    assert band_db(left, 20, 120) < band_db(left, 500, 4000) - 35
