"""Which track is which part, rule by rule, and what becomes of several tracks of one part."""

import pytest

from corpus.analysis.drum_names import drum_of_name
from corpus.analysis.kit import kit
from corpus.analysis.roles import role_of, roles_of
from corpus.analysis.voices import voices_of
from corpus.drum_map import CANONICAL_DRUMS, DRUM_LANES, canonical_drum
from corpus.pieces import Grace
from corpus.tracks import RawTrack
from song.notes import Note
from song.parts import PART_SPECS, Part


def line(*pitches, length=96, start=0):
    return tuple(Note(start + index * length, pitch, length, 90) for index, pitch in enumerate(pitches))


def stacks(*chords, length=384):
    return tuple(Note(index * length, pitch, length, 90) for index, chord in enumerate(chords) for pitch in chord)


def track(notes, name="", program=None, is_drum=False):
    return RawTrack(name, program, is_drum, tuple(sorted(notes)))


TUNE = line(72, 74, 75, 79, 77, 75, 74, 72)
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


def test_every_lane_is_a_drum_of_its_own_and_every_synonym_leads_to_one():
    assert len(set(DRUM_LANES.values())) == len(DRUM_LANES)
    heard = {canonical_drum(pitch) for pitch in range(128)} - {None}
    assert heard == set(CANONICAL_DRUMS)
    # The Groove set's kit: hat edge, open hat edge, tom rims, crash 2.
    assert [canonical_drum(pitch) for pitch in (22, 26, 50, 58, 43, 57, 59)] == [42, 46, 50, 41, 41, 49, 51]


@pytest.mark.parametrize(
    ("name", "lane"),
    [
        ("38snare", "snare"),
        ("35bass", "kick"),
        ("46hat_open.flac", "open"),
        ("44hat_half", "pedal"),
        ("hihat_closed01", "hat"),
        ("hihat_opened02", "open"),
        ("TR606_Hat_C", "hat"),
        ("606ohatacc", "open"),
        ("Snr_snap", "snare"),
        ("Handclap", "clap"),
        ("bassdrum_acoustic01", "kick"),
        ("linn_kik", "kick"),
        ("Rimshot", "rim"),
        ("tweety_cowbell_2", "cowbell"),
        ("Ride3", "ride"),
        ("Low Tom", "floor-tom"),
        ("tomorrow", None),
        ("what a day", None),
        ("stride piano", None),
        ("TripleOscillator", None),
    ],
)
def test_a_drum_is_known_by_its_name(name, lane):
    assert drum_of_name(name) == (DRUM_LANES[lane] if lane else None)
