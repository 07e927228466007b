"""Features of places of onsets that are counted by hand."""

import pytest

from model.evaluation.telling.places import places
from tests.model_tests.told_drops import BAR, BEAT, STEP, line, told

KICK, SNARE, HAT = 36, 38, 42


def test_onsets_are_counted_by_sixteenths_beats_and_distances() -> None:
    found = places(told(bass=line(1, (0, 40), (STEP, 40), (2 * BEAT, 40), (2 * BEAT + 32, 40))))
    by_hand = {
        "onsets on sixteenth 1": 1 / 4, "onsets on sixteenth 2": 1 / 4, "onsets on sixteenth 9": 1 / 4,
        "onsets on sixteenth 10": 0, "onsets off the sixteenths": 1 / 4, "onsets in beat 1": 2 / 4,
        "onsets in beat 3": 2 / 4, "onsets on a beat": 2 / 4, "onsets on even sixteenths": 1 / 4,
        "onsets under 28 ticks apart": 1 / 3, "onsets under 40 ticks apart": 1 / 3,
        "different times between onsets": 1, "beats of a bar without an onset": 1 / 2,
        "bars that begin on their first sixteenth": 1, "last onset of a bar": (2 * BEAT + 32) / BAR,
        "deviation of onsets a beat": 1,
    }  # fmt: skip
    for name, value in by_hand.items():
        assert found[f"bass: {name}"] == pytest.approx(value), name


def test_an_onset_is_syncopated_where_the_stronger_place_after_it_is_empty() -> None:
    found = places(told(lead=line(1, (2 * STEP, 60), (6 * STEP, 60), (8 * STEP, 60))))
    assert found["lead: syncopated onsets"] == pytest.approx(1 / 3)
    assert found["lead: onsets between beats"] == pytest.approx(2 / 3)
    assert found["lead: first onset of a bar"] == pytest.approx(1 / 8)


def test_kicks_and_snares_have_places_of_their_own() -> None:
    found = places(told(drums=line(1, (0, KICK), (0, HAT), (BEAT, HAT), (2 * BEAT, SNARE))))
    assert found["snares and claps: onsets on sixteenth 9"] == 1
    assert found["kicks: onsets on sixteenth 1"] == 1
    assert found["hats: onsets on sixteenth 5"] == 1 / 2
    assert found["drums: onsets on sixteenth 5"] == 1 / 3


def test_parts_meet_or_miss_each_other() -> None:
    found = places(told(drums=line(1, (0, KICK), (BEAT, HAT)), bass=line(1, (0, 40), (STEP, 40), (BEAT, 40))))
    assert found["bass: onsets with drums"] == pytest.approx(2 / 3)
    assert found["drums: onsets with bass"] == 1
    assert found["bass: onsets with kicks"] == pytest.approx(1 / 3)
    assert found["bass: onsets with snares and claps"] is None
