"""The low-pass beside its own equations sample by sample, and under jumps of its cutoff."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from sound.dsp.filters import BlockDirectCurrent, LowPass, upsample_control
from sound.rates import SAMPLE_RATE


def by_the_equations(samples: NDArray[np.float32], cutoff: NDArray[np.float32], resonance: float) -> list[float]:
    """Simper's form, in double precision."""
    first = second = 0.0
    heard = []
    for sample, hertz in zip(samples.tolist(), cutoff.tolist(), strict=True):
        g = math.tan(math.pi * hertz / SAMPLE_RATE)
        a1 = 1 / (1 + g * (g + 1 / resonance))
        a2 = g * a1
        third = sample - second
        band = a1 * first + a2 * third
        low = second + a2 * first + g * a2 * third
        first, second = 2 * band - first, 2 * low - second
        heard.append(low)
    return heard


def noise(count: int) -> NDArray[np.float32]:
    return np.random.default_rng(5).standard_normal(count).astype(np.float32)


@pytest.mark.parametrize("resonance", [0.5, 1.6, 12.0])
def test_the_filter_solves_its_equations_at_every_sample(resonance: float) -> None:
    samples = noise(4000)
    cutoff = (60 * 2 ** (3.5 + 3.5 * np.sin(np.arange(4000) / 150))).astype(np.float32)
    heard = LowPass(resonance).run(samples, cutoff)
    expected = np.array(by_the_equations(samples, cutoff, resonance))
    error = np.abs(heard - expected).max() / np.abs(expected).max()
    assert 20 * np.log10(error) < -90


def test_a_stretch_goes_on_from_the_one_before() -> None:
    samples, cutoff = noise(3000), np.full(3000, 400, np.float32)
    whole = LowPass(2).run(samples, cutoff)
    filtered = LowPass(2)
    parts = [filtered.run(samples[at : at + 700], cutoff[at : at + 700]) for at in range(0, 3000, 700)]
    assert np.concatenate(parts) == pytest.approx(whole, abs=1e-5)


def test_jumps_between_the_ends_leave_it_finite() -> None:
    cutoff = np.where(np.random.default_rng(1).random(50_000) < 0.5, 40, 16_000).astype(np.float32)
    heard = LowPass(20).run(noise(50_000), cutoff)
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() < 60


@pytest.mark.parametrize(("hertz", "expected_db"), [(100, 0), (1000, -3), (4000, -24)])
def test_it_passes_lows_and_falls_by_12_db_an_octave(hertz: float, expected_db: float) -> None:
    sine = np.sin(2 * np.pi * hertz * np.arange(SAMPLE_RATE) / SAMPLE_RATE).astype(np.float32)
    heard = LowPass(0.7071).run(sine, np.full(SAMPLE_RATE, 1000, np.float32))[SAMPLE_RATE // 2 :]
    assert 20 * np.log10(heard.std() * np.sqrt(2)) == pytest.approx(expected_db, abs=0.6)


def test_direct_current_is_blocked_and_sound_is_not() -> None:
    at = np.arange(2 * SAMPLE_RATE)
    samples = (0.5 + np.sin(2 * np.pi * 100 * at / SAMPLE_RATE)).astype(np.float32)
    blocked = BlockDirectCurrent()
    heard = np.concatenate([blocked.run(samples[start : start + 5000]) for start in range(0, len(samples), 5000)])
    assert abs(heard[SAMPLE_RATE:].mean()) < 1e-3
    assert heard[SAMPLE_RATE:].std() == pytest.approx(samples.std(), rel=0.01)


def test_control_values_are_joined_by_straight_lines() -> None:
    values = np.array([0, 16, 0, 8], np.float32)
    line = upsample_control(values, 40, 16)
    assert line[:17].tolist() == list(range(17))
    assert line[24] == 8
    assert line[39] == 3.5
