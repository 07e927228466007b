"""A phrase becomes events and comes back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.language.events import (
    BAR,
    DURATION_TICKS,
    HOLD,
    NEXT_BAR,
    PITCH,
    PLACE,
    POSITION,
    SAME_ONSET,
    decode_events,
    encode_phrase,
    octave_fold,
)
from song.drums import LEARNED_DRUMS
from song.notes import RATES, Note, Phrase, Wobble
from song.parts import Part


@st.composite
def lead_phrases(draw: st.DrawFn) -> Phrase:
    bars = draw(st.integers(1, 4))
    onsets = draw(st.lists(st.integers(0, bars * 96 - 1), unique=True, max_size=20))
    notes = tuple(
        Note(place * 4, draw(st.integers(50, 90)), draw(st.sampled_from(DURATION_TICKS)), draw(st.integers(1, 127)))
        for place in sorted(onsets)
    )
    return Phrase(bars, notes)


@given(lead_phrases())
def test_onsets_and_pitches_survive_whatever_the_phrase(phrase: Phrase) -> None:
    events = encode_phrase(Part.LEAD, phrase, 0)
    back = decode_events(Part.LEAD, events, phrase.bars, 0, 1.0, "sine")
    assert [(n.onset_tick, n.pitch) for n in back.notes] == [(n.onset_tick, n.pitch) for n in phrase.notes]
    for note, original in zip(back.notes, phrase.notes, strict=True):
        assert abs(note.velocity - original.velocity) <= 8
        assert note.duration_ticks <= original.duration_ticks


@given(lead_phrases())
def test_events_go_forward_and_close_every_bar(phrase: Phrase) -> None:
    events = encode_phrase(Part.LEAD, phrase, 0)
    assert (events[:, POSITION] == NEXT_BAR).sum() == phrase.bars
    assert events[-1, POSITION] == NEXT_BAR
    assert (np.diff(events[:, BAR]) >= 0).all()
    for bar in range(phrase.bars):
        places = events[(events[:, BAR] == bar) & (events[:, POSITION] != NEXT_BAR)][:, PLACE]
        assert (np.diff(places) >= 0).all()


def test_notes_on_one_onset_are_one_position_and_rise_in_pitch() -> None:
    chord = Phrase(1, (Note(96, 67, 96, 90), Note(96, 60, 96, 90), Note(96, 63, 96, 90)))
    events = encode_phrase(Part.CHORDS, chord, 0)
    assert events[:, POSITION].tolist() == [24, SAME_ONSET, SAME_ONSET, NEXT_BAR]
    assert events[:3, PITCH].tolist() == [60, 63, 67]


def test_a_change_of_wobble_under_a_held_note_is_a_hold_and_comes_back() -> None:
    wobbles = (
        Wobble(0, 96, "1/4", 1.0, "saw"),
        Wobble(96, 96, "1/16T", 0.5, "saw"),
        Wobble(288, 96, "1/8.", 1.0, "saw"),
    )
    phrase = Phrase(1, (Note(0, 40, 384, 104),), wobbles)
    events = encode_phrase(Part.BASS, phrase, 0)
    assert events[:, PITCH].tolist() == [40, HOLD, HOLD, HOLD, 0]
    back = decode_events(Part.BASS, events, 1, 0, 1.0, "saw")
    assert back == phrase


def test_depth_asked_is_the_deepest_depth_written() -> None:
    phrase = Phrase(1, (Note(0, 40, 384, 104),), (Wobble(0, 384, "1/8", 1.0),))
    events = encode_phrase(Part.BASS, phrase, 0)
    assert decode_events(Part.BASS, events, 1, 0, 0.6, "sine").wobbles[0].depth == pytest.approx(0.6)


@pytest.mark.parametrize("rate", RATES)
def test_every_rate_has_a_token(rate: str) -> None:
    phrase = Phrase(2, (Note(0, 40, 384, 104),), (Wobble(0, 384, rate, 1.0),))
    assert (
        decode_events(Part.BASS, encode_phrase(Part.BASS, phrase, 0), 2, 0, 1.0, "triangle").wobbles == phrase.wobbles
    )


def test_every_drum_has_a_token() -> None:
    phrase = Phrase(1, tuple(Note(12 * n, pitch, 24, 104) for n, pitch in enumerate(LEARNED_DRUMS)))
    back = decode_events(Part.DRUMS, encode_phrase(Part.DRUMS, phrase, 5), 1, 0, 1.0, "sine")
    assert [n.pitch for n in back.notes] == list(LEARNED_DRUMS)


@pytest.mark.parametrize("part", [Part.BASS, Part.CHORDS, Part.LEAD])
def test_a_note_ends_where_the_next_onset_comes(part: Part) -> None:
    phrase = Phrase(1, (Note(0, 60, 384, 100), Note(96, 63, 96, 100)))
    back = decode_events(part, encode_phrase(part, phrase, 0), 1, 0, 1.0, "sine")
    assert [(note.onset_tick, note.end_tick) for note in back.notes] == [(0, 96), (96, 192)]


@pytest.mark.parametrize(("pitches", "fold"), [([28, 30, 28], 12), ([42], 0), ([66, 66], -24), ([], 0)])
def test_a_bass_is_folded_to_its_usual_octave(pitches: list[int], fold: int) -> None:
    assert octave_fold(Part.BASS, pitches) == fold
