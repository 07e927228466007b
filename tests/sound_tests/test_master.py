"""The limiter: under its ceiling whatever comes, as loud as asked, and no distortion where nothing is too loud."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sound.evidence.measures import true_peak_db
from sound.evidence.scenes import short_track
from sound.loudness import Meter, integrated
from sound.master import CEILING_DBTP, USUAL_GAIN_DB, Master, PeakMeter, apply_gain, gain_curve, solve_gain
from sound.rates import SAMPLE_RATE
from sound.render import section_of
from tests.sound_tests.rendered import rendered

BLOCK = 48_000


def mastered(sound_Nx2: NDArray[np.float32], gain_db: float) -> NDArray[np.float32]:
    meter = PeakMeter()
    blocks = [np.ascontiguousarray(sound_Nx2[at : at + BLOCK].T) for at in range(0, len(sound_Nx2), BLOCK)]
    curve = gain_curve(np.concatenate([meter.run(block) for block in blocks]), gain_db)
    for number, block in enumerate(blocks):
        apply_gain(block, curve, number * BLOCK)
    return np.concatenate(blocks, axis=1).T


def noise(seed: int) -> NDArray[np.float32]:
    """Loud noise, with hits far above it."""
    chance = np.random.default_rng(seed)
    sound = chance.standard_normal((3 * SAMPLE_RATE, 2)) * 0.2
    sound[chance.integers(0, len(sound), 30)] *= 40
    return sound.astype(np.float32)


@pytest.mark.parametrize("gain_db", [0.0, 6.0, 20.0])
def test_true_peaks_of_music_stay_under_the_ceiling(gain_db: float) -> None:
    sound = mastered(rendered(short_track()), gain_db)
    assert true_peak_db(sound) < CEILING_DBTP
    assert np.isfinite(sound).all()


@pytest.mark.parametrize("seed", range(3))
def test_samples_of_anything_stay_under_the_ceiling(seed: int) -> None:
    assert 20 * np.log10(np.abs(mastered(noise(seed), 12)).max()) < CEILING_DBTP


def test_quiet_sound_is_only_raised() -> None:
    sound = noise(1)[:, :] * np.float32(0.001)
    assert mastered(sound, 6) == pytest.approx(sound * 10 ** (6 / 20), rel=1e-5)


def test_the_gain_comes_back_after_a_hit_without_a_jump() -> None:
    peaks = np.full(3000, 0.5, np.float32)
    peaks[1500] = 4
    curve = gain_curve(peaks, 0)
    assert curve[1500] < 0.25
    assert curve[0] == pytest.approx(1)
    assert curve[-1] == pytest.approx(1)
    assert np.abs(np.diff(20 * np.log10(curve))).max() < 2.5
    # It starts to go down 5 ms before the hit, and no sooner.
    assert curve[1500 - 20] == pytest.approx(1)
    assert curve[1500 - 8] < 0.9


@pytest.mark.parametrize("target", [-20.0, -14.0, -9.0])
def test_a_loudness_that_is_asked_for_is_reached(target: float) -> None:
    sound = rendered(short_track())[-7 * SAMPLE_RATE :]
    meter, peak_meter = Meter(), PeakMeter()
    block = np.ascontiguousarray(sound.T)
    meter.add(block)
    energies = meter.energies()
    gain_db = solve_gain(energies, peak_meter.run(block), (0, len(energies)), target)
    after = Meter()
    after.add(np.ascontiguousarray(mastered(sound, gain_db).T))
    assert integrated(after.energies()) == pytest.approx(target, abs=0.4)


def test_silence_needs_no_gain() -> None:
    assert solve_gain(np.zeros(20), np.zeros(6000, np.float32), (0, 20), -9) == 0


@pytest.mark.parametrize("block", [4800, 1600, 160])
def test_the_chain_for_listening_does_the_same_a_little_later(block: int) -> None:
    sound = rendered(short_track())[-2 * SAMPLE_RATE :]
    whole = mastered(sound, 6.0)
    chain = Master(6.0)
    pieces = [
        chain.run(np.ascontiguousarray(sound[at : at + block].T), last=at + block >= len(sound))
        for at in range(0, len(sound), block)
    ]
    assert len(sound) - SAMPLE_RATE * 6 / 1000 - block <= sum(piece.shape[1] for piece in pieces[:-1]) <= len(sound)
    assert pytest.approx(whole, abs=1e-5) == np.concatenate(pieces, axis=1).T


def test_the_usual_gain_brings_a_drop_near_its_loudness() -> None:
    for style in ("dubstep", "riddim", "melodic dubstep", "drum & bass", "trap", "house"):
        song = short_track(style=style)
        drop = rendered(song, None, section_of(song, 2), tail=False)
        chain, meter = Master(USUAL_GAIN_DB), Meter()
        meter.add(chain.run(np.ascontiguousarray(drop.T), last=True))
        assert integrated(meter.energies()) == pytest.approx(-9, abs=3)
