"""The walk back and forth along edits and fills, edits that undo as one, and ids that no two sections get."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from song.edits.bars import add_written
from song.edits.constraints import set_constraints
from song.edits.history import Edit, History
from song.edits.sections import add_section, delete_section, take_arrangement
from song.edits.takes import add_takes, set_bars, set_locked
from song.errors import UserError
from song.parts import Part
from song.sections import CellKey, Song, number_sections
from tests.song_tests.edited_songs import DROP, SONG, take


def test_undo_and_redo_walk_along_the_edits() -> None:
    history = History(SONG)
    for bars in (5, 6, 7):
        history = history.after(lambda song, bars=bars: set_bars(song, 0, bars))
    seen = [history := history.undo() for _ in range(4)]
    assert [step.present.sections[0].bars for step in seen] == [6, 5, 4, 4]
    seen = [history := history.redo() for _ in range(4)]
    assert [step.present.sections[0].bars for step in seen] == [5, 6, 7, 7]


def test_an_edit_after_undoing_forgets_what_was_undone() -> None:
    history = History(SONG).after(lambda song: set_bars(song, 0, 5)).undo().after(lambda song: set_bars(song, 0, 6))
    assert history.redo() == history
    assert history.undo().present == SONG


def test_an_edit_that_changes_nothing_leaves_no_trace() -> None:
    history = History(SONG).after(lambda song: set_bars(song, 0, 5)).undo()
    assert history.after(lambda song: set_bars(song, 0, 4)) is history


@given(st.lists(st.sampled_from(["longer", "lock", "undo", "redo"]), max_size=20))
def test_history_is_a_walk_along_one_line(moves: list[str]) -> None:
    history, line, at = History(SONG), [SONG], 0
    for number, move in enumerate(moves, 1):
        if move == "undo":
            history, at = history.undo(), max(0, at - 1)
        elif move == "redo":
            history, at = history.redo(), min(len(line) - 1, at + 1)
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
    for before in (history.undo(), history.after(lambda song: delete_section(song, 3))):
        again = before.after(lambda song: add_section(song, 2))
        assert again.present.sections[3].id > gone
        assert [section.id for section in again.present.sections[:3]] == [1, 2, 3]
        assert again.undo().redo() == again
    assert history.undo().redo().present.sections[3].id == gone


def test_sections_of_an_arrangement_are_new_ones() -> None:
    numbered = number_sections(SONG)
    history = History(numbered).after(lambda song: take_arrangement(song, numbered))
    ids = [section.id for section in history.present.sections]
    assert ids == [4, 5, 6]
    assert [section.id for section in history.undo().present.sections] == [1, 2, 3]


def test_an_amended_edit_undoes_with_the_edit_before_it(song: Song) -> None:
    history = History(song).after(lambda s: set_bars(s, DROP, 4))
    history = history.after(lambda s: add_takes(s, 0, Part.DRUMS, (take(1),)))
    history = history.amended(lambda s: add_takes(s, 0, Part.BASS, (take(2),)))
    assert history.present.sections[0].cells.bass.takes[0].seed == 2
    assert history.undo().present == set_bars(song, DROP, 4)
    assert history.undo().redo().present == history.present


def test_an_amended_edit_drops_what_was_undone(song: Song) -> None:
    history = History(song).after(lambda s: set_bars(s, DROP, 4)).after(lambda s: set_bars(s, DROP, 5)).undo()
    assert history.amended(lambda s: set_bars(s, DROP, 6)).future == ()


def test_amending_where_nothing_was_edited_is_an_edit(song: Song) -> None:
    history = History(song).amended(lambda s: set_bars(s, DROP, 4))
    assert history.undo().present == song
    same = History(song).amended(lambda s: s)
    assert same.past == ()


def brings(part: Part, seed: int) -> Edit:
    """The takes that a fill brings for a cell of the first section."""
    return lambda song: add_takes(song, 0, part, (take(seed),))


def test_a_fill_is_one_step_where_it_was_asked_for_however_many_cells_it_brings(song: Song) -> None:
    history = History(song).filling(1).filled(1, brings(Part.DRUMS, 1))
    history = history.after(lambda s: set_bars(s, DROP, 7)).filled(1, brings(Part.BASS, 2)).over(1)
    both = history.present
    assert len(history.done) == 2
    edit_undone = history.undo()
    assert edit_undone.present == brings(Part.BASS, 2)(brings(Part.DRUMS, 1)(song))
    assert edit_undone.undo().present == song
    assert edit_undone.undo().undo().present == song
    assert edit_undone.undo().redo().redo().present == both


def test_undo_passes_over_a_fill_that_goes_on_and_what_it_wrote_stays(song: Song) -> None:
    history = History(song).after(lambda s: set_bars(s, DROP, 7)).filling(1).filled(1, brings(Part.DRUMS, 1))
    undone = history.undo()
    assert undone.present == brings(Part.DRUMS, 1)(song)
    assert undone.is_filling
    more = undone.filled(1, brings(Part.BASS, 2))
    assert more.present.sections[0].cells.bass.takes
    assert more.undo() is more
    assert more.redo().present == set_bars(more.present, DROP, 7)
    over = more.redo().over(1)
    assert over.undo().present == more.present
    assert over.undo().undo().present == song
    assert not over.is_filling


def test_a_fill_that_brings_nothing_leaves_no_trace(song: Song) -> None:
    history = History(song).after(lambda s: set_bars(s, DROP, 7))
    assert history.filling(1).over(1) == history
    assert history.filling(1).undo().present == song


def test_a_fill_joined_to_an_edit_is_one_step_with_it(song: Song) -> None:
    edit: Edit = brings(Part.LEAD, 3)
    history = History(song).after(lambda s: set_bars(s, DROP, 7)).after(edit).filling(1, edit)
    history = history.filled(1, brings(Part.DRUMS, 1))
    assert history.undo().present == brings(Part.DRUMS, 1)(edit(song))
    assert history.over(1).undo().present == set_bars(song, DROP, 7)


def test_what_the_song_refuses_is_told_and_changes_nothing(song: Song) -> None:
    history = History(song).after(lambda s: set_locked(s, 0, Part.DRUMS, True)).filling(1)
    with pytest.raises(UserError, match="locked"):
        history.filled(1, brings(Part.DRUMS, 1))


def test_a_cell_that_was_locked_since_has_what_came_once_the_lock_is_undone(song: Song) -> None:
    history = History(song).filling(1).after(lambda s: set_locked(s, 0, Part.DRUMS, True))
    brought = history.filled(1, brings(Part.DRUMS, 1)).filled(1, brings(Part.BASS, 2))
    assert brought.present.sections[0].cells.drums.takes == ()
    assert brought.undo().present == brings(Part.BASS, 2)(brings(Part.DRUMS, 1)(song))


def test_a_fill_that_brings_nothing_gives_redo_back_what_it_had(song: Song) -> None:
    undone = History(song).after(lambda s: set_bars(s, DROP, 7)).undo()
    assert undone.filling(1).redo() == undone.filling(1)
    assert undone.filling(1).over(1) == undone
    brought = undone.filling(1).filled(1, brings(Part.DRUMS, 1)).over(1)
    assert brought.redo() is brought
    edited = undone.filling(1).after(lambda s: set_bars(s, DROP, 9)).over(1)
    assert edited.redo() is edited


def test_what_comes_between_undo_and_redo_is_there_after_redo(song: Song) -> None:
    history = History(song).after(lambda s: add_section(s, DROP)).filling(1)
    new = DROP + 1
    key = CellKey(history.present.sections[new].id, Part.LEAD)
    undone = history.undo()
    brought = undone.filled(1, lambda s: add_written(s, key, (take(5),)))
    assert brought.present == song
    assert brought.redo().present.sections[new].cells.lead.takes


def test_undoing_the_unlocking_of_a_cell_that_is_being_written_keeps_what_came(song: Song) -> None:
    key = CellKey(number_sections(song).sections[0].id, Part.BASS)
    locked = set_locked(number_sections(song), 0, Part.BASS, True)
    history = History(locked).after(lambda s: set_locked(s, 0, Part.BASS, False)).filling(1)
    history = history.filled(
        1,
        lambda s: add_written(s, key, (take(5),)),
        lambda s: add_written(s, key, (take(5),), though_locked=True),
    )
    cell = history.undo().present.sections[0].cells.bass
    assert cell.locked
    assert cell.takes


def test_what_comes_for_no_fill_of_this_history_is_an_edit(song: Song) -> None:
    history = History(song).filled(9, brings(Part.DRUMS, 1))
    assert history.undo().present == song


@given(st.lists(st.sampled_from(["longer", "ask", "bring", "end", "undo", "redo"]), max_size=30))
def test_nothing_that_a_fill_wrote_is_undone_while_it_goes_on(moves: list[str]) -> None:
    history, fill, brought, parts = History(SONG), 0, 0, list(Part)
    for number, move in enumerate(moves, 1):
        before = history
        match move:
            case "longer":
                history = history.after(lambda song, bars=5 + number: set_bars(song, DROP, bars))
            case "ask":
                fill, brought = number, 0
                history = history.filling(fill)
            case "bring" if fill and brought < len(parts):
                history = history.filled(fill, brings(parts[brought], number))
                brought += 1
            case "end":
                history, fill = history.over(fill), 0
            case "undo":
                history = before.undo()
                assert history.redo().present == before.present
            case "redo":
                history = before.redo()
        if fill:
            takes = [history.present.sections[0].cell(part).takes for part in parts[:brought]]
            assert all(takes), f"{move} lost what was written"
