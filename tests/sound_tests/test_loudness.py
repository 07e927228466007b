"""Loudness beside pyloudnorm, and on signals whose loudness is known."""

import numpy as np
import pytest

from sound.evidence.scenes import short_track
from sound.loudness import HOP_FRAMES, SILENT_LUFS, Meter, integrated
from sound.rates import SAMPLE_RATE
from tests.sound_tests.rendered import rendered


def loudness_of(sound_Nx2: np.ndarray, block: int = 40_000) -> float:
    meter = Meter()
    for start in range(0, len(sound_Nx2), block):
        meter.add(np.ascontiguousarray(sound_Nx2[start : start + block].T))
    return integrated(meter.energies())


def test_a_sine_of_1_khz_on_both_channels_is_as_loud_as_the_standard_says() -> None:
    # A full sine on one channel is -3.01 LUFS: 0 on both. Source: BS.1770-4, annex 1.
    sine = 0.1 * np.sin(2 * np.pi * 997 * np.arange(5 * SAMPLE_RATE) / SAMPLE_RATE)
    both = np.stack((sine, sine), axis=1).astype(np.float32)
    assert loudness_of(both) == pytest.approx(-20.0, abs=0.05)


def test_music_is_as_loud_as_pyloudnorm_says() -> None:
    pyloudnorm = pytest.importorskip("pyloudnorm", reason="pyloudnorm is not installed")
    sound = rendered(short_track())
    theirs = pyloudnorm.Meter(SAMPLE_RATE).integrated_loudness(sound.astype(np.float64))
    assert loudness_of(sound) == pytest.approx(theirs, abs=0.1)


def test_blocks_of_any_length_come_to_the_same() -> None:
    sound = rendered(short_track())[: 4 * SAMPLE_RATE]
    assert loudness_of(sound, 1000) == pytest.approx(loudness_of(sound, 100_000), abs=1e-4)


def test_pauses_do_not_count() -> None:
    sound = rendered(short_track())[-8 * SAMPLE_RATE : -4 * SAMPLE_RATE]
    paused = np.concatenate((sound, np.zeros((10 * SAMPLE_RATE, 2), np.float32)))
    assert loudness_of(paused) == pytest.approx(loudness_of(sound), abs=0.5)


def test_what_is_not_wanted_costs_no_figure_and_keeps_its_place() -> None:
    sound = np.random.default_rng(1).standard_normal((2, 3 * HOP_FRAMES)).astype(np.float32)
    meter = Meter()
    meter.add(sound, wanted=False)
    meter.add(sound)
    energies = meter.energies()
    assert energies.shape == (6,)
    assert (energies[:3] == 0).all()
    assert (energies[3:] > 0).all()


def test_silence_is_silent() -> None:
    assert loudness_of(np.zeros((SAMPLE_RATE, 2), np.float32)) == SILENT_LUFS
    assert integrated(np.zeros(0)) == SILENT_LUFS
