"""Several tracks of one part: the best is the part, and doubles, echoes and silences are told apart."""

from corpus.analysis.voices import voices_of
from song.notes import Note
from song.parts import Part
from tests.corpus_tests.raw_tracks import TUNE, line, stacks, track


def test_a_bass_has_one_note_at_a_time_and_a_lead_two():
    low = (*stacks((33, 45), (35, 47), length=384), Note(96, 28, 600, 90))
    high = (*stacks((72, 76, 79), (74, 77)), *line(84, 86, 88, 89, 91, length=384, start=768))
    parts = voices_of([track(low, name="bass"), track(high, name="lead")])[0].parts
    assert parts[Part.BASS] == (Note(0, 33, 96, 90), Note(96, 28, 288, 90), Note(384, 35, 384, 90))
    assert [note.pitch for note in parts[Part.LEAD]] == [76, 79, 74, 77, 84, 86, 88, 89, 91]


def test_a_doubled_track_is_dropped_and_so_is_its_echo():
    octave = tuple(Note(note.onset_tick, note.pitch + 12, note.duration_ticks, 60) for note in TUNE)
    echo = tuple(Note(note.onset_tick + 48, note.pitch, note.duration_ticks, 40) for note in TUNE)
    found = voices_of([track(TUNE, program=81), track(octave, program=80), track(echo, program=102)])
    assert len(found) == 1
    assert {note.pitch for note in found[0].parts[Part.LEAD]} == {note.pitch for note in TUNE}


def test_a_second_lead_fills_the_long_silence_of_the_first():
    first = line(*[72, 74, 75, 77] * 4)
    second = line(*[79, 77, 75, 74] * 4, start=8 * 384)
    found = voices_of([track(first, program=81), track(second, program=80)])
    assert len(found) == 1
    assert found[0].parts[Part.LEAD] == first + second


def test_a_lead_that_plays_against_another_becomes_a_voice_of_its_own():
    first = line(*[72, 74, 75, 77] * 4)
    second = line(*[84, 82, 79, 79, 77] * 4)
    sets = voices_of([track(first, program=81), track(second, program=30), track(line(36, 38), is_drum=True)])
    assert [set(voices.parts) for voices in sets] == [{Part.DRUMS, Part.LEAD}, {Part.LEAD}]
