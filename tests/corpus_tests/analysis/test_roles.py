"""The part that each track plays, rule by rule."""

import pytest

from corpus.analysis.roles import role_of, roles_of
from song.notes import Note
from song.parts import Part
from tests.corpus_tests.raw_tracks import TUNE, line, stacks, track

TRIADS = stacks((60, 63, 67), (58, 62, 65), (56, 60, 63), (55, 58, 62))


@pytest.mark.parametrize(
    ("given", "part"),
    [
        (track(line(36, 38), is_drum=True), Part.DRUMS),
        (track(line(36, 38, 42), name="Drum Kit"), Part.DRUMS),
        (track(line(60, 20, 90), name="drum synth"), Part.LEAD),
        (track(TUNE, program=122), None),
        (track(line(43, 48), program=47), None),
        (track(line(48, 50, 55), program=38), Part.BASS),
        (track(line(67, 70, 72), program=38), Part.LEAD),
        (track(line(57, 58, 60), name="Wobble"), Part.BASS),
        (track(line(57, 58, 60), name="bassoon"), Part.LEAD),
        (track(line(33, 40, 45), program=81), Part.BASS),
        (track(line(36, 40, 50, 41, 36), program=81), Part.BASS),
        (track(TRIADS, program=0), Part.CHORDS),
        (track(TRIADS, program=81), Part.CHORDS),
        (track(stacks((72, 75), (74, 77), (75, 79)), program=81), Part.LEAD),
        (track(stacks((72, 75), (74, 77), (75, 79)), program=0), Part.CHORDS),
        (track(line(67, 65, 63, length=384), program=90), Part.CHORDS),
        (track(line(67, 65, 63, length=48), program=90), Part.LEAD),
        (track(TUNE, program=30), Part.LEAD),
        (track(line(69, 69, 69), name="siren"), None),
        (track(line(40)), None),
        (track(stacks((60, 72), (62, 74), (63, 75), (67, 79)), program=0), Part.LEAD),
        (track(stacks((43, 46, 50), (41, 45, 48)), program=36), Part.CHORDS),
        (track(line(46, 55, 51), name="squarebas"), Part.BASS),
        (track(line(64, 60, 62, length=768)), Part.CHORDS),
        (track([Note(at * 48, 60 + at % 5 * 4, 192, 90) for at in range(20)]), Part.CHORDS),
        (track([Note(at * 48, 60 + at % 5 * 4, 192, 90) for at in range(20)], name="pluck"), Part.LEAD),
        (track(()), None),
    ],
)
def test_each_rule(given, part):
    assert role_of(given) is part


def test_the_lowest_single_line_is_the_bass_where_no_track_is_one():
    low, high = track(line(53, 55, 53, 58)), track(TUNE)
    assert roles_of([high, low]) == [Part.LEAD, Part.BASS]
    assert roles_of([high, track(line(65, 67, 65, 70))]) == [Part.LEAD, Part.LEAD]
    assert roles_of([high, low, track(line(33, 40))]) == [Part.LEAD, Part.LEAD, Part.BASS]
