"""Autosave: there exactly while something is unsaved, within a second, and written over by nobody else."""

import os
import time
from pathlib import Path

import pytest

import tui.autosave
from song.edits.takes import set_bars
from song.errors import UserError
from song.sections import Song
from song.store import load_song, save_song
from tests.tui_tests.driving import filled_song, short_song
from tui.autosave import Autosave, UnsavedWork, autosave_of
from tui.files.locks import take_lock
from tui.files.paths import is_same
from tui.workspace import Workspace


def autosaves(tmp_path: Path) -> list[Path]:
    return sorted(path for path in (tmp_path / "state").rglob("autosave/*.drop"))


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "state").rglob("kept/*.drop"))


def longer(song: Song, bars: int) -> Song:
    return set_bars(song, 0, bars)


def left_behind(path: Path | None, song: Song) -> None:
    """Leave what an app does that had not saved a song when it ended."""
    work = Workspace.open(path)
    work.edit(lambda _: song)
    autosave = Autosave(work)
    assert autosave.keep()
    assert autosave.close()
    work.file.close()


def found_by(work: Workspace) -> tuple[Autosave, UnsavedWork]:
    autosave = Autosave(work)
    found = autosave.find()
    assert found is not None
    return autosave, found


def test_what_is_saved_needs_no_autosave(tmp_path: Path) -> None:
    autosave = Autosave(Workspace(short_song()))
    assert not autosave.keep()
    assert not autosave.close()
    assert autosaves(tmp_path) == []


def test_an_edit_is_on_the_disk_within_a_second(tmp_path: Path) -> None:
    work = Workspace(filled_song(), tmp_path / "a.drop")
    autosave = Autosave(work)
    autosave.start(print)
    waits: list[float] = []
    for _ in range(3):
        work.step_field(1)
        edited = time.monotonic()
        while (path := autosave_of(tmp_path / "a.drop")) is None or load_song(path) != work.song:
            assert time.monotonic() < edited + 5
            time.sleep(0.01)
        waits.append(time.monotonic() - edited)
    autosave.close()
    assert max(waits) < 1


def test_edits_in_a_row_become_one_write(monkeypatch: pytest.MonkeyPatch) -> None:
    writes: list[int] = []
    write = tui.autosave.write_atomically

    def spy(path: Path, data: bytes) -> None:
        writes.append(len(data))
        write(path, data)

    monkeypatch.setattr(tui.autosave, "write_atomically", spy)
    work = Workspace(short_song())
    autosave = Autosave(work)
    for bars in range(3, 60):
        work.edit(lambda song, bars=bars: longer(song, bars))
    assert autosave.keep()
    assert autosave.keep()
    assert len(writes) == 1


def test_it_goes_once_the_song_is_saved_and_once_all_is_undone(tmp_path: Path) -> None:
    work = Workspace(short_song(), tmp_path / "a.drop")
    autosave = Autosave(work)
    work.step_field(1)
    assert autosave.keep()
    work.save()
    assert not autosave.keep()
    assert autosaves(tmp_path) == []
    work.step_field(1)
    assert autosave.keep()
    assert len(autosaves(tmp_path)) == 1
    work.undo()
    assert not autosave.keep()
    assert autosaves(tmp_path) == []
    work.undo()
    assert autosave.keep(), "what was undone across a save is unsaved again"


def test_a_song_that_gets_a_file_is_autosaved_under_its_name(tmp_path: Path) -> None:
    work = Workspace(short_song())
    autosave = Autosave(work)
    work.step_field(1)
    autosave.keep()
    (session,) = autosaves(tmp_path)
    path = work.save()
    work.step_field(1)
    autosave.keep()
    assert autosaves(tmp_path) == [autosave_of(path)]
    assert session != autosave_of(path)
    assert autosave.close()
    assert load_song(autosaves(tmp_path)[0]) == work.song
    assert not list((tmp_path / "state").rglob(".*.lock"))


def test_a_quit_that_kept_the_song_elsewhere_leaves_none(tmp_path: Path) -> None:
    work = Workspace(short_song())
    autosave = Autosave(work)
    work.step_field(1)
    autosave.keep()
    work.keep()
    assert not autosave.close(discard=True)
    assert not autosave.keep()
    assert autosaves(tmp_path) == []


def test_what_was_left_is_found_and_undo_brings_back_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.drop"
    save_song(path, filled_song())
    left_behind(path, longer(filled_song(), 7))
    work = Workspace.open(path)
    autosave, found = found_by(work)
    assert found.song == longer(filled_song(), 7)
    assert found.written_at == pytest.approx(time.time(), abs=10)
    before = autosaves(tmp_path)
    autosave.take(found)
    assert work.song == found.song
    assert not work.saved
    assert autosave.keep()
    assert autosaves(tmp_path) == before
    work.undo()
    assert work.song == filled_song()
    assert not autosave.keep()
    assert autosaves(tmp_path) == []
    assert load_song(path) == filled_song()


