"""One drummer's part from hits: drums that are known, and one stroke a place."""

from corpus.analysis.kit import kit
from corpus.pieces import Grace
from song.notes import Note
from song.parts import PART_SPECS, Part


def test_all_drum_tracks_make_one_kit_of_known_drums():
    hits = [Note(0, 35, 5, 80), Note(2, 42, 5, 60), Note(96, 22, 5, 50), Note(96, 22, 5, 70), Note(200, 5, 5, 90)]
    drums = kit(hits)
    assert drums.notes == (Note(0, 36, 24, 80), Note(0, 42, 24, 60), Note(96, 42, 24, 70))
    assert drums.micro == (0, 20, 0)
    assert drums.graces == (Grace(96, 42, 50, 0),)


def test_a_kit_keeps_kick_and_snare_where_too_many_drums_fall_together():
    drums = kit(
        [Note(0, pitch, 24, 100) for pitch in (49, 51, 46, 54, 56)] + [Note(0, 36, 24, 40), Note(0, 38, 24, 30)]
    )
    assert len(drums.notes) == PART_SPECS[Part.DRUMS].polyphony
    assert {36, 38} <= {note.pitch for note in drums.notes}
    assert [grace.velocity for grace in drums.graces] == [100] * 3


def test_of_two_strokes_in_one_place_the_louder_is_the_note_and_the_other_is_kept():
    drums = kit([Note(92, 38, 10, 40), Note(96, 38, 10, 110), Note(0, 36, 10, 90)], [3, -4, 0])
    assert [(note.onset_tick, note.velocity) for note in drums.notes] == [(0, 90), (96, 110)]
    assert drums.micro == (0, -4)
    assert [(grace.onset_tick, grace.velocity, grace.micro) for grace in drums.graces] == [(96, 40, -37)]
