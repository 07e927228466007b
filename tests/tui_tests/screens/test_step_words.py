"""Steps in words: what is another, where, and from what to what."""

import pytest

from song.edits.history import Edit
from song.edits.sections import delete_section, move_section, rename_section
from song.edits.takes import add_takes, choose_take, clear_cell, set_bars, set_locked
from song.parts import Part
from song.sections import number_sections
from tests.tui_tests.driving import filled_song, one_note_take
from tui.fields import field
from tui.screens.step_words import step_words

SONG = number_sections(filled_song())


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda song: field("tempo").step(song, 1, 1), "tempo of DROP from 140 BPM to 141 BPM"),
        (lambda song: set_bars(song, 1, 2), "bars of DROP from 4 to 2"),
        (lambda song: set_locked(song, 1, Part.BASS, True), "lock of bass in DROP"),
        (lambda song: clear_cell(song, 1, Part.BASS), "takes of bass in DROP"),
        (lambda song: song, ""),
    ],
)
def test_a_change_is_told_by_its_name_and_place(edit: Edit, words: str) -> None:
    assert step_words(SONG, edit(SONG)) == words


def test_another_take_that_sounds_is_a_choice() -> None:
    two = add_takes(SONG, 0, Part.DRUMS, (one_note_take(2, seed=8),))
    assert step_words(two, choose_take(two, 0, Part.DRUMS, 0)).startswith("choice of drums in ")


def test_sections_come_go_move_and_are_named() -> None:
    names = SONG.section_names()
    fewer = delete_section(SONG, 0)
    assert f"{names[0]} is gone" in step_words(SONG, fewer)
    assert f"{names[0]} is back" in step_words(fewer, SONG)
    assert "the order of sections" in step_words(SONG, move_section(SONG, 0, 1))
    assert f"{names[1]} is called Chorus" in step_words(SONG, rename_section(SONG, 1, "Chorus"))


def test_of_many_changes_two_are_told_and_the_others_counted() -> None:
    empty = SONG
    for index, part in SONG.cell_refs():
        empty = clear_cell(empty, index, part)
    words = step_words(SONG, empty)
    assert words.count("takes of") == 2
    assert words.endswith(f"and {len(list(SONG.cell_refs())) - 2} more")