def test_what_was_left_is_found_by_a_link_to_the_song(tmp_path: Path) -> None:
    path, link = tmp_path / "a.drop", tmp_path / "link.drop"
    save_song(path, filled_song())
    link.symlink_to(path)
    left_behind(link, longer(filled_song(), 7))
    assert found_by(Workspace.open(path))[1].song == longer(filled_song(), 7)


def test_what_was_left_of_any_song_is_offered_its_own_first(tmp_path: Path) -> None:
    left_behind(tmp_path / "a.drop", longer(short_song(), 7))
    left_behind(None, longer(short_song(), 8))
    left_behind(tmp_path / "b.drop", longer(short_song(), 9))
    (tmp_path / "other").mkdir()
    for opened, first in (("a.drop", "a.drop"), ("b.drop", "b.drop"), ("c.drop", "b.drop"), ("other/a.drop", "b.drop")):
        work = Workspace.open(tmp_path / opened)
        autosave, offers = Autosave(work), []
        assert autosave.find(own=opened in ("other/a.drop", "c.drop")) is None or opened in ("a.drop", "b.drop")
        autosave.close()
        autosave = Autosave(work)
        while (found := autosave.find()) is not None:
            offers.append(found.path)
            autosave.pass_over(found)
        assert offers[0] == tmp_path / first
        assert set(offers) == {tmp_path / "a.drop", tmp_path / "b.drop", None}
        work.file.close()


def test_the_path_of_what_was_left_is_known_whatever_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"n\xe4chte % #1.drop")
    left_behind(path, longer(short_song(), 7))
    assert found_by(Workspace.open(None))[1].path == path


def test_what_another_song_s_file_has_already_is_not_offered(tmp_path: Path) -> None:
    left_behind(tmp_path / "a.drop", longer(filled_song(), 7))
    save_song(tmp_path / "a.drop", longer(filled_song(), 7))
    assert Autosave(Workspace.open(None)).find() is None
    assert autosaves(tmp_path) == []


def test_what_the_file_has_already_is_not_offered(tmp_path: Path) -> None:
    path = tmp_path / "a.drop"
    left_behind(path, longer(filled_song(), 7))
    save_song(path, longer(filled_song(), 7))
    assert Autosave(Workspace.open(path)).find() is None
    assert autosaves(tmp_path) == []


def test_sessions_without_a_file_are_found_the_newest_first(tmp_path: Path) -> None:
    for age, bars in ((30, 3), (10, 4), (20, 5)):
        before = set(autosaves(tmp_path))
        left_behind(None, longer(short_song(), bars))
        (new,) = set(autosaves(tmp_path)) - before
        os.utime(new, (time.time() - age,) * 2)
    work = Workspace.open(None)
    autosave = Autosave(work)
    order = []
    while (found := autosave.find()) is not None:
        order.append(found.song.sections[0].bars)
        autosave.leave(found)
    assert order == [4, 5, 3]
    assert len(kept(tmp_path)) == 3
    assert autosaves(tmp_path) == []


def test_what_is_put_aside_is_a_song_file(tmp_path: Path) -> None:
    path = tmp_path / "a.drop"
    left_behind(path, longer(short_song(), 7))
    autosave, found = found_by(Workspace.open(path))
    where = autosave.leave(found)
    assert [where] == kept(tmp_path)
    assert load_song(where) == found.song
    assert autosave_of(path) is None


def test_the_work_of_a_running_app_is_nobody_elses(tmp_path: Path) -> None:
    running = Workspace.open(None)
    running.step_field(1)
    first = Autosave(running)
    first.keep()
    assert Autosave(Workspace.open(None)).find() is None
    first.close()
    second, found = found_by(Workspace.open(None))
    assert Autosave(Workspace.open(None)).find() is None, "it is being offered already"
    second.take(found)
    second.keep()
    assert Autosave(Workspace.open(None)).find() is None


def test_until_it_is_decided_nothing_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.drop"
    left_behind(path, longer(short_song(), 7))
    work = Workspace.open(path)
    autosave, found = found_by(work)
    autosave.keep()
    autosave.close()
    assert load_song(found.lock.path) == found.song
    assert found_by(Workspace(short_song(), path))[1].song == found.song


