"""Parts of the tracks of an opened file, asked for or not."""

import msgspec

from corpus.analysis.assigning import assign, in_order
from corpus.tracks import Recording
from song.parts import PARTS, Part
from tests.corpus_tests.raw_tracks import TUNE, line, stacks, track


def parts(*tracks, **more):
    return [one.part for one in assign(Recording(tracks, 140.0, **more))]


def test_every_track_has_a_part_also_what_plays_no_role():
    lone = track(line(69), name="Riser")
    low = track(line(30), name="Boom")
    effect = track(stacks((60, 64, 67), (60, 64, 67)), program=122)
    assert parts(track(TUNE, program=81), lone, low, effect) == [Part.LEAD, Part.LEAD, Part.BASS, Part.CHORDS]


def test_percussive_programs_are_drums():
    (one,) = assign(Recording((track(line(60, 72), program=116),), 140.0))
    assert one.part is Part.DRUMS
    assert {note.pitch for note in one.track.notes} == {41}
    assert one.track.told == ("written as drum 41",)


def test_what_is_asked_is_done_and_its_pitches_stay():
    music = Recording((track(TUNE, program=81), track(line(*[60] * 4), name="Kick")), 140.0)
    asked = assign(music, {0: Part.BASS, 1: Part.LEAD})
    assert [one.part for one in asked] == [Part.BASS, Part.LEAD]
    assert {note.pitch for note in asked[1].track.notes} == {60}
    assert assign(music, {0: None})[0].part is None


def test_an_export_of_ours_says_which_part_is_which():
    # By what they play they would all be something else.
    tracks = [
        msgspec.structs.replace(track(TUNE, name=name), channel=channel)
        for name, channel in (("Drums", 9), ("Bass", 0), ("Chords", 1), ("Lead", 2))
    ]
    assert parts(*tracks, is_ours=True) == list(PARTS)


def test_the_best_of_a_part_comes_first():
    short, long = track(TUNE[:3], program=81), track(line(*[72, 74, 75, 77] * 8), program=81)
    assert in_order(assign(Recording((short, long), 140.0))) == {Part.LEAD: [1, 0]}
    quiet, busy = track(line(33, 34, length=384), name="Sub"), track(line(*[45, 46, 47, 48] * 2), name="Bass")
    assert in_order(assign(Recording((quiet, busy), 140.0)))[Part.BASS][0] == 1
