"""Edits of the form: what each changes, what it refuses, and that sections keep ids of their own."""

import pytest
from msgspec.structs import replace

from song.edits.constraints import set_chord_beats, set_chords, set_density, set_theme
from song.edits.sections import (
    add_section,
    delete_section,
    duplicate_section,
    move_section,
    rename_section,
    set_kind,
    take_arrangement,
    toggle_muted,
    toggle_solo,
)
from song.edits.takes import add_takes, set_locked
from song.errors import UserError
from song.limits import MAX_SECTIONS
from song.notes import Note, Phrase
from song.parts import Part
from song.sections import SectionKind, Song, Take
from song.templates import KIND_DENSITY, KIND_WOBBLE, song_from_form
from song.theme import FIRST_DROP, NO_THEME, theme_section
from song.validation import find_problem

FORM = [(SectionKind.INTRO, 4), (SectionKind.BUILD, 8), (SectionKind.DROP, 16)]


@pytest.fixture
def song() -> Song:
    return song_from_form(FORM, tempo_bpm=150)


def ids(song: Song) -> list[int]:
    return [section.id for section in song.sections]


def test_a_new_section_is_of_the_kind_that_follows_at_the_tempo_before_it(song: Song) -> None:
    longer = add_section(song, 1)
    assert [section.kind for section in longer.sections] == ["intro", "build", "drop", "drop"]
    new = longer.sections[2]
    assert (new.bars, new.constraints.tempo_bpm, new.cells.drums.takes) == (16, (150.0, 150.0), ())
    assert ids(longer) == [1, 2, 4, 3]
    assert find_problem(longer) is None


def test_a_copy_has_the_takes_and_constraints_but_no_name_and_another_id(song: Song) -> None:
    song = add_takes(rename_section(song, 2, "THE ONE"), 2, Part.BASS, (Take(Phrase(16, (Note(0, 40, 96, 99),))),))
    copied = duplicate_section(song, 2)
    assert copied.sections[3].cells is copied.sections[2].cells
    assert copied.section_names()[2:] == ["THE ONE", "DROP"]
    assert ids(copied) == [1, 2, 3, 4]


def test_deleting_leaves_the_others_and_never_none(song: Song) -> None:
    assert ids(delete_section(song, 1)) == [1, 3]
    alone = delete_section(delete_section(song, 0), 0)
    with pytest.raises(UserError, match="keeps one section"):
        delete_section(alone, 0)


def test_an_id_is_not_given_twice_after_a_deletion_in_the_middle(song: Song) -> None:
    assert ids(add_section(delete_section(song, 1), 0)) == [1, 4, 3]


@pytest.mark.parametrize(("index", "places", "expected"), [(0, 1, [2, 1, 3]), (2, -2, [3, 1, 2]), (1, 1, [1, 3, 2])])
def test_a_section_moves_among_the_others(song: Song, index: int, places: int, expected: list[int]) -> None:
    moved = move_section(song, index, places)
    assert ids(moved) == expected
    assert move_section(moved, index + places, -places) == song


@pytest.mark.parametrize(("index", "places", "end"), [(0, -1, "first"), (2, 1, "last")])
def test_a_section_cannot_leave_the_song(song: Song, index: int, places: int, end: str) -> None:
    with pytest.raises(UserError, match=f"the {end} section already"):
        move_section(song, index, places)


def test_a_name_is_one_short_line_and_an_empty_one_gives_the_kind_back(song: Song) -> None:
    named = rename_section(song, 2, "  Wub wub ")
    assert named.section_names() == ["INTRO", "BUILD", "Wub wub"]
    assert rename_section(named, 2, "") == song
    for name in ("x" * 41, "two\nlines"):
        with pytest.raises(UserError, match="one line of at most 40"):
            rename_section(song, 0, name)


def test_another_kind_asks_for_what_it_usually_does_unless_the_user_asked_otherwise(song: Song) -> None:
    changed = set_kind(song, 2, SectionKind.BREAK)
    assert changed.sections[2].constraints.density == KIND_DENSITY[SectionKind.BREAK]
    assert changed.sections[2].constraints.wobble == KIND_WOBBLE[SectionKind.BREAK]
    asked = set_density(song, 2, Part.LEAD, 0.9)
    assert set_kind(asked, 2, SectionKind.BREAK).sections[2].constraints.density.lead == 0.9


def test_parts_are_muted_and_soloed_one_by_one(song: Song) -> None:
    muted = toggle_muted(toggle_muted(song, Part.LEAD), Part.DRUMS)
    assert muted.muted == (Part.DRUMS, Part.LEAD)
    assert muted.heard_parts() == (Part.BASS, Part.CHORDS)
    assert toggle_solo(muted, Part.LEAD).heard_parts() == ()
    assert toggle_muted(toggle_muted(muted, Part.LEAD), Part.DRUMS) == song


def test_a_song_has_a_most_of_sections() -> None:
    song = song_from_form([(SectionKind.DROP, 1)] * MAX_SECTIONS)
    with pytest.raises(UserError, match="at most"):
        add_section(song, 0)
    with pytest.raises(UserError, match="at most"):
        duplicate_section(song, 0)


def test_an_arrangement_is_taken_without_its_title_and_seed(song: Song) -> None:
    form = set_locked(song, 0, Part.BASS, True)
    taken = take_arrangement(song_from_form(title="Mine", seed=9), form)
    assert (taken.title, taken.seed) == ("Mine", 9)
    assert [replace(section, id=0) for section in taken.sections] == [replace(one, id=0) for one in form.sections]


def test_a_new_section_goes_through_the_chords_of_its_kind(song: Song) -> None:
    chorded = set_chord_beats(set_chords(song, 1, "VI VII"), 1, 8)
    asked = add_section(chorded, 0).sections[1].constraints
    assert (asked.chords, asked.chord_beats) == ("VI VII", 8)
    assert add_section(chorded, 1).sections[2].constraints.chords is None


def test_a_copy_goes_through_the_same_chords(song: Song) -> None:
    copied = duplicate_section(set_chord_beats(set_chords(song, 1, "VI VII"), 1, 8), 1)
    asked = copied.sections[2].constraints
    assert (asked.chords, asked.chord_beats) == ("VI VII", 8)


def test_the_theme_goes_with_its_section_and_back_to_the_first_drop_without_it(song: Song) -> None:
    build = song.sections[1].id
    named = set_theme(song, build)
    assert theme_section(move_section(named, 1, 1)) == 2
    assert theme_section(move_section(duplicate_section(named, 0), 2, -1)) == 1
    without = delete_section(named, 1)
    assert (without.theme, theme_section(without)) == (FIRST_DROP, 1)
    # The id may come again: the section that gets it is no theme.
    assert theme_section(add_section(without, 1)) == 1
    assert delete_section(named, 0).theme == build


@pytest.mark.parametrize(("theme", "after"), [(2, FIRST_DROP), (FIRST_DROP, FIRST_DROP), (NO_THEME, NO_THEME)])
def test_another_layout_has_no_theme_of_a_section_that_is_gone(song: Song, theme: int, after: int) -> None:
    assert take_arrangement(set_theme(song, theme), song_from_form(FORM)).theme == after
