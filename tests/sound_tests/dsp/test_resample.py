"""Other rates: as long, as loud and on pitch."""

import numpy as np
import pytest

from sound.dsp.resample import resample


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 48000, 88200, 96000, 44101])
def test_a_tone_keeps_its_pitch_and_its_length(rate: int) -> None:
    seconds = 0.5
    at = np.arange(int(rate * seconds)) / rate
    shape = np.hanning(len(at))
    tone = (np.sin(2 * np.pi * 997 * at) * shape).astype(np.float32)[None]
    made = resample(tone, rate, 48000)
    assert made.shape[1] == round(tone.shape[1] * 48000 / rate)
    there = np.arange(made.shape[1]) / 48000
    expected = np.sin(2 * np.pi * 997 * there) * np.interp(there, at, shape)
    assert made[0] == pytest.approx(expected, abs=2e-3)


def test_what_the_lower_rate_cannot_hold_is_gone() -> None:
    at = np.arange(96_000) / 96_000
    tone = (np.sin(2 * np.pi * 30_000 * at) * np.hanning(len(at))).astype(np.float32)[None]
    assert np.abs(resample(tone, 96_000, 48_000)).max() < 1e-3
