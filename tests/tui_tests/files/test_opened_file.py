"""The file of the open song: whose it is, what it has, and what is never written over unasked."""

import os
from pathlib import Path

import pytest

from song.errors import UserError
from song.store import load_song, save_song
from tests.tui_tests.driving import filled_song, short_song
from tui.autosave import Autosave
from tui.files.locks import HeldError, take_lock
from tui.files.opened_file import OpenedFile
from tui.workspace import Workspace


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


def test_saving_without_a_file_never_writes_over_another(tmp_path: Path) -> None:
    (tmp_path / "Short.drop").write_text("mine")
    work = Workspace(short_song())
    assert work.save() == tmp_path / "Short-2.drop"
    assert (tmp_path / "Short.drop").read_text() == "mine"
    work.step_field(1)
    assert work.save() == tmp_path / "Short-2.drop"


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


def test_what_the_first_has_saved_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    save_song(path, short_song())
    first, second = Workspace.open(path), Workspace.open(path)
    assert not first.file.read_only
    assert second.file.read_only
    first.step_field(1)
    first.save()
    first.file.close()
    second.step_field(2)
    with pytest.raises(UserError, match="was changed by another program"):
        second.save()
    assert load_song(path) == first.song
    assert take_lock(path).held


def test_a_song_that_cannot_be_opened_is_not_held(tmp_path: Path) -> None:
    path = tmp_path / "broken.drop"
    path.write_text("{")
    with pytest.raises(UserError) as caught:
        Workspace.open(path)
    assert "broken.drop" in str(caught.value)
    assert take_lock(path).held


def test_saving_through_a_link_writes_what_it_points_at(tmp_path: Path) -> None:
    target, link = tmp_path / "a.drop", tmp_path / "link.drop"
    save_song(target, short_song())
    link.symlink_to(target)
    work = Workspace.open(link)
    work.step_field(1)
    assert work.save() == link
    assert link.is_symlink()
    assert load_song(target) == work.song


def test_a_new_file_is_held_from_its_first_save(tmp_path: Path) -> None:
    work = Workspace(short_song())
    path = work.save()
    with pytest.raises(HeldError):
        take_lock(path)
    work.file.close()
    assert [path.name for path in tmp_path.iterdir()] == ["Short.drop"]


def test_its_own_name_is_a_save_and_a_link_to_it_too(tmp_path: Path) -> None:
    path, link = tmp_path / "a.drop", tmp_path / "link.drop"
    work = Workspace.open(path)
    work.save()
    link.symlink_to(path)
    for name_of_it in (path, link):
        work.step_field(1)
        work.save_as(name_of_it)
        assert work.path == path
        assert load_song(path) == work.song
    assert link.is_symlink()


def test_another_name_is_offered_beside_the_file_that_none_has_yet(tmp_path: Path) -> None:
    assert OpenedFile.open(None).other_path("Night Bus") == tmp_path / "Night Bus.drop"
    (tmp_path / "songs").mkdir()
    path = tmp_path / "songs" / "a.drop"
    save_song(path, short_song())
    opened = OpenedFile.open(path)
    assert opened.other_path("Night Bus") == tmp_path / "songs" / "a-2.drop"
    opened.close()
