"""Features of pitch of lines, chords and drums that are counted by hand."""

import math

import pytest

from model.evaluation.telling.pitch import pitch
from song.notes import Note, Phrase
from tests.model_tests.told_drops import BEAT, line, told


def test_a_line_is_read_by_its_intervals_and_its_degrees() -> None:
    drop = told(tonic_class=4, bass=line(1, (0, 40), (24, 40), (48, 42), (72, 40), (96, 53)))
    found = pitch(drop)
    by_hand = {
        "line repeats": 1 / 4, "line moves by 2 semitones": 2 / 4, "line moves by a step": 2 / 4,
        "line moves by 12 semitones or more": 1 / 4, "mean interval": (0 + 2 + 2 + 13) / 4, "moves that go up": 2 / 3,
        "moves that turn back": 1, "moves back to the pitch before": 1 / 2, "notes 0 semitones above the tonic": 3 / 5,
        "notes 1 semitones above the tonic": 1 / 5, "notes outside the scale": 1 / 5, "range": 13,
        "commonest pitch": 3 / 5,
    }  # fmt: skip
    for name, value in by_hand.items():
        assert found[f"bass: {name}"] == pytest.approx(value), name
    assert "bass: notes at once" not in found


def test_chords_are_read_by_their_size_and_kind() -> None:
    triad, cluster = (60, 63, 67), (60, 62, 67)
    notes = [(at * BEAT, one) for at, chord in enumerate((triad, triad, cluster, (60,))) for one in chord]
    found = pitch(told(chords=line(1, *notes)))
    by_hand = {
        "onsets of 1 notes": 1 / 4, "onsets of 3 notes": 3 / 4, "notes at once": 10 / 4,
        "chords with notes 1-2 semitones apart": 1 / 3, "span of a chord": 7, "chords that are triads": 2 / 3,
        "chords that are those before": 1 / 3, "different chords": 3 / 4,
        "notes kept from chord to chord": (1 + 2 / 4 + 1 / 3) / 3, "chords of the size of that before": 2 / 3,
    }  # fmt: skip
    for name, value in by_hand.items():
        assert found[f"chords: {name}"] == pytest.approx(value), name


def test_a_line_is_heard_against_the_chord_that_sounds() -> None:
    chords = Phrase(1, (Note(0, 60, 2 * BEAT, 90), Note(0, 64, 2 * BEAT, 90)))
    found = pitch(told(chords=chords, bass=line(1, (0, 36), (BEAT, 38), (3 * BEAT, 36)), lead=line(1, (3 * BEAT, 72))))
    assert found["bass: notes that the chord has"] == 1 / 2
    assert found["lead: notes that the chord has"] is None
    assert found["lead: notes that the bass has"] == 1


def test_drums_are_read_by_what_is_struck() -> None:
    found = pitch(told(drums=line(1, (0, 36), (0, 42), (BEAT, 42), (2 * BEAT, 42), (3 * BEAT, 38))))
    by_hand = {
        "notes that are kick": 1 / 5, "notes that are hat": 3 / 5, "kinds of drums": 3, "hits at once": 5 / 4,
        "onsets that are hat alone": 2 / 4, "hits that are those before": 1 / 3, "different hits": 3 / 4,
        "entropy of drums": -(0.4 * math.log(0.2) + 0.6 * math.log(0.6)),
    }  # fmt: skip
    for name, value in by_hand.items():
        assert found[f"drums: {name}"] == pytest.approx(value), name
