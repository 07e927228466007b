"""Look-back, counts and repeat labels of a part, against what a listener would say."""

import numpy as np

from model.language.conditions import (
    LAGS,
    NEW,
    NO_POSITION,
    SAME_LABELS,
    SAME_RHYTHM,
    SIMILAR,
    bar_onsets,
    look_back,
    onsets_used,
    repeat_labels,
)
from model.language.events import NEXT_BAR, SAME_ONSET, encode_phrase
from song.notes import Note, Phrase
from song.parts import Part


def bass(*bars: str) -> np.ndarray:
    """Events of bars written in sixteenths, a letter a pitch."""
    notes = [
        Note(bar * 384 + step * 24, 40 + ord(sign) - ord("a"), 24, 100)
        for bar, row in enumerate(bars)
        for step, sign in enumerate(row)
        if sign != "."
    ]
    return encode_phrase(Part.BASS, Phrase(len(bars), tuple(notes)), 0)


def test_the_aligned_event_is_the_next_one_after_the_place_reached_a_lag_ago() -> None:
    events = bass("a...b...........", "a.......c.......")
    aligned, position, match = look_back(events)
    one_bar = LAGS.index(1)
    # events: a b | a c |
    assert aligned[:, one_bar].tolist() == [-1, -1, -1, 0, 1, 2]
    assert position[3:, one_bar].tolist() == [0, 24, NEXT_BAR]
    assert position[:3, one_bar].tolist() == [NO_POSITION] * 3
    # The first a came as foretold, c did not.
    assert match[:, one_bar].tolist() == [0, 0, 0, 0, 1, 0]


def test_a_second_note_of_a_chord_is_foretold_as_the_same_onset() -> None:
    chord = Phrase(2, tuple(Note(bar * 384, pitch, 96, 90) for bar in (0, 1) for pitch in (60, 64)))
    _, position, match = look_back(encode_phrase(Part.CHORDS, chord, 0))
    assert position[3:, 0].tolist() == [0, SAME_ONSET, NEXT_BAR]
    assert match[3:, 0].tolist() == [0, 1, 2]


def test_onsets_are_counted_by_bar() -> None:
    events = bass("aa..", "....", "a.b.c")
    assert bar_onsets(events, 3).tolist() == [2, 0, 3]
    assert onsets_used(events).tolist() == [0, 1, 2, 0, 0, 1, 2, 3]


def test_labels_name_what_a_bar_repeats() -> None:
    a, b = "a...b...c...d...", "a..b..c..d..a..b"
    labels = repeat_labels(bass(a, b, a, b, a, a, "b...c...d...e...", "a...b...c...e...", "f"), 9)
    same = SAME_LABELS
    assert labels.tolist() == [NEW, NEW, same[2], same[2], same[2], same[1], SAME_RHYTHM, SAME_RHYTHM, NEW]
    assert repeat_labels(bass("abcde", "abcd"), 2)[1] == SIMILAR
