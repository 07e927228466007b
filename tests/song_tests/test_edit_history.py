"""Edits return new songs and leave the rest alone; history walks back and forth along them."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from song.edits.constraints import set_constraints
from song.edits.history import History
from song.edits.sections import add_section, delete_section, take_arrangement
from song.edits.takes import add_takes, clear_cell, fit_phrase, replace_cell, replace_section, set_bars, set_locked
from song.errors import UserError
from song.notes import Note, Phrase, Wobble
from song.parts import PARTS, Part
from song.problems import find_problem
from song.sections import Cell, SectionKind, Song, Take, number_sections
from song.templates import song_from_form
from tests.song_tests.song_strategies import note_tuples, songs, wobble_tuples

SONG = song_from_form([(SectionKind.BUILD, 4), (SectionKind.DROP, 4), (SectionKind.OUTRO, 4)])
TAKE = Take(Phrase(4, (Note(0, 36, 96, 100), Note(1500, 38, 36, 90)), (Wobble(0, 1536, "1/8", 0.5),)), seed=3)


def test_replacing_a_section_leaves_the_others_as_they_are() -> None:
    section = msgspec.structs.replace(SONG.sections[1], name="The drop")
    changed = replace_section(SONG, 1, section)
    assert changed.sections[1] is section
    assert changed.sections[0] is SONG.sections[0]
    assert changed.sections[2] is SONG.sections[2]
    assert SONG.sections[1].name == ""


@pytest.mark.parametrize("part", PARTS)
def test_replacing_a_cell_leaves_the_other_parts_as_they_are(part: Part) -> None:
    cell = Cell((TAKE,), 0)
    section = replace_cell(SONG, 2, part, cell).sections[2]
    assert {other for other in PARTS if section.cell(other) == cell} == {part}


def test_a_constraint_changes_alone() -> None:
    changed = set_constraints(SONG, 1, temperature=1.5).sections[1].constraints
    assert changed == msgspec.structs.replace(SONG.sections[1].constraints, temperature=1.5)


def test_new_takes_come_after_the_old_and_one_of_them_sounds() -> None:
    song = add_takes(SONG, 1, Part.BASS, (TAKE,))
    other = msgspec.structs.replace(TAKE, seed=4)
    cell = add_takes(song, 1, Part.BASS, (other, TAKE), chosen=0).sections[1].cells.bass
    assert cell.takes == (TAKE, other, TAKE)
    assert cell.take == other
    assert cell.phrase == other.phrase


def test_a_take_of_another_length_is_fitted_to_the_section() -> None:
    # The engine was asked while the section had 4 bars; it has 2 when the take arrives.
    song = add_takes(set_bars(SONG, 1, 2), 1, Part.BASS, (TAKE,))
    (take,) = song.sections[1].cells.bass.takes
    assert take.phrase == Phrase(2, (Note(0, 36, 96, 100),), (Wobble(0, 768, "1/8", 0.5),))
    assert take.seed == 3
    assert find_problem(song) is None


def test_a_locked_cell_is_neither_filled_nor_cleared() -> None:
    song = set_locked(add_takes(SONG, 1, Part.BASS, (TAKE,)), 1, Part.BASS, True)
    for edit in (lambda: add_takes(song, 1, Part.BASS, (TAKE,)), lambda: clear_cell(song, 1, Part.BASS)):
        with pytest.raises(UserError, match="the cell is locked: unlock it first"):
            edit()
    unlocked = set_locked(song, 1, Part.BASS, False)
    assert clear_cell(unlocked, 1, Part.BASS) == SONG


def test_a_shorter_section_cuts_its_takes() -> None:
    song = set_bars(add_takes(SONG, 1, Part.BASS, (TAKE,)), 1, 1)
    assert song.sections[1].bars == 1
    assert song.sections[1].cells.bass.phrase == Phrase(1, (Note(0, 36, 96, 100),), (Wobble(0, 384, "1/8", 0.5),))


def test_a_longer_section_ends_its_takes_in_silence() -> None:
    song = set_bars(add_takes(SONG, 1, Part.BASS, (TAKE,)), 1, 8)
    phrase = song.sections[1].cells.bass.phrase
    assert phrase == Phrase(8, TAKE.phrase.notes, TAKE.phrase.wobbles)


@pytest.mark.parametrize("bars", [0, -1, 129])
def test_a_section_of_no_or_too_many_bars_is_refused(bars: int) -> None:
    with pytest.raises(UserError, match=f"a section has 1 to 128 bars, not {bars}"):
        set_bars(SONG, 0, bars)


@given(st.builds(Phrase, st.just(3), note_tuples(Part.BASS, 3), wobble_tuples(3)), st.integers(1, 6))
def test_a_fitted_phrase_lies_within_its_bars(phrase: Phrase, bars: int) -> None:
    fitted = fit_phrase(phrase, bars)
    assert fitted.bars == bars
    assert all(note.end_tick <= fitted.length_ticks for note in fitted.notes)
    assert all(wobble.end_tick <= fitted.length_ticks for wobble in fitted.wobbles)
    assert fit_phrase(fitted, bars) == fitted


@given(songs.filter(lambda song: song.sections), st.integers(1, 6))
@settings(max_examples=30)
def test_a_valid_song_stays_valid_whatever_its_bars_become(song: Song, bars: int) -> None:
    assert find_problem(set_bars(song, 0, bars)) is None


def test_undo_and_redo_walk_along_the_edits() -> None:
    history = History(SONG)
    for bars in (5, 6, 7):
        history = history.after(lambda song, bars=bars: set_bars(song, 0, bars))
    seen = [history := history.undone() for _ in range(4)]
    assert [step.present.sections[0].bars for step in seen] == [6, 5, 4, 4]
    seen = [history := history.redone() for _ in range(4)]
    assert [step.present.sections[0].bars for step in seen] == [5, 6, 7, 7]


def test_an_edit_after_undoing_forgets_what_was_undone() -> None:
    history = History(SONG).after(lambda song: set_bars(song, 0, 5)).undone().after(lambda song: set_bars(song, 0, 6))
    assert history.redone() == history
    assert history.undone().present == SONG


def test_an_edit_that_changes_nothing_leaves_no_trace() -> None:
    history = History(SONG).after(lambda song: set_bars(song, 0, 5)).undone()
    assert history.after(lambda song: set_bars(song, 0, 4)) is history


@given(st.lists(st.sampled_from(["longer", "lock", "undo", "redo"]), max_size=20))
def test_history_is_a_walk_along_one_line(moves: list[str]) -> None:
    history, line, at = History(SONG), [SONG], 0
    for number, move in enumerate(moves, 1):
        if move == "undo":
            history, at = history.undone(), max(0, at - 1)
        elif move == "redo":
            history, at = history.redone(), min(len(line) - 1, at + 1)
        else:
            edited = (
                set_bars(line[at], 0, 4 + number) if move == "longer" else set_constraints(line[at], 0, key=str(number))
            )
            history = history.after(lambda song, edited=edited: edited)
            line, at = [*line[: at + 1], edited], at + 1
        assert history.present == line[at]
        assert (*history.past, history.present, *history.future) == tuple(line)


def test_a_new_section_never_gets_the_id_of_one_that_was_removed() -> None:
    numbered = number_sections(SONG)
    history = History(numbered).after(lambda song: add_section(song, 2))
    gone = history.present.sections[3].id
    for before in (history.undone(), history.after(lambda song: delete_section(song, 3))):
        again = before.after(lambda song: add_section(song, 2))
        assert again.present.sections[3].id > gone
        assert [section.id for section in again.present.sections[:3]] == [1, 2, 3]
        assert again.undone().redone() == again
    assert history.undone().redone().present.sections[3].id == gone


def test_sections_of_an_arrangement_are_new_ones() -> None:
    numbered = number_sections(SONG)
    history = History(numbered).after(lambda song: take_arrangement(song, numbered))
    ids = [section.id for section in history.present.sections]
    assert ids == [4, 5, 6]
    assert [section.id for section in history.undone().present.sections] == [1, 2, 3]
