"""The song being worked on: edits, fills that undo as one, seeds, files, and that nothing is lost on quitting."""

import os
from pathlib import Path

import msgspec
import pytest

from model.protocol import CellRef
from song.edits.constraints import set_range
from song.edits.takes import set_bars, set_locked
from song.errors import UserError
from song.parts import Part
from song.sections import CellKey
from song.store import load_song, save_song
from tests.tui_tests.driving import filled_song, one_note_take, short_song
from tui.autosave import Autosave
from tui.files.paths import file_stem, short_path
from tui.workspace import Workspace


def test_without_a_path_there_is_a_ready_made_arrangement() -> None:
    work = Workspace.open(None)
    assert work.song.title == "Untitled"
    assert [section.bars for section in work.song.sections] == [8, 8, 16, 8, 8, 16, 8]
    assert work.saved


def test_a_path_without_a_file_is_where_the_song_will_be(tmp_path: Path) -> None:
    work = Workspace.open(tmp_path / "Night Bus.drop")
    assert work.song.title == "Night Bus"
    work.save()
    assert load_song(tmp_path / "Night Bus.drop") == work.song


def test_a_file_that_is_no_song_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "broken.drop"
    path.write_text("{")
    with pytest.raises(UserError, match=r"broken\.drop"):
        Workspace.open(path)
    assert path.read_text() == "{"


def test_the_takes_of_a_fill_undo_as_one_and_redo_as_one() -> None:
    work = Workspace(short_song())
    before = work.song
    work.accept(1, CellKey(1, Part.DRUMS), (one_note_take(2),))
    work.accept(1, CellKey(2, Part.DRUMS), (one_note_take(4),))
    after = work.song
    assert work.undo()
    assert work.song == before
    assert not work.undo()
    assert work.redo()
    assert work.song == after


def test_an_edit_in_the_middle_of_a_fill_stands_by_itself() -> None:
    work = Workspace(short_song())
    work.accept(1, CellKey(1, Part.DRUMS), (one_note_take(2),))
    work.step_field(1)
    longer = work.song
    work.accept(1, CellKey(2, Part.DRUMS), (one_note_take(4),))
    work.undo()
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


def test_saving_without_a_file_never_writes_over_another(tmp_path: Path) -> None:
    (tmp_path / "Short.drop").write_text("mine")
    work = Workspace(short_song())
    assert work.save() == tmp_path / "Short-2.drop"
    assert (tmp_path / "Short.drop").read_text() == "mine"
    work.step_field(1)
    assert work.save() == tmp_path / "Short-2.drop"


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


def test_changes_are_kept_in_the_songs_file(tmp_path: Path) -> None:
    path = tmp_path / "a.drop"
    save_song(path, short_song())
    work = Workspace.open(path)
    work.step_field(1)
    assert work.keep() == path
    assert load_song(path) == work.song


def test_changes_of_a_song_without_a_file_are_kept_apart(tmp_path: Path) -> None:
    work = Workspace(short_song())
    work.step_field(1)
    path = work.keep()
    assert path is not None
    assert path.is_relative_to(tmp_path / "state")
    assert load_song(path) == work.song
    assert work.path is None


def test_changes_are_kept_apart_where_the_folder_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    work = Workspace(short_song(), folder / "a.drop")
    work.step_field(1)
    folder.rmdir()
    kept = work.keep()
    assert kept is not None
    assert load_song(kept) == work.song


@pytest.mark.parametrize(
    ("title", "stem"),
    [("Night Bus", "Night Bus"), ("a/b\\c:d", "a b c d"), ("..", "song"), ("", "song"), ("x" * 200, "x" * 120)],
)
def test_titles_become_file_names(title: str, stem: str) -> None:
    assert file_stem(title) == stem


def test_paths_are_shown_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert short_path(tmp_path / "a.mid") == "a.mid"
    assert short_path(tmp_path / "home" / "b" / "a.mid") in ("~/b/a.mid", "home/b/a.mid")
    assert short_path(Path("/nowhere/a.mid")) == "/nowhere/a.mid"


def test_a_file_that_cannot_be_seen_is_no_new_song(tmp_path: Path) -> None:
    (tmp_path / "a.drop").symlink_to("a.drop")
    with pytest.raises(UserError, match=r"cannot open .*a\.drop: Too many levels of symbolic links"):
        Workspace.open(tmp_path / "a.drop")
    with pytest.raises(UserError, match="File name too long"):
        Workspace.open(tmp_path / f"{'x' * 300}.drop")
    assert [path.name for path in tmp_path.iterdir()] == ["a.drop"]


def test_a_file_name_that_is_no_text_can_be_saved_and_autosaved(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.drop"))
    work = Workspace.open(path)
    assert work.song.title == "caf?"
    work.step_field(1)
    autosave = Autosave(work)
    assert autosave.keep()
    assert not autosave.trouble
    autosave.close()
    assert work.save() == path
    assert load_song(path) == work.song


@pytest.mark.parametrize("title", ["🎵" * 200, "/" * 50, "..", "a\x00b"])
def test_any_title_gives_a_file_name_that_can_be_written(tmp_path: Path, title: str) -> None:
    work = Workspace(msgspec.structs.replace(short_song(), title=title))
    work.step_field(1)
    autosave = Autosave(work)
    assert autosave.keep()
    autosave.close(discard=True)
    kept = work.keep()
    assert kept is not None
    assert load_song(kept) == work.song
    assert work.save().parent == tmp_path


@pytest.mark.parametrize("there", [True, False], ids=["changed", "made"])
def test_what_another_program_has_written_meanwhile_is_not_written_over_unasked(tmp_path: Path, there: bool) -> None:
    path = tmp_path / "a.drop"
    if there:
        save_song(path, short_song())
    work = Workspace.open(path)
    work.step_field(1)
    save_song(path, filled_song())
    for _ in range(2):
        with pytest.raises(UserError, match=r"a\.drop was changed by another program"):
            work.save()
    assert load_song(path) == filled_song()
    kept = work.keep()
    assert kept is not None
    assert kept != path
    work.save_as(path)
    assert load_song(path) == work.song
    work.step_field(1)
    assert work.save() == path


def test_the_same_song_written_again_or_the_file_removed_is_no_change(tmp_path: Path) -> None:
    path = tmp_path / "a.drop"
    save_song(path, short_song())
    work = Workspace.open(path)
    work.step_field(1)
    save_song(path, short_song())
    work.save()
    path.unlink()
    work.step_field(1)
    work.save()
    assert load_song(path) == work.song


def test_a_file_that_was_damaged_meanwhile_is_not_written_over_unasked(tmp_path: Path) -> None:
    path = tmp_path / "a.drop"
    save_song(path, short_song())
    work = Workspace.open(path)
    work.step_field(1)
    path.write_bytes(b"{")
    with pytest.raises(UserError, match="was changed by another program"):
        work.save()
    assert path.read_bytes() == b"{"
