"""Small pictures of a phrase: how busy it is over its length."""

from song.notes import Note, Phrase
from song.parts import Part
from tests.tui_tests.example_songs import note
from tui.widgets.pictures import onset_counts, onset_levels


def test_a_picture_shows_where_it_is_busy() -> None:
    phrase = Phrase(2, tuple(note(step, 36) for step in range(16)))
    first, second, third, fourth = onset_levels(phrase, Part.DRUMS, 4, 8)
    assert first == second > 4
    assert third == fourth == 0
    dense = Phrase(1, tuple(note(step, 36) for step in range(16)) + tuple(Note(t, 36, 1, 9) for t in range(1, 90)))
    assert max(onset_levels(dense, Part.DRUMS, 4, 8)) == 8
    assert onset_levels(Phrase(2), Part.DRUMS, 4, 8) == [0, 0, 0, 0]


def test_a_single_onset_is_seen_in_the_longest_phrase() -> None:
    assert onset_levels(Phrase(128, (note(0, 36),)), Part.DRUMS, 6, 8) == [1, 0, 0, 0, 0, 0]


def test_notes_that_start_together_count_once() -> None:
    chord = Phrase(1, (note(0, 60), note(0, 64), note(0, 67)))
    assert onset_levels(chord, Part.CHORDS, 1, 8) == onset_levels(Phrase(1, (note(0, 60),)), Part.CHORDS, 1, 8)


def test_every_onset_is_counted_once_whatever_the_number_of_stretches() -> None:
    phrase = Phrase(3, (note(0, 36), note(0, 42), *(note(step, 38) for step in range(1, 48))))
    for slots in (1, 5, 7, 48, 100):
        counts = onset_counts(phrase, slots)
        assert len(counts) == slots
        assert sum(counts) == 48
    assert onset_counts(phrase, 3) == [16, 16, 16]
    assert onset_counts(Phrase(1), 4) == [0, 0, 0, 0]
