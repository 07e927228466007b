"""Phrases carried to other sections, bars that survive a fill note by note, and what a variation keeps."""

import pytest

from song.edits.bars import (
    copy_section_takes,
    paste_take,
    repeat_phrase,
    variation_bars,
    variation_source,
    with_kept_bars,
    within_range,
)
from song.edits.constraints import set_density
from song.edits.takes import add_takes, set_locked
from song.errors import UserError
from song.notes import Note, Phrase, Wobble
from song.parts import Part
from song.sections import SectionKind, Song, Take, number_sections
from song.templates import song_from_form
from song.time import TICKS_PER_BAR as BAR
from song.validation import find_problem

TWO_BARS = Phrase(2, (Note(0, 40, 96, 100), Note(BAR, 43, 96, 90)), (Wobble(0, 2 * BAR, "1/8", 0.8),))
DROP_1, DROP_2 = 1, 3


@pytest.fixture
def song() -> Song:
    form = [(SectionKind.INTRO, 2), (SectionKind.DROP, 2), (SectionKind.BREAK, 2), (SectionKind.DROP, 5)]
    return add_takes(song_from_form(form), DROP_1, Part.BASS, (Take(TWO_BARS, seed=7, kept=(1,)),))


def test_a_phrase_is_repeated_and_cut() -> None:
    longer = repeat_phrase(TWO_BARS, 3)
    assert [note.onset_tick for note in longer.notes] == [0, BAR, 2 * BAR]
    assert [(wobble.onset_tick, wobble.duration_ticks) for wobble in longer.wobbles] == [(0, 2 * BAR), (2 * BAR, BAR)]
    assert repeat_phrase(longer, 2) == TWO_BARS
    assert repeat_phrase(TWO_BARS, 1).notes == TWO_BARS.notes[:1]


def test_a_pasted_take_is_one_more_take_that_sounds(song: Song) -> None:
    take = song.sections[DROP_1].cells.bass.takes[0]
    pasted = paste_take(song, DROP_2, Part.BASS, take)
    cell = pasted.sections[DROP_2].cells.bass
    assert (cell.chosen, cell.takes[0].seed, cell.takes[0].phrase) == (0, 7, repeat_phrase(TWO_BARS, 5))
    assert (take.kept, cell.takes[0].kept) == ((1,), ())
    assert find_problem(pasted) is None
    with pytest.raises(UserError, match="locked"):
        paste_take(set_locked(song, DROP_2, Part.BASS, True), DROP_2, Part.BASS, take)


def test_kept_bars_are_as_they_were_and_the_others_new() -> None:
    old = Take(repeat_phrase(TWO_BARS, 4), edited=(1, 2), kept=(1, 2, 3))
    new = Take(Phrase(4, tuple(Note(bar * BAR + 48, 50, 800, 70) for bar in range(4))), seed=9)
    mixed = with_kept_bars(Part.BASS, new, old, (1, 2))
    assert mixed.phrase.notes == (
        Note(48, 50, BAR - 48, 70),
        Note(BAR, 43, 96, 90),
        Note(2 * BAR, 40, 96, 100),
        Note(3 * BAR + 48, 50, BAR - 48, 70),
    )
    assert [(w.onset_tick, w.end_tick) for w in mixed.phrase.wobbles] == [(BAR, 2 * BAR), (2 * BAR, 3 * BAR)]
    assert (mixed.seed, mixed.edited, mixed.kept) == (9, (1, 2), (1, 2))
    assert with_kept_bars(Part.BASS, new, old, ()) is new
    assert with_kept_bars(Part.BASS, Take(Phrase(4)), Take(Phrase(4)), (1,)).phrase == Phrase(4)


def test_a_variation_is_of_the_nearest_section_of_the_kind(song: Song) -> None:
    assert variation_source(song, DROP_2) == DROP_1
    with pytest.raises(UserError, match="no other drop with music"):
        variation_source(song, DROP_1)
    with pytest.raises(UserError, match="no other break"):
        variation_source(song, 2)
    backwards = add_takes(song, DROP_2, Part.DRUMS, (Take(Phrase(5)),))
    assert variation_source(backwards, DROP_1) == DROP_2


def test_a_section_is_copied_around_its_locks(song: Song) -> None:
    song = add_takes(number_sections(song), DROP_1, Part.DRUMS, (Take(Phrase(2, (Note(0, 36, 24, 99),))),))
    locked = set_locked(song, DROP_2, Part.BASS, True)
    copied = copy_section_takes(locked, song.sections[DROP_1], song.sections[DROP_2].id)
    cells = copied.sections[DROP_2].cells
    assert cells.bass.takes == ()
    assert cells.drums.phrase == repeat_phrase(Phrase(2, (Note(0, 36, 24, 99),)), 5)
    assert cells.lead.takes == ()


def test_a_variation_keeps_half_of_what_does_what_is_asked_and_among_it_the_first_bar() -> None:
    song = song_from_form([(SectionKind.DROP, 8)])
    beat = Take(
        Phrase(8, tuple(Note(bar * BAR + step * BAR // 8, 36, 24, 99) for bar in range(8) for step in range(8)))
    )
    song = add_takes(song, 0, Part.DRUMS, (beat,))
    assert variation_bars(song, 0, Part.DRUMS) == (0, 2, 4, 6)
    assert variation_bars(set_density(song, 0, Part.DRUMS, 0.05), 0, Part.DRUMS) == ()
    assert variation_bars(song, 0, Part.BASS) == ()


def test_notes_outside_a_range_come_into_it_by_octaves() -> None:
    take = Take(Phrase(1, (Note(0, 30, 96, 90), Note(0, 54, 96, 80), Note(96, 41, 96, 90), Note(192, 66, 96, 90))))
    inside = within_range(take, 36, 47)
    assert inside.phrase.notes == (Note(0, 42, 96, 90), Note(96, 41, 96, 90), Note(192, 42, 96, 90))
    assert within_range(inside, 36, 47) is inside
