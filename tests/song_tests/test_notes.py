"""Notes, rates and phrases, some bars of a phrase, and the cutting of overlaps."""

from itertools import pairwise

from hypothesis import given

from song.notes import RATE_TICKS, RATES, Note, Phrase, Wobble, cut_overlaps, silenced, some_bars
from song.parts import Part
from tests.song_tests.song_strategies import note_tuples

END = 2 * 384


def test_every_rate_is_a_whole_number_of_ticks() -> None:
    assert RATE_TICKS["1/1"] == 384
    assert RATE_TICKS["1/8"] == 48
    assert RATE_TICKS["1/8."] == 72
    assert RATE_TICKS["1/8T"] == 32
    assert RATE_TICKS["1/32T"] == 8
    assert len(RATES) == 18
    for rate, ticks in RATE_TICKS.items():
        # Three triplets in the time of two plain ones, two dotted in the time of three.
        plain = RATE_TICKS[rate.rstrip(".T")]
        assert ticks * {".": 2, "T": 3}.get(rate[-1], 1) == plain * {".": 3, "T": 2}.get(rate[-1], 1)


def test_rates_run_from_slow_to_fast() -> None:
    assert [RATE_TICKS[rate] for rate in RATES] == sorted(RATE_TICKS.values(), reverse=True)


def test_notes_sort_by_onset_then_pitch() -> None:
    notes = [Note(96, 30, 1, 1), Note(0, 60, 1, 1), Note(0, 40, 500, 127)]
    assert sorted(notes) == [notes[2], notes[1], notes[0]]


def test_ends_and_lengths() -> None:
    assert Note(96, 40, 24, 100).end_tick == 120
    assert Wobble(96, 24, "1/8", 0.5).end_tick == 120
    assert Phrase(3).length_ticks == 1152


def test_notes_that_start_together_are_one_onset() -> None:
    phrase = Phrase(2, (Note(0, 36, 24, 100), Note(0, 42, 24, 90), Note(96, 38, 24, 100)))
    assert phrase.onset_count() == 2
    assert phrase.onsets_per_bar() == 1.0


def test_the_earlier_of_two_notes_on_a_pitch_is_cut() -> None:
    assert cut_overlaps((Note(0, 60, 100, 90), Note(40, 60, 20, 80)), END) == (
        Note(0, 60, 40, 90),
        Note(40, 60, 20, 80),
    )


def test_of_two_that_start_together_the_longer_stays() -> None:
    assert cut_overlaps((Note(0, 60, 10, 90), Note(0, 60, 50, 80)), END) == (Note(0, 60, 50, 80),)


def test_a_note_past_the_end_is_cut_or_left_out() -> None:
    assert cut_overlaps((Note(END - 1, 60, 100, 90), Note(END, 61, 1, 90)), END) == (Note(END - 1, 60, 1, 90),)


@given(note_tuples(Part.CHORDS, 3))
def test_nothing_overlaps_and_no_onset_is_lost(notes: tuple[Note, ...]) -> None:
    cut = cut_overlaps(notes, END)
    assert list(cut) == sorted(cut)
    assert {(n.onset_tick, n.pitch) for n in cut} == {(n.onset_tick, n.pitch) for n in notes if n.onset_tick < END}
    for pitch in {note.pitch for note in cut}:
        voice = [note for note in cut if note.pitch == pitch]
        for earlier, later in pairwise(voice):
            assert earlier.end_tick <= later.onset_tick
        assert voice[-1].end_tick <= END
        assert all(note.duration_ticks >= 1 for note in voice)
    # Cut once, there is nothing more to cut; and the order they came in does not matter.
    assert cut_overlaps(cut, END) == cut
    assert cut_overlaps(tuple(reversed(notes)), END) == cut


@given(note_tuples(Part.CHORDS, 3))
def test_a_note_is_only_ever_shortened(notes: tuple[Note, ...]) -> None:
    for note in cut_overlaps(notes, END):
        same_start = [n for n in notes if (n.onset_tick, n.pitch) == (note.onset_tick, note.pitch)]
        longest = max(n.duration_ticks for n in same_start)
        assert note.duration_ticks <= longest
        assert (longest, note.velocity) in {(n.duration_ticks, n.velocity) for n in same_start}


def test_some_bars_are_counted_from_the_first_of_them_and_end_at_the_last() -> None:
    notes = (Note(300, 40, 200, 90), Note(384, 41, 700, 91), Note(768, 42, 96, 92))
    phrase = Phrase(3, notes, (Wobble(384, 600, "1/8", 1),))
    assert some_bars(phrase, 1, 1) == Phrase(1, (Note(0, 41, 384, 91),), (Wobble(0, 384, "1/8", 1),))
    assert some_bars(phrase, 0, 3) == phrase


def test_silence_from_a_tick_on_cuts_what_reaches_there() -> None:
    played = Phrase(1, (Note(0, 40, 384, 100), Note(288, 43, 48, 100)), (Wobble(0, 384, "1/8", 0.5),))
    assert silenced(played, 288) == Phrase(1, (Note(0, 40, 288, 100),), (Wobble(0, 288, "1/8", 0.5),))
    assert silenced(played, 384) == played
