"""Features of length of notes and rests that are counted by hand."""

import pytest

from model.evaluation.telling.lengths import lengths
from song.notes import Note, Phrase
from tests.model_tests.told_drops import BAR, BEAT, told


def test_notes_and_the_rests_between_them_are_counted() -> None:
    notes = ((0, 24), (24, 24), (BEAT, 96), (3 * BEAT, 48), (BAR, 192))
    found = lengths(told(bass=Phrase(2, tuple(Note(tick, 40, held, 100) for tick, held in notes))))
    by_hand = {
        "notes of 24 ticks and more": 2 / 5, "notes of 96 ticks and more": 1 / 5, "notes of 128 ticks and more": 0,
        "different lengths": 4 / 5, "notes of the commonest length": 2 / 5, "notes as long as the one before": 1 / 4,
        "onsets held to the next": 1 / 4, "rests of a sixteenth or more": 3 / 4, "rests of a beat or more": 1 / 4,
        "share held of the time to the next": (1 + 24 / 72 + 96 / 192 + 48 / 96) / 4, "longest rest, bars": 1 / 4,
        "sounding share of the time": 384 / 768, "notes held over a bar line": 0,
        "lengths that no model would choose": 0,
    }  # fmt: skip
    for name, value in by_hand.items():
        assert found[f"bass: {name}"] == pytest.approx(value), name


def test_a_note_is_held_over_a_bar_line_only_if_it_sounds_after_it() -> None:
    to_the_line, over = (Phrase(2, (Note(3 * BEAT, 40, held, 100),)) for held in (BEAT, BEAT + 24))
    assert lengths(told(bass=to_the_line))["bass: notes held over a bar line"] == 0
    assert lengths(told(bass=over))["bass: notes held over a bar line"] == 1


def test_how_long_a_drum_is_held_means_nothing() -> None:
    assert lengths(told(drums=Phrase(1, (Note(0, 36, 24, 100),)))) == {}
