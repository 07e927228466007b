"""Arrangements of other programs as recordings of unknown parts."""

from corpus.timelines import Timeline, recording
from corpus.tracks import RawTrack
from song.notes import Note

TRACK = RawTrack("Growl", None, False, (Note(0, 40, 96, 100), Note(700, 41, 68, 100)))


def test_the_tempo_that_lasts_longest_is_the_recording_s() -> None:
    silent = RawTrack("Empty", None, False, ())
    timeline = Timeline("One", (silent, TRACK), ((0, 140.0), (96, 128.004), (700, 90.0)), ((0, "A"), (384, "B")))
    found = recording(timeline)
    assert (found.tracks, found.tempo_bpm, found.markers) == ((TRACK,), 128.0, ((0, "A"), (1, "B")))


def test_the_tempo_at_a_tick_is_that_of_the_last_change() -> None:
    timeline = Timeline("One", (TRACK,), ((0, 140.0), (96, 128.0)))
    assert [timeline.tempo_at(tick) for tick in (0, 95, 96, 999)] == [140.0, 140.0, 128.0, 128.0]
    assert Timeline("None", (), ()).tempo_at(5) == 120.0
