"""The song being worked on: edits, fills that undo as one, seeds, and what is selected."""

from pathlib import Path

import pytest

from model.protocol import CellRef
from song.edits.constraints import set_range
from song.edits.takes import set_bars, set_locked
from song.errors import UserError
from song.parts import Part
from song.sections import CellKey, Song
from tests.tui_tests.driving import filled_song, one_note_take, short_song
from tui.files.kept import keep_apart
from tui.workspace import Workspace


def test_without_a_path_there_is_a_ready_made_arrangement() -> None:
    work = Workspace.open(None)
    assert work.song.title == "Untitled"
    assert [section.bars for section in work.song.sections] == [8, 8, 16, 8, 8, 16, 8]
    assert work.saved


def test_the_takes_of_a_fill_undo_as_one_and_redo_as_one() -> None:
    work = Workspace(short_song())
    before = work.song
    work.begin_fill(1)
    work.accept(1, CellKey(1, Part.DRUMS), (one_note_take(2),))
    work.accept(1, CellKey(2, Part.DRUMS), (one_note_take(4),))
    work.end_fill(1)
    after = work.song
    assert work.undo()
    assert work.song == before
    assert not work.undo()
    assert work.redo()
    assert work.song == after


def test_an_edit_in_the_middle_of_a_fill_stands_by_itself() -> None:
    work = Workspace(short_song())
    work.begin_fill(1)
    work.accept(1, CellKey(1, Part.DRUMS), (one_note_take(2),))
    work.step_field(1)
    work.accept(1, CellKey(2, Part.DRUMS), (one_note_take(4),))
    longer = work.song
    work.undo()
    assert work.song.sections[0].bars == short_song().sections[0].bars
    assert all(work.song.sections[index].cells.drums.takes for index in (0, 1))
    work.redo()
    assert work.song == longer


def test_two_fills_undo_one_after_the_other() -> None:
    work = Workspace(short_song())
    work.accept(1, CellKey(1, Part.DRUMS), (one_note_take(2),))
    first = work.song
    work.accept(2, CellKey(1, Part.DRUMS), (one_note_take(2, seed=2),))
    work.undo()
    assert work.song == first


def test_a_take_is_fitted_to_a_section_that_changed_meanwhile() -> None:
    work = Workspace(set_bars(short_song(), 1, 2))
    work.accept(1, CellKey(2, Part.BASS), (one_note_take(4),))
    phrase = work.song.sections[1].cells.bass.phrase
    assert phrase is not None
    assert phrase.bars == 2


def test_a_take_is_brought_into_the_range_of_its_section() -> None:
    work = Workspace(set_range(short_song(), 1, Part.BASS, 48, 60))
    work.accept(1, CellKey(2, Part.BASS), (one_note_take(4),))
    phrase = work.song.sections[1].cells.bass.phrase
    assert phrase is not None
    assert [note.pitch for note in phrase.notes] == [52]


def test_a_take_for_a_locked_cell_is_refused() -> None:
    work = Workspace(set_locked(short_song(), 0, Part.BASS, True))
    before = work.history
    with pytest.raises(UserError, match="locked"):
        work.accept(1, CellKey(1, Part.BASS), (one_note_take(2),))
    assert work.history is before


def test_every_fill_has_a_seed_of_its_own_that_the_song_repeats() -> None:
    seeds = [Workspace(short_song()).next_seed() for _ in range(2)]
    assert seeds[0] == seeds[1] == short_song().seed
    work = Workspace(short_song())
    several = [work.next_seed() for _ in range(50)]
    assert len(set(several)) == 50
    assert all(0 <= seed < 2**31 for seed in several)


def test_a_reopened_song_does_not_repeat_the_seeds_of_its_takes() -> None:
    work = Workspace(short_song())
    work.accept(1, CellKey(1, Part.DRUMS), (one_note_take(2, seed=work.next_seed()),))
    assert Workspace(work.song).next_seed() != short_song().seed


def test_the_selection_stays_within_the_song() -> None:
    work = Workspace(short_song())
    work.move(-5, -5)
    assert work.cell_ref == CellRef(0, Part.DRUMS)
    work.move(99, 99)
    assert work.cell_ref == CellRef(2, Part.LEAD)


def test_saved_until_something_changes_and_again_after_undo() -> None:
    work = Workspace(short_song())
    work.step_field(1)
    assert not work.saved
    work.undo()
    assert work.saved


def test_an_export_lies_beside_the_song(tmp_path: Path) -> None:
    assert Workspace(filled_song(), tmp_path / "a.drop").export_path() == tmp_path / "a.mid"


def test_an_export_without_a_file_keeps_the_name_it_found_free(tmp_path: Path) -> None:
    (tmp_path / "Short.mid").write_bytes(b"mine")
    work = Workspace(filled_song())
    path = work.export_path()
    assert path == tmp_path / "Short-2.mid"
    path.write_bytes(b"")
    assert work.export_path() == path


def test_nothing_is_kept_where_nothing_changed() -> None:
    assert Workspace(short_song()).keep() is None


def test_a_kept_song_without_sections_is_refused_as_any_other_is() -> None:
    path = keep_apart(Song())
    with pytest.raises(UserError, match="has no sections"):
        Workspace.open(path)
