"""The lanes as a producer types them: what their signs, degrees, ties and wobbles mean."""

from song.notes import Wobble
from tests.corpus_tests.starter_lanes import HEAD, bass, drums, only


def test_a_beat_divides_by_the_length_of_its_group():
    phrase = drums("hat | x... xxx xxxxxx xxxxxxxx |")
    onsets = [note.onset_tick for note in phrase.notes]
    assert onsets[0] == 0
    assert onsets[1:4] == [96, 128, 160]
    assert onsets[4:10] == [192 + 16 * step for step in range(6)]
    assert onsets[10:] == [288 + 12 * step for step in range(8)]


def test_signs_are_velocities():
    phrase = drums("snare | o.x. X... 19.. .... |")
    assert [note.velocity for note in phrase.notes] == [40, 96, 122, 14, 126]
    assert {note.pitch for note in phrase.notes} == {38}


def test_swing_delays_the_second_of_two_sixteenths_and_leaves_rolls_and_triplets_alone():
    swung = drums("hat | xxxx xxx xxxxxxxx x... |", settings="swing = 58\n")
    straight = drums("hat | xxxx xxx xxxxxxxx x... |")
    moved = [
        (a.onset_tick, b.onset_tick)
        for a, b in zip(straight.notes, swung.notes, strict=True)
        if a.onset_tick != b.onset_tick
    ]
    assert moved == [(24, 28), (72, 76)]


def test_a_percent_repeats_the_bar_before_and_a_dot_is_an_empty_bar():
    phrase = drums("kick | x... .... .... .... | % | . |", "kick | .... x... .... .... |")
    assert phrase.bars == 4
    assert [note.onset_tick for note in phrase.notes] == [0, 384, 3 * 384 + 96]


def test_degrees_count_in_the_scale_with_accidentals_and_octaves():
    minor = bass("notes | 1:2 2:2 b3:2 3:2 #4:2 7:2 8:2 5,:2 |")
    assert [note.pitch for note in minor.notes] == [36, 38, 38, 39, 42, 46, 48, 31]
    phrygian = bass("notes | 1:4 2:4 1':4 9:4 |", settings="scale = phrygian\n")
    assert [note.pitch for note in phrygian.notes] == [36, 37, 48, 49]


def test_ties_run_over_bars_and_lengths_may_be_fractions():
    phrase = bass("notes | 1:4/3 1:4/3 1:4/3 r:4 5:8 | ~:15.5 1:0.5 |")
    assert [(note.onset_tick, note.duration_ticks) for note in phrase.notes] == [
        (0, 32),
        (32, 32),
        (64, 32),
        (192, 192 + 372),
        (756, 12),
    ]


def test_a_wobble_is_heard_only_where_a_note_sounds():
    phrase = bass("notes | 1:8 r:4 1:4 |", "wobble | 1/8@0.6:6 1/16T:10 |", settings="shape = saw\n")
    assert phrase.wobbles == (
        Wobble(0, 144, "1/8", 0.6, "saw"),
        Wobble(144, 48, "1/16T", 0.9, "saw"),
        Wobble(288, 96, "1/16T", 0.9, "saw"),
    )


def test_chords_sound_together():
    phrase = only(f"[chords c]\n{HEAD}notes | 1+3+5:8! 4+6+8+10:8? |").phrase
    assert [note.pitch for note in phrase.notes] == [60, 63, 67, 65, 68, 72, 75]
    assert [note.velocity for note in phrase.notes] == [120] * 3 + [60] * 4
