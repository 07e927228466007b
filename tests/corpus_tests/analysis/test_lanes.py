"""Tracks that share a part, and those that do not fit."""

import pytest

from corpus.analysis.lanes import MAX_LANES, has_room, lanes_of
from song.notes import Note
from song.parts import Part
from tests.corpus_tests.raw_tracks import TUNE, line, stacks


@pytest.mark.parametrize(
    ("part", "more", "fits"),
    [
        (Part.DRUMS, line(42, 42), True),
        (Part.DRUMS, line(36, 36), False),
        (Part.BASS, line(36, start=9999), True),
        (Part.BASS, line(43, 43), False),
        (Part.LEAD, line(80, start=9999), True),
        (Part.LEAD, line(80, 80), False),
        (Part.CHORDS, line(64, 67), True),
        (Part.CHORDS, line(36, start=48), False),
        (Part.CHORDS, stacks((60, 62, 64, 65, 67)), False),
    ],
)
def test_room_beside_two_notes(part, more, fits):
    assert has_room(part, line(36, 36), more) == fits


def test_each_track_joins_the_first_lane_that_has_room():
    first, second, third = line(72, 74), line(76, 77), line(79, start=384)
    lanes = lanes_of(Part.LEAD, [(0, first), (1, second), (2, third), (3, ())])
    assert [lane.tracks for lane in lanes] == [[0, 2], [1]]
    assert lanes[0].notes == [*first, *third]


def test_no_note_is_lost_however_many_tracks_there_are():
    lanes = lanes_of(Part.LEAD, [(place, TUNE) for place in range(40)])
    assert len(lanes) == MAX_LANES
    assert sum(len(lane.notes) for lane in lanes) == 40 * len(TUNE)
    assert all(lane.notes == sorted(lane.notes) for lane in lanes)


def test_a_long_note_before_many_short_ones_still_sounds():
    held = (Note(0, 60, 4000, 90), *line(*range(61, 70)))
    assert not has_room(Part.LEAD, sorted(held), [Note(1000, 80, 10, 90)])
