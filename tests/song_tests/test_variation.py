"""The bars that a variation keeps, and old and new bars put together without a note lost or doubled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from song.forms import letter_bars, model_bars, turn_bars
from song.notes import Note, Phrase, Wobble, some_bars
from song.parts import Part
from song.scales import parse_key
from song.sections import Constraints, Density, PartForms, PitchRanges, Section, SectionKind, Song, WobbleRange
from song.time import TICKS_PER_BAR, TICKS_PER_STEP
from song.variation import bars_outside, borrow, fit_wobbles, kept_bars, merge_bars, varied_drops


def line(bars: int, pitch: int, duration: int = 96) -> Phrase:
    return Phrase(bars, tuple(Note(bar * TICKS_PER_BAR, pitch, duration, 100) for bar in range(bars)))


@given(bars=st.integers(1, 128), share=st.floats(0, 1))
def test_a_variation_keeps_about_its_share_and_always_changes_something(bars: int, share: float) -> None:
    kept = kept_bars(bars, share)
    assert list(kept) == sorted(set(kept))
    assert all(0 <= bar < bars for bar in kept)
    assert len(kept) <= bars - 1
    assert abs(len(kept) - bars * share) <= 1


def test_the_ends_of_phrases_change_first_and_openings_last() -> None:
    assert kept_bars(8, 0.75) == (0, 1, 2, 4, 5, 6)
    assert kept_bars(8, 0.25) == (0, 4)
    assert kept_bars(16, 0.9)[-1] == 14


def test_kept_bars_come_from_the_old_phrase_and_the_others_from_the_new() -> None:
    merged = merge_bars(line(4, 40), line(4, 50), {1, 2}, one_voice=True)
    assert [note.pitch for note in merged.notes] == [50, 40, 40, 50]


def test_a_note_that_reaches_over_a_boundary_ends_where_the_other_side_begins() -> None:
    merged = merge_bars(line(2, 40, duration=700), line(2, 50), {0}, one_voice=True)
    assert merged.notes == (Note(0, 40, 384, 100), Note(384, 50, 96, 100))
    chords = merge_bars(line(2, 40, duration=700), line(2, 50), {0}, one_voice=False)
    assert chords.notes[0].duration_ticks == 700


def test_a_longer_old_phrase_lends_only_the_bars_that_there_are() -> None:
    merged = merge_bars(line(8, 40), line(4, 50), {0, 6}, one_voice=True)
    assert (merged.bars, [note.pitch for note in merged.notes]) == (4, [40, 50, 50, 50])


def test_wobbles_are_cut_at_the_boundaries() -> None:
    old = Phrase(3, (), (Wobble(0, 3 * TICKS_PER_BAR, "1/8", 0.5),))
    new = Phrase(3, (), (Wobble(100, 900, "1/4", 1.0),))
    assert merge_bars(old, new, {1}, one_voice=True).wobbles == (
        Wobble(100, 284, "1/4", 1.0),
        Wobble(384, 384, "1/8", 0.5),
        Wobble(768, 232, "1/4", 1.0),
    )


@pytest.mark.parametrize(("key", "varied"), [(None, {2: 0}), ("A minor", {})])
def test_a_later_drop_changes_the_first_one_in_its_key(key: str | None, varied: dict[int, int]) -> None:
    drop = Section(SectionKind.DROP, 8)
    other = Section(SectionKind.DROP, 8, Constraints(key=key))
    assert varied_drops(Song(sections=(drop, Section(SectionKind.BREAK, 8), other))) == varied


@pytest.mark.parametrize("form", [None, "AB"])
def test_a_drop_is_a_variation_whatever_form_it_and_the_first_one_have(form: str | None) -> None:
    first, second = Section(SectionKind.DROP, 8, Constraints(form=form)), Section(SectionKind.DROP, 8)
    formed = Section(SectionKind.DROP, 8, Constraints(form="AB"))
    assert varied_drops(Song(sections=(first, formed, second))) == {1: 0, 2: 0}


def test_borrowed_wobbles_take_the_nearest_rates_allowed_and_the_depth_and_shape_asked() -> None:
    phrase = Phrase(1, (), (Wobble(0, 96, "1/4", 0.4), Wobble(96, 96, "1/16T", 0.2)))
    fitted = fit_wobbles(phrase, WobbleRange(("1/8", "1/16"), 1.0, "saw"))
    assert fitted.wobbles == (Wobble(0, 96, "1/8", 1.0, "saw"), Wobble(96, 96, "1/16", 0.5, "saw"))
    assert fit_wobbles(phrase, WobbleRange()).wobbles == ()
    assert fit_wobbles(phrase, WobbleRange(("1/8",), 0.0)).wobbles == ()


def test_bars_with_notes_out_of_range_or_scale_are_found() -> None:
    phrase = Phrase(3, (Note(0, 40, 96, 100), Note(384, 42, 96, 100), Note(768, 60, 96, 100)))
    low = asking(0.5, 3, ranges=PitchRanges(bass=(36, 50)))
    assert bars_outside(phrase, low, Part.BASS, parse_key("C major"), {}) == {1, 2}
    assert bars_outside(phrase, low, Part.DRUMS, parse_key("C major"), {}) == set()


def beat(*onsets: int) -> Phrase:
    """Drums with so many onsets in each bar."""
    notes = (
        Note(bar * TICKS_PER_BAR + n * TICKS_PER_STEP, 36, 24, 100)
        for bar, count in enumerate(onsets)
        for n in range(count)
    )
    return Phrase(len(onsets), tuple(notes))


def asking(density: float, bars: int = 8, **asked: object) -> Section:
    return Section(SectionKind.DROP, bars, Constraints(density=Density(drums=density, bass=density), **asked))


def test_a_busy_section_keeps_no_bars_of_a_sparse_one() -> None:
    wanted = asking(0.9)
    sparse, full = beat(*[3] * 8), beat(*[round(wanted.constraints.requested_onsets(Part.DRUMS))] * 8)
    assert borrow(sparse, (0, 2, 4, 6), wanted, Part.DRUMS, "C minor", {})[1] == frozenset()
    assert borrow(full, (0, 2, 4, 6), wanted, Part.DRUMS, "C minor", {})[1] == {0, 2, 4, 6}
    assert borrow(full, (0, 2, 4, 6), asking(0.1), Part.DRUMS, "C minor", {})[1] == frozenset()


def test_the_bars_that_are_furthest_from_what_is_asked_go_first() -> None:
    wanted = asking(0.9)
    asked = round(wanted.constraints.requested_onsets(Part.DRUMS))
    kept = borrow(beat(asked, 0, asked, 0, 1, 0, asked, 0), (0, 2, 4, 6), wanted, Part.DRUMS, "C minor", {})[1]
    assert kept == {0, 2, 6}


@given(
    onsets=st.lists(st.integers(0, 16), min_size=1, max_size=16),
    density=st.floats(0, 1),
    share=st.floats(0, 1),
)
def test_what_stays_leaves_room_for_what_is_asked(onsets: list[int], density: float, share: float) -> None:
    wanted = asking(density, len(onsets))
    kept = borrow(beat(*onsets), kept_bars(len(onsets), share), wanted, Part.DRUMS, "C minor", {})[1]
    assert kept <= set(kept_bars(len(onsets), share))
    asked, free = wanted.constraints.requested_onsets(Part.DRUMS), len(onsets) - len(kept)
    left = (asked * len(onsets) - sum(onsets[bar] for bar in kept)) / free
    assert asked / 2 - 1e-9 <= left <= asked * 1.5 + 1e-9


def test_with_a_form_letters_stay_as_a_whole_the_first_ones_and_all_of_one_are_as_its_first() -> None:
    wanted = asking(0.2, 16, form="AABA")
    asked = round(wanted.constraints.requested_onsets(Part.DRUMS))
    phrase, kept = borrow(beat(*[asked] * 8, *[asked + 1] * 8), kept_bars(16, 0.5), wanted, Part.DRUMS, "C minor", {})
    assert kept == {0, 1, 2, 3, 6, 8, 9, 10, 11, 14}
    assert {sum(note.onset_tick // TICKS_PER_BAR == bar for note in phrase.notes) for bar in kept} == {asked}
    assert borrow(phrase, kept_bars(16, 0.9), wanted, Part.DRUMS, "C minor", {})[1] == set(range(16)) - {7, 15}


def test_a_part_without_a_form_keeps_bars_one_by_one_where_the_section_has_one() -> None:
    wanted = asking(0.2, 8, form="A", forms=PartForms(drums=""))
    even = beat(*[round(wanted.constraints.requested_onsets(Part.DRUMS))] * 8)
    assert borrow(even, (0, 2, 4, 6), wanted, Part.DRUMS, "C minor", {}) == (even, {0, 2, 4, 6})


@given(
    onsets=st.lists(st.integers(0, 12), min_size=1, max_size=24),
    bars=st.integers(1, 24),
    form=st.text("ABC", min_size=1, max_size=5),
    unit=st.integers(1, 8),
    density=st.floats(0, 1),
    share=st.floats(0, 1),
)
def test_what_stays_under_a_form_obeys_it_changes_something_and_leaves_room_for_what_is_asked(
    onsets: list[int], bars: int, form: str, unit: int, density: float, share: float
) -> None:
    wanted = asking(density, bars, form=form, form_bars=unit)
    source = beat(*onsets)
    phrase, kept = borrow(source, kept_bars(bars, share), wanted, Part.DRUMS, "C minor", {})
    models, turns = model_bars(form, unit, bars), turn_bars(bars)
    assert len(kept) < bars
    assert kept & turns <= set(kept_bars(bars, share))
    for letter in letter_bars(form, unit, bars).values():
        assert kept.issuperset(letter) or not kept & set(letter)
    for bar in kept:
        from_bar = bar if bar in turns else models[bar]
        assert some_bars(phrase, bar, 1) == some_bars(source, from_bar, 1)
    found, free = sum(onsets[bar if bar in turns else models[bar]] for bar in kept), bars - len(kept)
    asked = wanted.constraints.requested_onsets(Part.DRUMS)
    assert asked / 2 - 1e-9 <= (asked * bars - found) / free <= asked * 1.5 + 1e-9 or not kept


def test_where_the_scale_is_left_nothing_stays() -> None:
    bass = line(4, 37)
    assert borrow(bass, (0, 2), asking(0.1, 4), Part.BASS, "C minor", {})[1] == frozenset()
    assert borrow(bass, (0, 2), asking(0.1, 4), Part.BASS, "C# minor", {})[1] == {0, 2}


def test_borrowed_wobbles_are_as_they_are_asked_for() -> None:
    bass = Phrase(2, line(2, 36).notes, (Wobble(0, 384, "1/16", 1.0, "square"),))
    wanted = asking(0.1, 2, wobble=WobbleRange(("1/4",), 0.5, "saw"))
    (wobble,) = borrow(bass, (0,), wanted, Part.BASS, "C minor", {})[0].wobbles
    assert (wobble.rate, wobble.depth, wobble.shape) == ("1/4", 0.5, "saw")
