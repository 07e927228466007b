"""Sections and bars in frames."""

from song.edits.constraints import set_tempo
from song.time import TICKS_PER_BAR
from sound.clock import Clock
from sound.rates import SAMPLE_RATE
from sound.staging.timeline import Timeline, timeline_of
from tests.sound_tests.played_songs import BUILD, DROP, played_song


def test_sections_follow_each_other_without_a_gap() -> None:
    song = played_song()
    timeline = timeline_of(song)
    build, drop = timeline.places
    assert (build.start_frame, build.end_frame) == (0, drop.start_frame)
    assert timeline.frames == drop.end_frame == Clock(song).frame(3 * TICKS_PER_BAR)
    assert drop.bar_starts == (0, round(8 * 60 / 140 * SAMPLE_RATE) - drop.start_frame)
    assert [timeline.at(frame) for frame in (0, build.frames - 1, build.frames, 10**9)] == [BUILD, BUILD, DROP, DROP]
    assert timeline.index_of(drop.id) == DROP
    assert timeline.index_of(99) is None


def test_a_frame_is_the_tick_that_is_heard_in_ramps_too() -> None:
    place = timeline_of(set_tempo(played_song(), DROP, 100, 180)).places[DROP]
    assert place.bar_starts[1] > place.frames / 2
    assert place.tick(0) == 0
    assert place.tick(place.bar_starts[1]) == TICKS_PER_BAR
    assert place.tick(place.bar_starts[1] // 2) == TICKS_PER_BAR // 2
    assert place.tick(10**9) == 2 * TICKS_PER_BAR - 1
    assert Timeline().frames == 0
