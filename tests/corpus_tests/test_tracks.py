"""Tracks of a source: what is known of one where its source tells nothing, and that none changes another."""

import pytest

from corpus.readers.midi_files import read_midi
from corpus.tracks import NoteWobble, RawTrack, Recording
from tests.corpus_tests.library_music import midi
from tests.corpus_tests.raw_tracks import TUNE


def test_a_track_of_which_nothing_more_is_said_is_on_its_ticks_and_does_not_move():
    track = RawTrack("lead", None, False, TUNE)
    assert (track.wobble, track.offsets, track.curves) == (None, (), {})
    recording = Recording((track,), 140.0)
    assert (recording.markers, recording.partly) == ((), "")
    assert NoteWobble(0, 96, "1/8", 0.5, "sine").phase == 0.0


def test_tracks_do_not_share_their_curves():
    one, other = (RawTrack(name, None, False, TUNE) for name in ("one", "other"))
    one.curves[74] = ((0, 127),)
    assert other.curves == {}


def test_a_track_is_not_changed_in_place():
    with pytest.raises(AttributeError):
        RawTrack("lead", None, False, TUNE).program = 81


def test_one_file_read_twice_gives_equal_recordings_and_another_file_others():
    assert read_midi(midi(seed=1)) == read_midi(midi(seed=1))
    assert read_midi(midi(seed=1)) != read_midi(midi(seed=2))
    assert read_midi(midi(seed=1, name="bass")).tracks[0].name == "bass"
