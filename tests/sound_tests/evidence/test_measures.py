"""Measures on sounds whose answer is known beforehand."""

import numpy as np
import pytest

from song.notes import RATE_TICKS, Wobble
from sound.evidence.measures import brightness, onsets, stray_line_db, true_peak_db, wobbling
from sound.rates import SAMPLE_RATE
from sound.voices.wobble import opening

HERTZ = 87.3
TICKS_A_SECOND = 224.0


def swept(wobble: Wobble, seconds: float = 4.0) -> np.ndarray:
    """Forty sines whose levels fall off at a cutoff that follows a wobble exactly."""
    at = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    cutoff = 70 * 2 ** (6 * opening(wobble, at * TICKS_A_SECOND / RATE_TICKS[wobble.rate] % 1))
    chance = np.random.default_rng(1)
    sound = np.zeros_like(at)
    for number in range(1, 41):
        level = 1 / number / np.sqrt(1 + (number * HERTZ / cutoff) ** 4)
        sound += level * np.sin(2 * np.pi * (number * HERTZ * at + chance.random()))
    return sound.astype(np.float32)


@pytest.mark.parametrize("rate", ["1/2", "1/8", "1/16T", "1/32"])
def test_a_filter_that_follows_the_lane_exactly_is_told_so(rate: str) -> None:
    wobble = Wobble(0, 4000, rate, 0.9)
    found = wobbling(swept(wobble), HERTZ, wobble, lambda seconds: seconds * TICKS_A_SECOND)
    assert found.correlation > 0.95
    assert found.rate_ratio == pytest.approx(1, abs=0.02)
    assert found.swing_octaves > 1.5


def test_another_lane_and_a_sound_that_does_not_move_are_told_apart() -> None:
    sound = swept(Wobble(0, 4000, "1/8", 0.9))
    other = wobbling(sound, HERTZ, Wobble(0, 4000, "1/8T", 0.9), lambda seconds: seconds * TICKS_A_SECOND)
    assert abs(other.correlation) < 0.3
    assert other.rate_ratio == pytest.approx(2 / 3, abs=0.02)
    still = swept(Wobble(0, 4000, "1/8", 0.0))
    assert (
        wobbling(still, HERTZ, Wobble(0, 4000, "1/8", 0.9), lambda seconds: seconds * TICKS_A_SECOND).swing_octaves
        < 0.05
    )


def test_brightness_of_a_sine_is_its_pitch() -> None:
    at = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    bright, seconds = brightness(np.sin(2 * np.pi * 200 * at).astype(np.float32), 200.0)
    assert bright == pytest.approx(np.log2(200), abs=0.05)
    assert np.diff(seconds) == pytest.approx(1 / 400, abs=1e-4)


def test_a_stray_line_is_found_at_its_level() -> None:
    at = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    tone = np.sin(2 * np.pi * 440 * at) + 0.3 * np.sin(2 * np.pi * 880 * at)
    assert stray_line_db((tone + 1e-4 * np.sin(2 * np.pi * 1000 * at)).astype(np.float64), 440.0) == pytest.approx(
        -80, abs=0.5
    )
    assert stray_line_db(tone, 440.0) < -150


def test_a_peak_between_two_samples_is_seen() -> None:
    # A quarter of the rate, an eighth of a cycle late: every sample is at 0.707.
    at = np.arange(SAMPLE_RATE)
    sine = np.sin(np.pi / 2 * at + np.pi / 4)[:, None] * np.array([0.5, 0.25])
    assert np.abs(sine).max() == pytest.approx(0.3536, abs=1e-3)
    assert true_peak_db(sine.astype(np.float32)) == pytest.approx(20 * np.log10(0.5), abs=0.05)


def test_onsets_are_found_behind_silence() -> None:
    sound = np.zeros(SAMPLE_RATE, np.float32)
    for start in (1000, 20_000, 40_000):
        sound[start : start + 3000] = 0.5
    assert onsets(sound).tolist() == [1000, 20_000, 40_000]
    assert onsets(np.zeros(100, np.float32)).tolist() == []
