"""Drums: every one of the table sounds, each like itself."""

import numpy as np
import pytest

from song.drums import DRUMS
from sound.rates import SAMPLE_RATE
from sound.voices.drum_sounds import (
    drum_level_db,
    drum_name,
    drum_names,
    drum_room,
    drum_sound,
    impact_sound,
    riser_pieces,
)

NAMES = [drum.name for drum in DRUMS]


def centroid(sound: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(np.atleast_2d(sound)[0], SAMPLE_RATE)) ** 2
    return float((spectrum * np.arange(len(spectrum))).sum() / spectrum.sum())


@pytest.mark.parametrize("name", NAMES)
def test_every_drum_of_the_table_sounds(name: str) -> None:
    sound = drum_sound(name, 0.0, 1.0)
    assert np.abs(sound).max() == pytest.approx(1, abs=1e-6)
    assert np.isfinite(sound).all()
    assert 0.03 < sound.shape[-1] / SAMPLE_RATE < 4
    # It begins within 3 ms and has died away before it is cut.
    assert np.abs(sound[..., : SAMPLE_RATE * 3 // 1000]).max() > 0.05
    assert np.abs(sound[..., -300:]).max() < 0.1
    assert np.abs(sound[..., -1]).max() < 1e-3
    assert abs(float(sound.mean(dtype=np.float64))) < 1e-5
    assert -40 < drum_level_db(name) <= 0
    assert 0 <= drum_room(name) <= 1


def test_there_is_a_sound_for_each_drum_and_no_other() -> None:
    assert set(drum_names()) == set(NAMES)


def test_drums_are_as_low_and_as_high_as_they_should_be() -> None:
    bright = {name: centroid(drum_sound(name, 0.0, 1.0)) for name in NAMES}
    assert bright["kick"] < 200 < bright["snare"] < bright["hat"]
    assert bright["floor-tom"] < bright["low-tom"] < bright["mid-tom"] < bright["high-tom"]
    assert bright["hat"] > 5000
    lengths = {name: drum_sound(name, 0.0, 1.0).shape[-1] for name in NAMES}
    assert lengths["pedal"] < lengths["hat"] < lengths["open"] < lengths["crash"]


def test_tuning_and_length_change_a_drum() -> None:
    assert centroid(drum_sound("low-tom", 7.0, 1.0)) > 1.3 * centroid(drum_sound("low-tom", 0.0, 1.0))
    assert drum_sound("snare", 0.0, 2.0).shape[-1] == pytest.approx(
        2 * drum_sound("snare", 0.0, 1.0).shape[-1], rel=0.01
    )


def test_every_note_means_some_drum() -> None:
    assert {drum_name(pitch) for pitch in range(128)} <= set(NAMES)
    assert drum_name(36) == drum_name(35) == "kick"


def test_a_riser_rises_and_ends_at_its_loudest() -> None:
    sound = np.concatenate(list(riser_pieces(2 * SAMPLE_RATE)), axis=1)
    assert 0.5 < np.abs(sound).max() < 1.2
    joint = np.abs(np.diff(sound[:, 65_500:65_570])).max()
    assert joint < 1.2 * np.abs(np.diff(sound[:, 65_000:65_500])).max()
    levels = [float(np.sqrt((sound[:, at : at + 9600] ** 2).mean())) for at in (0, 40_000, 84_000)]
    assert levels[0] < levels[1] < levels[2]
    assert centroid(sound[:, -9600:]) > 1.3 * centroid(sound[:, :9600])
    assert np.abs(sound[:, -1]).max() < 0.01
    assert [piece.shape for piece in riser_pieces(100)] == [(2, 100)]


def test_an_impact_is_low_and_dies_away() -> None:
    sound = impact_sound()
    assert np.abs(sound).max() == pytest.approx(1)
    assert np.abs(sound[:, -480:]).max() < 0.05
    assert np.abs(sound[:, -1]).max() < 1e-3
