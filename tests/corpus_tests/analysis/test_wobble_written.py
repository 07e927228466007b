"""Controllers that this program wrote: they come back as the wobbles that they were."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.analysis.wobble_reading import heard_wobbles, wobble_lane
from corpus.analysis.wobble_written import _one_cycle, as_written
from corpus.tracks import RawTrack
from song.export.wobble_cc import wobble_events
from song.notes import RATES, SHAPES, Note, Wobble

BARS = 4
END = BARS * 384


def bass_of(notes, wobbles):
    """A bass as the MIDI reader hands it on, its controllers as the assembler writes them."""
    events = wobble_events(wobbles, notes)
    curves = {which: tuple((tick, value) for tick, one, value in events if one == which) for which in (1, 74)}
    return RawTrack("bass", 38, False, tuple(notes), curves={which: found for which, found in curves.items() if found})


def lane_of(track):
    heard = heard_wobbles(track)
    return wobble_lane(track.notes, [heard.get(note.onset_tick, ()) for note in track.notes])[0]


def curve_while_sounding(wobbles, notes):
    """The filter at every tick that a note sounds on, a tick before the end of each left out: there it opens."""
    filter_at, value = [], 127
    changes = {tick: value for tick, which, value in wobble_events(wobbles, notes) if which == 74}
    for tick in range(END):
        value = changes.get(tick, value)
        filter_at.append(value)
    return [filter_at[tick] for note in notes for tick in range(note.onset_tick, note.end_tick - 1)]


@st.composite
def basses(draw):
    """A bass of one voice with rests, and a lane of wobbles over it that knows nothing of its notes."""
    notes, wobbles, at = [], [], 0
    while at < END:
        step = min(draw(st.sampled_from((24, 48, 96, 144, 192, 384))), END - at)
        if draw(st.integers(0, 4)):
            notes.append(Note(at, draw(st.integers(31, 50)), draw(st.sampled_from((step, step, step // 2))), 100))
        at += step
    at = 0
    while at < END:
        length = min(draw(st.sampled_from((48, 96, 192, 384, 768))), END - at)
        if draw(st.integers(0, 4)):
            depth = draw(st.sampled_from((0.3, 0.5, 0.75, 0.9, 1.0)))
            wobbles.append(Wobble(at, length, draw(st.sampled_from(RATES)), depth, draw(st.sampled_from(SHAPES))))
        at += length
    return notes, wobbles


@given(basses())
@settings(max_examples=40, deadline=None)
def test_any_lane_that_was_written_comes_back_as_it_sounds(bass):
    notes, wobbles = bass
    found = lane_of(bass_of(notes, wobbles))
    before, after = curve_while_sounding(wobbles, notes), curve_while_sounding(found, notes)
    assert sum(abs(one - other) > 2 for one, other in zip(before, after, strict=True)) <= 0.02 * len(before)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("rate", RATES)
def test_every_rate_and_shape_comes_back_by_name_where_a_cycle_is_heard(rate, shape):
    notes = [Note(0, 40, 768, 100), Note(768, 43, 576, 100)]
    wobbles = (Wobble(0, 1344, rate, 0.85, shape),)
    assert lane_of(bass_of(notes, wobbles)) == wobbles


def test_a_growl_that_changes_its_rate_by_the_beat_comes_back_beat_by_beat():
    notes = [Note(0, 40, 384, 100), Note(480, 40, 288, 100)]
    rates = ("1/8", "1/16", "1/8T", "1/4", "1/16T", "1/16", "1/32")
    starts = (0, 96, 192, 288, 480, 576, 672)
    wobbles = tuple(Wobble(at, 96, rate, 0.9, "sine") for at, rate in zip(starts, rates, strict=True))
    assert lane_of(bass_of(notes, wobbles)) == wobbles


def test_any_depth_at_any_length_is_looked_up_and_not_worked_out_again():
    dice = random.Random(3)
    depths, stretches, at = [], [], 0
    while at < 96 * 4000:
        length = dice.randrange(4, 2000)
        depths.append((at, dice.randrange(1, 128)))
        stretches.append((at, at + length))
        at += length
    _one_cycle.cache_clear()
    as_written([(0, 127)], depths, stretches)
    assert _one_cycle.cache_info().misses <= 127, "one for each depth"


def test_a_note_with_more_changes_than_can_be_told_apart_is_not_read():
    rates = ("1/8", "1/16", "1/8T", "1/4")

    def read(bars):
        wobbles = tuple(Wobble(beat * 96, 96, rates[beat % 4], 0.9, "sine") for beat in range(4 * bars))
        track = bass_of([Note(0, 40, 384 * bars, 100)], wobbles)
        return as_written(track.curves[74], track.curves[1], [(0, 384 * bars)])

    assert read(30)
    assert read(120) == {}


def test_a_track_of_more_stretches_than_music_has_is_not_read():
    depths = [(tick, 1 + tick % 2) for tick in range(30_000)]
    stretches = [(start, start + 96) for start in range(0, 30_000, 96)]
    assert as_written([(0, 127)], depths[:9000], stretches)
    assert as_written([(0, 127)], depths, stretches) == {}
