"""A song laid out once: clips rebased to their sections, controllers that are set on their first tick."""

import msgspec
import pytest

from song.export.arrangement import REST, Arrangement
from song.export.wobble_cc import FILTER_CONTROLLER
from song.notes import Note, Phrase, Wobble
from song.parts import Part
from song.sections import SectionKind, Song
from song.templates import song_from_form
from tests.song_tests.export.made_songs import made_songs
from tests.song_tests.song_strategies import filled

SONGS = made_songs()


@pytest.mark.parametrize("name", SONGS)
def test_clips_together_are_the_tracks(name: str) -> None:
    laid_out = Arrangement(SONGS[name])
    for track, clips in zip(laid_out.tracks, laid_out.clips, strict=True):
        notes = [
            msgspec.structs.replace(note, onset_tick=note.onset_tick + clip.stretch.start_tick)
            for clip in clips
            for note in clip.notes
        ]
        assert tuple(notes) == track.notes
        assert all(note.onset_tick >= 0 and note.end_tick <= clip.stretch.section.length_ticks
                   for clip in clips for note in clip.notes)  # fmt: skip


def test_a_wobble_that_is_under_way_is_set_on_a_clip_s_first_tick() -> None:
    song = song_from_form([(SectionKind.DROP, 1), (SectionKind.DROP, 1)])
    for index in range(2):
        phrase = Phrase(1, (Note(0, 41, 384, 100),), (Wobble(0, 384, "1/1", 0.8, "saw"),))
        song = filled(song, index, Part.BASS, phrase)
    laid_out = Arrangement(song)
    bass = laid_out.clips[1]
    for clip in bass:
        assert {controller for tick, controller, _ in clip.controllers if tick == 0} == set(REST)
    written = [change for change in laid_out.tracks[1].controllers if change[1] == FILTER_CONTROLLER]
    assert len(written) == sum(1 for clip in bass for _, which, _ in clip.controllers if which == FILTER_CONTROLLER)


def test_the_tempo_at_a_tick_is_that_of_the_last_change() -> None:
    laid_out = Arrangement(SONGS["300 BPM"])
    assert laid_out.tempo_at(0) == laid_out.tempo_at(767) == 300
    assert laid_out.tempo_at(768 * 2 - 1) == 40
    assert Arrangement(Song()).tempo_at(0) == 120
