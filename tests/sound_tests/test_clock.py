"""Ticks as frames: exact under ramps, and the way back."""

import numpy as np
import pytest
from hypothesis import given, settings

from song.sections import Constraints, Section, SectionKind, Song
from song.time import bars_to_ticks, ramp, seconds
from sound.clock import Clock
from sound.rates import SAMPLE_RATE
from tests.song_tests.song_strategies import songs

RAMP = Song(
    sections=(
        Section(SectionKind.BUILD, 4, Constraints(tempo_bpm=(120.0, 150.0))),
        Section(SectionKind.DROP, 2, Constraints(tempo_bpm=(150.0, 150.0))),
    )
)


def test_a_steady_tempo_has_ticks_of_one_length() -> None:
    clock = Clock(Song(sections=(Section(SectionKind.DROP, 8),)))
    assert clock.frame(bars_to_ticks(8)) == round(8 * 4 * 60 / 140 * SAMPLE_RATE)
    assert clock.steady_tick_frames(0, 384) == pytest.approx(60 / 140 / 96 * SAMPLE_RATE)


def test_a_ramp_lasts_as_long_as_its_quarters() -> None:
    by_hand = sum(60 / bpm for _, bpm in ramp(120.0, 150.0, 4))
    clock = Clock(RAMP)
    assert clock.seconds(bars_to_ticks(4)) == pytest.approx(by_hand, abs=1e-12)
    assert clock.steady_tick_frames(0, 384) is None
    assert clock.steady_tick_frames(bars_to_ticks(4), bars_to_ticks(6)) == pytest.approx(60 / 150 / 96 * SAMPLE_RATE)


@given(songs)
@settings(max_examples=30)
def test_frames_lead_back_to_their_ticks_and_seconds_are_those_of_the_song(song: Song) -> None:
    clock = Clock(song)
    ticks = np.linspace(0, song.length_ticks + 500, 40).round()
    frames = np.array([clock.frame(float(tick)) for tick in ticks], np.float64)
    assert (np.diff(frames) >= 0).all()
    # A frame is a third of a tick at the fastest tempo.
    assert np.abs(clock.ticks_at(frames) - ticks).max() < 0.2
    start = 0.0
    for section, bar in zip(song.sections, song.start_bars(), strict=True):
        assert clock.seconds(bars_to_ticks(bar)) == pytest.approx(start)
        start += seconds(ramp(*section.constraints.tempo_bpm, section.bars), section.length_ticks)
