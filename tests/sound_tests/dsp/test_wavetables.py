"""Waveforms: on pitch, without lines that are no harmonics, going on where they stopped."""

import numpy as np
import pytest

from sound.dsp.wavetables import SHAPES, harmonics, oscillate
from sound.evidence.measures import stray_line_db
from sound.rates import SAMPLE_RATE


def exact(hertz: float) -> float:
    """The pitch that 32 bits of phase come nearest to."""
    return round(hertz / SAMPLE_RATE * 2**32) * SAMPLE_RATE / 2**32


@pytest.mark.parametrize("hertz", [1000.0, 1000.37, 4000.0, 4001.3])
def test_a_saw_has_no_line_above_100_db_that_is_no_harmonic(hertz: float) -> None:
    samples, _ = oscillate("saw", hertz, 2 * SAMPLE_RATE)
    assert stray_line_db(samples, exact(hertz)) < -100


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("hertz", [27.5, 55.0, 110.0, 220.0])
def test_low_notes_of_any_waveform_are_clean_too(shape: str, hertz: float) -> None:
    samples, _ = oscillate(shape, hertz, 2 * SAMPLE_RATE)
    assert stray_line_db(samples, exact(hertz)) < -100


def test_a_harmonic_is_as_loud_as_it_should_be_up_to_where_tables_change() -> None:
    for hertz in (56.0, 57.0, 79.9, 80.1):
        samples, _ = oscillate("saw", hertz, SAMPLE_RATE)
        spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) * 4 / SAMPLE_RATE
        first, fifth = (np.sqrt((spectrum[round(hertz * k) - 4 : round(hertz * k) + 5] ** 2).sum()) for k in (1, 5))
        assert fifth / first == pytest.approx(1 / 5, rel=0.03)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_waveform_goes_on_where_it_stopped_and_is_as_loud_as_the_others(shape: str) -> None:
    whole, _ = oscillate(shape, 93.7, 5000)
    first, phase = oscillate(shape, 93.7, 1234)
    second, _ = oscillate(shape, 93.7, 5000 - 1234, phase)
    assert np.concatenate((first, second)) == pytest.approx(whole, abs=1e-5)
    assert whole.std() == pytest.approx(oscillate("saw", 93.7, 5000)[0].std(), rel=0.03)


def test_a_shape_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="sawtooth is not one of saw, square, growl, formant"):
        harmonics("sawtooth", 5)
