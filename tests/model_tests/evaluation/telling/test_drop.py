"""The small counts that all features are made of."""

from model.evaluation.telling.drop import bar_counts, chords_of, mean, named, onset_ticks
from song.parts import Part
from tests.model_tests.told_drops import BAR, line, told


def test_onsets_that_fall_together_count_once() -> None:
    phrase = line(2, (0, 60), (0, 64), (24, 60), (BAR, 60))
    assert onset_ticks(phrase) == [0, 24, BAR]
    assert bar_counts(phrase) == [2, 1]
    assert [[note.pitch for note in chord] for chord in chords_of(phrase).values()] == [[60, 64], [60], [60]]


def test_parts_come_in_their_order_and_names_begin_with_them() -> None:
    drop = told(lead=line(1, (0, 60)), drums=line(1, (0, 36)))
    assert [part for part, _ in drop.playing()] == [Part.DRUMS, Part.LEAD]
    assert named(Part.BASS, {"range": 3.0}) == {"bass: range": 3.0}
    assert (mean([1.0, 2.0]), mean([])) == (1.5, None)
