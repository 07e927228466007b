"""Wobbles found again in the controller values that they were written as."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.analysis.wobble_exact import exact_wobbles, heard_changes
from song.export.wobble_cc import wobble_events
from song.notes import RATES, SHAPES, Note, Wobble, cut_overlaps
from song.parts import Part
from tests.song_tests.song_strategies import note_tuples, wobble_tuples

BARS = 3


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("rate", RATES)
def test_a_wobble_over_a_long_note_is_found_exactly(rate: str, shape: str) -> None:
    notes = (Note(0, 41, 1536, 100),)
    wobble = Wobble(96, 1200, rate, 0.85, shape)
    assert exact_wobbles(wobble_events((wobble,), notes), notes) == (wobble,)


def test_each_note_has_a_wobble_of_its_own_as_composed_ones_have() -> None:
    notes = (Note(0, 41, 96, 100), Note(192, 43, 180, 90), Note(400, 41, 368, 90))
    wobbles = tuple(Wobble(note.onset_tick, note.duration_ticks, "1/8", 0.8) for note in notes)
    assert exact_wobbles(wobble_events((Wobble(0, 768, "1/8", 0.8),), notes), notes) == wobbles
    assert exact_wobbles(wobble_events(wobbles, notes), notes) == wobbles


def test_a_note_too_short_to_tell_has_the_rate_of_those_around() -> None:
    notes = (Note(0, 41, 384, 100), Note(384, 43, 12, 90), Note(396, 41, 384, 90))
    (_, short, _) = exact_wobbles(wobble_events((Wobble(0, 780, "1/4.", 0.8),), notes), notes) or ()
    assert (short.rate, short.shape) == ("1/4.", "triangle")


def test_two_wobbles_within_one_note_are_two() -> None:
    notes = (Note(0, 41, 768, 100),)
    wobbles = (Wobble(0, 384, "1/8", 0.8), Wobble(384, 384, "1/4T", 0.8, "saw"))
    assert exact_wobbles(wobble_events(wobbles, notes), notes) == wobbles


def test_a_note_without_a_wobble_stays_without() -> None:
    notes = (Note(0, 41, 96, 100), Note(96, 41, 96, 100), Note(192, 41, 96, 100))
    wobbles = (Wobble(0, 96, "1/16", 1.0), Wobble(192, 96, "1/16", 1.0))
    assert exact_wobbles(wobble_events(wobbles, notes), notes) == wobbles
    assert exact_wobbles((), notes) == ()


@settings(max_examples=300)
@given(wobbles=wobble_tuples(BARS), notes=note_tuples(Part.BASS, BARS))
def test_what_is_found_is_written_as_the_same_values(wobbles: tuple[Wobble, ...], notes: tuple[Note, ...]) -> None:
    sounding = cut_overlaps(notes, BARS * 384)
    events = wobble_events(wobbles, sounding)
    found = exact_wobbles(events, sounding)
    assert found is not None
    assert heard_changes(wobble_events(found, sounding)) == heard_changes(events)


@given(st.lists(st.tuples(st.integers(0, 1000), st.sampled_from([1, 74, 7]), st.integers(0, 127))))
def test_values_of_others_are_none_of_ours(changes: list[tuple[int, int, int]]) -> None:
    notes = (Note(0, 41, 300, 100), Note(400, 41, 500, 100))
    found = exact_wobbles(sorted(changes), notes)
    if found is not None:
        assert heard_changes(wobble_events(found, notes)) == heard_changes(
            one for one in sorted(changes) if one[1] != 7
        )
