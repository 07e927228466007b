"""Onsets a bar measured over collections that weigh the same, and what density and the default form say of them."""

from collections import Counter

import pytest

from corpus.density import bar_onsets, busy_bars, onset_counts, section_onsets
from corpus.pieces import Piece, PieceSection
from corpus.starter.pieces import starter_pieces
from song.notes import Note, Phrase
from song.parts import PARTS, Part
from song.sections import SectionKind
from song.templates import default_constraints
from song.time import TICKS_PER_BAR


def phrase(bars: int, ticks: list[int]) -> Phrase:
    return Phrase(bars, tuple(Note(tick, pitch, 24, 96) for tick in ticks for pitch in (60, 64)))


def piece(source: str, drums: Phrase, style: str = "dubstep", renotated: bool = False) -> Piece:
    half = (PieceSection(0, 1, SectionKind.BUILD), PieceSection(1, 2, SectionKind.DROP))
    return Piece(
        name="p",
        source=source,
        family="p",
        split="train",
        digest="",
        style={style: 1.0},
        tempo_bpm=140,
        tonic_class=None,
        minor=True,
        bars=drums.bars,
        parts={Part.DRUMS: drums},
        sections=half,
        renotated=renotated,
    )


def test_notes_that_start_together_are_one_onset_and_silent_bars_do_not_count():
    assert bar_onsets(phrase(4, [0, 96, 100, 3 * TICKS_PER_BAR])) == [3, 1]


def test_collections_weigh_the_same_however_many_bars_they_have():
    large, small = Counter({16: 9_000}), Counter({2: 10})
    both = busy_bars([large, small, Counter()])
    assert both.bars == 9_010
    assert 2 <= both.median <= 2.5
    assert 15.5 <= both.high <= 16.5
    assert busy_bars([large + small]).median > 15


def test_half_the_bars_lie_below_the_median_and_a_twentieth_above_the_high_number():
    found = busy_bars([Counter(range(1, 101))])
    assert (found.median, found.high) == pytest.approx((50.5, 95.5))


def test_nothing_measured_is_an_error():
    with pytest.raises(ValueError, match="no bar"):
        busy_bars([Counter()])


def test_a_half_time_copy_counts_with_its_collection():
    counts = onset_counts(
        [piece("groove", phrase(1, [0])), piece("groove half-time", phrase(1, [0, 96]), renotated=True)]
    )
    assert counts[Part.DRUMS] == {"groove": Counter({1: 1, 2: 1})}


def test_sections_are_measured_by_kind_in_the_pieces_of_a_style():
    drums = phrase(3, [0, 96, TICKS_PER_BAR, 2 * TICKS_PER_BAR, 2 * TICKS_PER_BAR + 48])
    rates = section_onsets([piece("a", drums), piece("b", phrase(3, [0] * 2), style="house")], "dubstep")
    assert rates[SectionKind.BUILD][Part.DRUMS] == 2
    assert rates[SectionKind.DROP][Part.DRUMS] == 1.5
    assert rates[SectionKind.DROP][Part.LEAD] == 0
    assert SectionKind.INTRO not in rates


def test_the_default_form_asks_for_about_what_the_dubstep_tracks_of_the_starter_set_do():
    rates = section_onsets(starter_pieces(), "dubstep")
    for kind in SectionKind:
        for part in PARTS:
            asked = default_constraints(kind).requested_onsets(part)
            if part is Part.BASS and kind in (SectionKind.INTRO, SectionKind.BUILD):
                assert asked == 0
                assert rates[kind][part] < 1
            else:
                assert asked == pytest.approx(rates[kind][part], abs=1), (kind, part)
    drop, rest = (default_constraints(kind) for kind in (SectionKind.DROP, SectionKind.BREAK))
    for part in (Part.DRUMS, Part.BASS):
        assert drop.requested_onsets(part) > 2 * rest.requested_onsets(part)
