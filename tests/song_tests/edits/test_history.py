"""The walk back and forth along edits, edits that undo as one, and ids that no two sections get."""

from hypothesis import given
from hypothesis import strategies as st

from song.edits.constraints import set_constraints
from song.edits.history import History
from song.edits.sections import add_section, delete_section, take_arrangement
from song.edits.takes import add_takes, set_bars
from song.parts import Part
from song.sections import Song, number_sections
from tests.song_tests.edited_songs import DROP, SONG, take


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


def test_an_amended_edit_undoes_with_the_edit_before_it(song: Song) -> None:
    history = History(song).after(lambda s: set_bars(s, DROP, 4))
    history = history.after(lambda s: add_takes(s, 0, Part.DRUMS, (take(1),)))
    history = history.amended(lambda s: add_takes(s, 0, Part.BASS, (take(2),)))
    assert history.present.sections[0].cells.bass.takes[0].seed == 2
    assert history.undone().present == set_bars(song, DROP, 4)
    assert history.undone().redone().present == history.present


def test_an_amended_edit_drops_what_was_undone(song: Song) -> None:
    history = History(song).after(lambda s: set_bars(s, DROP, 4)).after(lambda s: set_bars(s, DROP, 5)).undone()
    assert history.amended(lambda s: set_bars(s, DROP, 6)).future == ()


def test_amending_where_nothing_was_edited_is_an_edit(song: Song) -> None:
    history = History(song).amended(lambda s: set_bars(s, DROP, 4))
    assert history.undone().present == song
    same = History(song).amended(lambda s: s)
    assert same.past == ()
