"""Notes moved to the grid where that is asked for."""

from corpus.analysis.quantizing import quantized
from corpus.tracks import Recording
from song.notes import Note
from tests.corpus_tests.raw_tracks import line, track


def test_onsets_move_lengths_stay_and_it_is_told():
    late = tuple(Note(note.onset_tick + 3 * (index % 2), 60, 30, 90) for index, note in enumerate(line(*[60] * 8)))
    music, told = quantized(Recording((track(late),), 140.0))
    assert [note.onset_tick for note in music.tracks[0].notes] == [note.onset_tick for note in line(*[60] * 8)]
    assert {note.duration_ticks for note in music.tracks[0].notes} == {30}
    assert told == ("quantized: 4 of 8 notes moved to the grid",)
