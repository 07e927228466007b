"""Feature vectors of phrases whose music is worked out by hand."""

from typing import Any

import numpy as np
import pytest

from model.metrics.phrase_measures import MEASURES, PhraseVectors, describe, kicks, matrix, measures_of
from song.drums import DRUM_GROUPS, LEARNED_DRUMS
from song.notes import Note, Phrase, Wobble
from song.parts import PARTS, Part


def vector(part: Part, phrase: Phrase, name: str, **known: Any) -> list[float]:
    found = describe(part, phrase, **known).vectors[name]
    assert found is not None
    return [float(value) for value in found]


def line(*notes: tuple[int, int], bars: int = 1, length: int = 24) -> Phrase:
    return Phrase(bars, tuple(Note(tick, pitch, length, 100) for tick, pitch in notes))


def test_every_drum_that_is_written_has_one_group() -> None:
    every = [pitch for group in DRUM_GROUPS.values() for pitch in group]
    assert set(LEARNED_DRUMS) <= set(every)
    assert len(every) == len(set(every))


def test_every_measure_belongs_to_a_part_and_its_shares_add_up_to_one() -> None:
    assert {name for part in PARTS for name in measures_of(part)} == MEASURES.keys()
    for part in PARTS:
        phrase = line((0, 36), (96, 38), (96, 42), (200, 36), bars=16)
        described = describe(part, phrase, kick=(0, 96))
        for name in measures_of(part):
            values = described.vectors[name]
            assert values is not None
            if "share of the" in MEASURES[name].split(",")[0] and name != "bass and kick":
                assert values.sum() == pytest.approx(1), name


def test_onsets_count_once_and_places_tell_the_sixteenth() -> None:
    phrase = line((0, 36), (0, 42), (96, 42), (100, 42), bars=2)
    assert vector(Part.DRUMS, phrase, "onsets") == [1.5]
    places = vector(Part.DRUMS, phrase, "places")
    assert [places[0], places[4], places[16]] == pytest.approx([1 / 3] * 3)


def test_half_time_and_a_backbeat_are_told_by_where_the_snare_lies() -> None:
    half_time = line((0, 36), (192, 38), (192, 39), bars=1)
    backbeat = line((0, 36), (96, 38), (192, 36), (288, 40), bars=1)
    assert [place for place, share in enumerate(vector(Part.DRUMS, half_time, "snare places")) if share] == [8]
    assert [place for place, share in enumerate(vector(Part.DRUMS, backbeat, "snare places")) if share] == [4, 12]
    assert [place for place, share in enumerate(vector(Part.DRUMS, backbeat, "kick places")) if share] == [0, 8]
    assert describe(Part.DRUMS, line((0, 42))).vectors["snare places"] is None


def test_a_bar_that_comes_back_two_bars_later_is_like_it() -> None:
    bars = [(0, 60), (96, 62)], [(0, 65), (96, 62)]
    phrase = line(*((bar * 384 + tick, pitch) for bar in range(4) for tick, pitch in bars[bar % 2]), bars=4)
    assert vector(Part.LEAD, phrase, "likeness 2 back") == [1.0]
    assert vector(Part.LEAD, phrase, "likeness 1 back") == pytest.approx([1 / 3])
    assert describe(Part.LEAD, phrase).vectors["likeness 4 back"] is None


def test_pitch_classes_count_from_the_tonic_and_intervals_follow_the_highest_note() -> None:
    phrase = line((0, 65), (0, 77), (96, 72), (192, 99))
    assert vector(Part.LEAD, phrase, "pitch classes", tonic_class=5)[0] == 0.5
    intervals = vector(Part.LEAD, phrase, "melodic intervals")
    assert [index - 12 for index, share in enumerate(intervals) if share] == [-5, 12]


def test_drums_together_counts_pairs_of_groups_at_an_onset() -> None:
    names, together = (
        list(DRUM_GROUPS),
        vector(Part.DRUMS, line((0, 36), (0, 42), (96, 36), (192, 38)), "drums together"),
    )
    pairs = [(one, other) for n, one in enumerate(names) for other in names[n + 1 :]]
    assert {pair: share for pair, share in zip(pairs, together, strict=True) if share} == {
        ("kick", "hat"): pytest.approx(1 / 3)
    }


def test_bass_and_kick_align_both_ways() -> None:
    drums = line((0, 36), (96, 38), (192, 36), (288, 36), (288, 42))
    bass = line((0, 36), (192, 41))
    assert vector(Part.BASS, bass, "bass and kick", kick=kicks(drums)) == pytest.approx([1, 2 / 3])
    assert describe(Part.BASS, bass).vectors["bass and kick"] is None


def test_wobble_is_a_share_of_the_sounding_time() -> None:
    phrase = Phrase(1, (Note(0, 36, 192, 100),), (Wobble(96, 96, "1/8", 0.5),))
    assert vector(Part.BASS, phrase, "wobble") == [0.5, 0, 0, 0, 0.5, 0, 0]


def test_what_a_source_cannot_know_is_not_measured() -> None:
    phrase = line((0, 36), (96, 36))
    described = describe(Part.BASS, phrase, velocity_known=False, wobble_known=False)
    assert described.vectors["velocity"] is None
    assert described.vectors["wobble"] is None


def test_the_matrix_has_a_row_a_phrase_and_marks_what_is_not_known() -> None:
    known, unknown = (describe(Part.LEAD, line((0, 60), (96, 62)), velocity_known=known) for known in (True, False))
    rows = matrix([known, unknown], ["onsets", "velocity"])
    assert rows.shape == (2, 9)
    assert not np.isnan(rows[0]).any()
    assert np.isnan(rows[1]).tolist() == [False] + [True] * 8


def test_described_phrases_of_one_part_have_the_same_measures() -> None:
    one: PhraseVectors = describe(Part.CHORDS, line((0, 60)))
    assert list(one.vectors) == measures_of(Part.CHORDS)
