"""A part's sixteenths: each part in its own columns, as a listener would place them."""

import pytest

from model.language.frames import (
    part_content,
)
from song.notes import Note, Phrase, Wobble
from song.parts import Part


def test_a_pitched_part_shows_onset_classes_and_height_over_the_time_it_sounds() -> None:
    phrase = Phrase(1, (Note(48, 41, 96, 100), Note(48, 48, 48, 100)))
    frames = part_content(Part.CHORDS, phrase, 5, 0).astype(float)
    assert frames[:, 0].nonzero()[0].tolist() == [2]
    assert frames[:, 1].nonzero()[0].tolist() == [2, 3, 4, 5]
    assert frames[:, 1 + 7].nonzero()[0].tolist() == [2, 3]
    assert frames[2, -2:] == pytest.approx([(41 - 60) / 24, (48 - 60) / 24], abs=1e-3)
    assert frames[5, -1] == pytest.approx((41 - 60) / 24, abs=1e-3)
    assert not frames[6:].any()


def test_a_hit_a_little_early_lies_on_the_sixteenth_it_means() -> None:
    frames = part_content(Part.DRUMS, Phrase(1, (Note(92, 38, 24, 100),)), 0, 0)
    assert frames[:, 1].nonzero()[0].tolist() == [4]


def test_a_wobble_shows_its_speed_where_it_lasts() -> None:
    phrase = Phrase(1, (Note(0, 41, 384, 100),), (Wobble(96, 96, "1/8", 0.8),))
    speed = part_content(Part.BASS, phrase, 5, 0)[:, -1]
    assert speed.nonzero()[0].tolist() == [4, 5, 6, 7]
    assert speed[4] == 1.0
