"""Drum tracks by name and by what they play, and tunes that only look like them."""

import pytest

from corpus.analysis.drum_tracks import as_drums, kit_of_singles, sounds_like_kit
from corpus.analysis.voices import voices_of
from song.notes import Note
from song.parts import Part
from tests.corpus_tests.raw_tracks import TUNE, line, stacks, track

C5 = line(*[60] * 8)
BEAT = tuple(
    sorted(
        Note(bar * 384 + step * 48, pitch, 24, 90)
        for bar in range(4)
        for step in range(8)
        for pitch in ((36, 42) if step % 4 == 0 else (38, 42) if step % 4 == 2 else (42,))
    )
)


@pytest.mark.parametrize(
    ("name", "drum"),
    [
        ("Kick", 36),
        ("Snare 2", 40),
        ("Clap", 39),
        ("Closed Hat", 42),
        ("Open Hat", 46),
        ("808 Crash", 49),
        ("Sub Kick", 36),
    ],
)
def test_a_track_that_is_called_by_a_drum_is_that_drum_whatever_its_pitch(name, drum):
    found = as_drums(track(C5, name=name))
    assert {note.pitch for note in found.notes} == {drum}
    assert "from 60" in found.told[0]
    assert {note.pitch for note in as_drums(track(line(*[drum] * 4), name=name)).notes} == {drum}


def test_drums_of_the_kind_that_the_name_says_keep_their_pitches():
    found = as_drums(track(line(42, 46, 42, 44), name="Hats"))
    assert [note.pitch for note in found.notes] == [42, 46, 42, 44]
    assert found.told == ()


@pytest.mark.parametrize(
    "name", ["Snare Lead", "Kick Bass", "Pedal Steel", "Clap Pad", "ch11", "Channel 2", "Lead", ""]
)
def test_a_tune_is_no_drum(name):
    assert as_drums(track(TUNE, name=name)) is None


def test_a_tune_under_a_drums_name_is_still_a_tune():
    assert as_drums(track(line(48, 50, 51, 53, 55, 56, 58), name="Kick")) is None


def test_a_clip_without_a_name_that_goes_like_a_kit_is_one():
    assert sounds_like_kit(BEAT)
    assert as_drums(track(BEAT)).is_drum
    assert as_drums(track(BEAT, name="Bass")) is None
    assert as_drums(track(BEAT, program=33)) is None


@pytest.mark.parametrize(
    "notes",
    [
        line(*[36] * 8),
        line(36, 36, 39, 41, 43, 36, 34, 36),
        line(38, 38, 42, 45, 38, 47, 42, 38),
        line(36, 38, 40, 41, 43, 45, 47, 48),
        stacks((48, 52, 55), (50, 53, 57)),
        (),
    ],
    ids=["one pitch", "minor line", "major line", "scale", "chords", "nothing"],
)
def test_bass_lines_and_chords_on_those_pitches_are_none(notes):
    assert not sounds_like_kit(notes)


def test_tracks_of_one_drum_each_without_names_make_a_kit_together():
    parts = [track(tuple(note for note in BEAT if note.pitch == pitch)) for pitch in (36, 38, 42)]
    assert kit_of_singles([track(TUNE, program=81), *parts]) == [1, 2, 3]
    assert kit_of_singles([parts[0], track(line(*[60] * 8))]) == []


def test_training_hears_named_drums_as_drums():
    (found, *_) = voices_of(
        [track(C5, name="Kick"), track(line(*[60] * 8, start=48), name="Snare"), track(TUNE, program=81)]
    )
    assert {note.pitch for note in found.parts[Part.DRUMS]} == {36, 38}
    assert Part.BASS not in found.parts