def test_what_was_left_of_a_file_long_gone_survives_a_new_one_of_its_name(tmp_path: Path) -> None:
    left_behind(tmp_path / "Short.drop", longer(short_song(), 7))
    work = Workspace(short_song())
    autosave = Autosave(work)
    assert work.save() == tmp_path / "Short.drop"
    work.step_field(1)
    assert autosave.keep()
    (old,) = kept(tmp_path)
    assert load_song(old) == longer(short_song(), 7)
    assert load_song(autosaves(tmp_path)[0]) == work.song


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (b"", "unsaved work, line 1: not a whole song file"),
        (
            b'{"dropsmith": 99, "song": {}}',
            "unsaved work was written by a newer Dropsmith: update Dropsmith to open it",
        ),
        (b"\x00" * 50, "unsaved work, line 1: not a whole song file"),
        (b'{"dropsmith": 2, "song": {}}', "unsaved work has no sections"),
    ],
)
def test_what_cannot_be_read_is_left_alone_and_told(tmp_path: Path, damage: bytes, why: str) -> None:
    path = tmp_path / "a.drop"
    left_behind(path, longer(short_song(), 7))
    (old,) = autosaves(tmp_path)
    old.write_bytes(damage)
    work = Workspace.open(path)
    autosave = Autosave(work)
    assert autosave.find() is None
    assert why in autosave.unreadable
    work.step_field(1)
    assert autosave.keep()
    (new,) = set(autosaves(tmp_path)) - {old}
    assert load_song(new) == work.song
    assert old.read_bytes() == damage


def test_a_file_that_is_not_ours_has_an_autosave_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.drop"
    save_song(path, short_song())
    first, second = Workspace.open(path), Workspace.open(path)
    for work in (first, second):
        work.step_field(1)
        assert Autosave(work).keep()
    assert len(autosaves(tmp_path)) == 2


def test_two_on_a_file_that_takes_no_lock_keep_apart(tmp_path: Path) -> None:
    works = [Workspace(short_song(), tmp_path / "gone" / "a.drop") for _ in range(2)]
    saves = [Autosave(work) for work in works]
    for bars, (work, autosave) in enumerate(zip(works, saves, strict=True), 5):
        work.edit(lambda song, bars=bars: longer(song, bars))
        assert autosave.keep()
    assert sorted(load_song(path).sections[0].bars for path in autosaves(tmp_path)) == [5, 6]


def test_what_a_kill_left_half_written_is_swept_away(tmp_path: Path) -> None:
    path = tmp_path / "a.drop"
    left_behind(path, longer(short_song(), 7))
    (old,) = autosaves(tmp_path)
    half = old.with_name(f".{old.name}.xyz.tmp")
    half.write_bytes(b"{")
    autosave, found = found_by(Workspace.open(path))
    autosave.take(found)
    assert not half.exists()


def test_a_lock_file_that_a_kill_left_alone_goes(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "dropsmith" / "autosave"
    folder.mkdir(parents=True)
    (folder / ".session-1-2.drop.lock").write_bytes(b"")
    assert Autosave(Workspace.open(None)).find() is None
    assert list(folder.iterdir()) == []


def test_trouble_is_told_once_and_its_end_too(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    work = Workspace(short_song())
    told: list[str] = []
    autosave = Autosave(work)
    autosave.start(told.append)
    work.step_field(1)
    assert not autosave.keep()
    work.step_field(1)
    assert not autosave.keep()
    (tmp_path / "state").unlink()
    assert autosave.keep()
    autosave.close()
    assert told == ["Not a directory", ""]
    assert load_song(autosaves(tmp_path)[0]) == work.song


def test_what_cannot_be_put_aside_stays_and_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.drop"
    left_behind(path, longer(short_song(), 7))
    (tmp_path / "state" / "dropsmith" / "kept").write_text("in the way")
    work = Workspace.open(path)
    autosave, found = found_by(work)
    with pytest.raises(UserError, match="it stays at"):
        autosave.leave(found)
    assert autosave.find() is None
    work.step_field(1)
    assert autosave.keep()
    assert load_song(found.lock.path) == found.song
    assert take_lock(found.lock.path).held


@pytest.mark.parametrize("of", ["5", '"%00"', "null"])
def test_an_autosave_whose_origin_makes_no_sense_costs_no_start(tmp_path: Path, of: str) -> None:
    left_behind(tmp_path / "a.drop", longer(short_song(), 7))
    (path,) = autosaves(tmp_path)
    data = path.read_text()
    start = data.index('"of":"')
    path.write_text(f'{data[:start]}"of":{of}{data[data.index(",", start) :]}')
    autosave = Autosave(Workspace.open(None))
    found = autosave.find()
    assert found is None or found.path is None
    assert path.exists()


def test_what_is_left_of_the_open_song_is_its_own_by_whatever_name(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    left_behind(tmp_path / "folder" / "a.drop", longer(short_song(), 7))
    work = Workspace.open(tmp_path / "link" / "a.drop")
    found = Autosave(work).find(own=True)
    assert found is not None
    assert is_same(found.path, work.path)
    with pytest.raises(UserError, match="is open already"):
        work.go_on_with(work.read_other(tmp_path / "folder" / "a.drop"))
