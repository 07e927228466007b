"""Variety: what counts as the same music, and floors that the starter set as it ships stays above."""

import msgspec
import pytest

from corpus.starter.phrases import StarterPhrase, parse_phrases
from corpus.starter.variety import figure_of, spreads, variety
from song.parts import Part
from tests.corpus_tests.starter_set import starter_set

HEAD = "kinds = drop, build\nstyles = dubstep\nenergy = 0.5\ntempo = 138-150\n"


def phrases_of(text: str) -> list[StarterPhrase]:
    phrases, mistakes = parse_phrases(text.replace("HEAD\n", HEAD))
    assert mistakes == []
    return phrases


@pytest.fixture(scope="module")
def starter():
    return starter_set()


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("notes | 4:8 b6:4 4:4 |", True),
        ("notes | 1:8! b3:4? 1:4 |", True),
        ("notes | 1:8 b3:4 1:4 | 1:8 b3:4 1:4 |", True),
        ("notes | 1:8 b3:4 1:4 | 2:8 b4:4 2:4 |", False),
        ("notes | 1:8 3:4 1:4 |", False),
        ("notes | 1:6 r:2 b3:4 1:4 |", False),
        ("notes | 1:7 b3:5 1:4 |", False),
        ("notes | 1:8 b3:4 1:4 |\nwobble | 1/8:16 |", True),
    ],
)
def test_one_idea_is_known_in_any_key_and_loudness_however_often_it_is_played(other, same):
    one, two = phrases_of(f"[bass one]\nHEAD\nnotes | 1:8 b3:4 1:4 |\n[bass two]\nHEAD\n{other}\n")
    assert (figure_of(one.phrase, one.part) == figure_of(two.phrase, two.part)) is same
    assert variety([one, two])[Part.BASS].twins == ((("one", "two"),) if same else ())


def test_a_drum_is_not_a_transposed_other_drum():
    one, two = phrases_of("[drums one]\nHEAD\nkick | x . . . |\n[drums two]\nHEAD\nsnare | x . . . |\n")
    assert variety([one, two])[Part.DRUMS].twins == ()
    assert variety([one, two])[Part.DRUMS].distinct_rhythms == 1


def test_bars_rhythms_and_wobbles_are_counted_where_something_sounds():
    text = """[bass one]
HEAD
notes  | 1:8 3:8 | 2:8 4:8 | 1:16 | . | ~:16 |
wobble | 1/8:8 1/4:8 | 1/8:16 | 1/8:16 | . | . |
"""
    (one,) = phrases_of(text.replace("| . | ~:16 |", "| ~:8 r:8 | . |"))
    found = variety([one])[Part.BASS]
    # The second bar goes up a tone and a half as the first goes up a minor third: C-Eb, D-F.
    assert (found.bars, found.distinct_bars, found.distinct_rhythms) == (3, 2, 2)
    assert (found.wobbled_bars, found.distinct_wobbles) == (3, 2)


def test_spreads_tell_onsets_pitches_and_rates_of_every_group_a_phrase_names():
    (one,) = phrases_of("[bass one]\nHEAD\nnotes | 1:8 1':8 | 5:16 |\nwobble | 1/8:16 | 1/4:8 r:8 |\n")
    found = spreads([one, msgspec.structs.replace(one, name="two", kinds=one.kinds[:1])], "kinds")
    assert list(found) == [(Part.BASS, "build"), (Part.BASS, "drop")]
    assert found[Part.BASS, "drop"].phrases == 2
    assert found[Part.BASS, "build"].onsets == (1, 1.5, 2)
    assert found[Part.BASS, "build"].pitches == (36, 48)
    assert found[Part.BASS, "build"].rates == pytest.approx({"1/8": 2 / 3, "1/4": 1 / 3})


def test_the_starter_set_has_its_numbers_and_every_phrase_is_in_a_track(starter):
    phrases, tracks = starter
    counts = {part: sum(phrase.part is part for phrase in phrases) for part in Part}
    assert counts[Part.DRUMS] >= 110
    assert counts[Part.BASS] >= 100
    assert counts[Part.CHORDS] >= 45
    assert counts[Part.LEAD] >= 45
    assert len(tracks) >= 24
    played = {name for track in tracks for name in track.phrase_names()}
    assert {phrase.name for phrase in phrases} - played == set()


def test_no_two_phrases_of_the_starter_set_are_one_idea(starter):
    assert {part: found.twins for part, found in variety(starter[0]).items() if found.twins} == {}


@pytest.mark.parametrize(
    ("part", "bars", "rhythms", "wobbles"),
    [
        (Part.DRUMS, 0.9, 0.55, None),
        (Part.BASS, 0.8, 0.37, 0.73),
        (Part.CHORDS, 0.93, 0.31, None),
        (Part.LEAD, 0.92, 0.45, None),
    ],
)
def test_the_starter_set_stays_as_varied_as_it_is(starter, part, bars, rhythms, wobbles):
    found = variety(starter[0])[part]
    assert found.distinct_bars >= bars * found.bars
    assert found.distinct_rhythms >= rhythms * found.bars
    if wobbles is not None:
        assert found.distinct_wobbles >= wobbles * found.wobbled_bars


def test_a_drop_is_busier_than_a_break_and_its_wobble_faster(starter):
    found = spreads(starter[0], "kinds")
    assert found[Part.BASS, "drop"].onsets[1] > found[Part.BASS, "break"].onsets[1]
    slow = {"1/1", "1/2", "1/4"}

    def slow_share(kind: str) -> float:
        return sum(share for rate, share in found[Part.BASS, kind].rates.items() if rate in slow)

    assert slow_share("drop") < 0.4
    assert slow_share("break") > 0.8
