"""Bundles: whole or not at all, and nothing of the user's lost."""

import errno
import os
import shutil
from pathlib import Path

import msgspec
import pytest

from song.errors import UserError
from song.export.bundle import STEM_BYTES, WRITTEN, bundle_folder, check_bundle, write_bundle
from song.export.formats import FORMATS, chosen_formats
from song.export.midi import assemble
from song.plan import load_plan
from song.sections import Song
from song.store import load_song
from tests.song_tests.export.made_songs import made_songs

SONGS = made_songs()
SONG = SONGS["one bar"]
SOME = chosen_formats(("flp", "midi", "song"))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != WRITTEN
    }


@pytest.mark.parametrize("name", SONGS)
def test_a_bundle_has_every_usual_format_of_any_song(name: str, tmp_path: Path) -> None:
    song = SONGS[name]
    written = write_bundle(song, tmp_path, chosen_formats())
    files = contents(written.folder)
    stem = written.folder.name
    assert [path.name for path in tmp_path.iterdir()] == [stem]
    assert len(files) == written.files
    usual = {f"{stem}.flp", f"{stem}.mid", f"{stem}.dawproject", f"{stem}.rpp", f"{stem}.drop", "plan.toml"}
    assert usual | {"ARRANGEMENT.html", "ARRANGEMENT.txt", "Tempo.csv"} <= set(files)
    if name != "silent":
        assert {"clips", "scores", "dropsmith.pyscript"} <= {path.partition("/")[0] for path in files}
    assert files[f"{stem}.mid"] == assemble(song)
    assert load_song(written.folder / f"{stem}.drop") == song
    assert load_plan(written.folder / "plan.toml").bars == song.bars


def test_the_same_song_is_the_same_bundle(tmp_path: Path) -> None:
    one, other = (write_bundle(SONGS["ramps"], tmp_path / name, FORMATS).folder for name in ("a", "b"))
    assert contents(one) == contents(other)


@pytest.mark.parametrize(
    ("title", "folder"),
    [
        ("Night Bus", "Night Bus"),
        ("CON", "CON_"),
        ("a/../b", "a .. b"),
        ("🔥" * 80, "🔥" * 15),
        ("x" * 300, "x" * 60),
        ("", "song"),
    ],
)
def test_any_title_has_a_folder(title: str, folder: str, tmp_path: Path) -> None:
    song = msgspec.structs.replace(SONG, title=title)
    assert write_bundle(song, tmp_path, SOME).folder == bundle_folder(song, tmp_path) == tmp_path / folder
    assert len(folder.encode()) <= STEM_BYTES
    assert {path.name for path in (tmp_path / folder).iterdir()} == {
        WRITTEN, f"{folder}.flp", f"{folder}.mid", f"{folder}.drop", "plan.toml",
    }  # fmt: skip


def test_a_folder_that_is_there_is_replaced_only_on_demand(tmp_path: Path) -> None:
    folder = write_bundle(SONG, tmp_path, SOME).folder
    before = contents(folder)
    longer = msgspec.structs.replace(SONGS["plain"], title=SONG.title)
    for attempt in (check_bundle, lambda song, parent, force: write_bundle(song, parent, SOME, force=force)):
        with pytest.raises(UserError, match="is there already: give another folder with --out, or --force"):
            attempt(longer, tmp_path, force=False)
    assert contents(folder) == before
    write_bundle(longer, tmp_path, SOME, force=True)
    assert contents(folder) != before
    assert sorted(contents(folder)) == sorted(before)


def test_what_no_bundle_has_any_more_goes_and_what_is_the_user_s_stays(tmp_path: Path) -> None:
    folder = write_bundle(SONGS["plain"], tmp_path, chosen_formats()).folder
    (folder / "renders").mkdir()
    (folder / "renders" / "kick.wav").write_bytes(b"RIFF mine")
    (folder / "empty").mkdir()
    project = folder / f"{folder.name}.flp"
    project.write_bytes(b"FLhd saved in FL Studio")
    written = write_bundle(SONGS["plain"], tmp_path, chosen_formats(("flp",)), force=True)
    assert written.kept == (f"{folder.name}-2.flp", "renders/kick.wav")
    found = contents(folder)
    assert set(found) == {f"{folder.name}.flp", *written.kept}
    assert found["renders/kick.wav"] == b"RIFF mine"
    assert found[f"{folder.name}-2.flp"] == b"FLhd saved in FL Studio"
    assert (folder / "empty").is_dir()
    again = write_bundle(SONGS["plain"], tmp_path, chosen_formats(("flp",)), force=True)
    assert again.kept == written.kept


@pytest.mark.parametrize("listed", [b"", b"[]", b'{"a": 1}', None])
def test_a_folder_without_its_list_is_all_the_user_s(listed: bytes | None, tmp_path: Path) -> None:
    folder = bundle_folder(SONG, tmp_path)
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    (folder / "link").symlink_to("mine.txt")
    if listed is not None:
        (folder / WRITTEN).write_bytes(listed)
    assert write_bundle(SONG, tmp_path, SOME, force=True).kept == ("link", "mine.txt")
    assert (folder / "link").is_symlink()
    assert (folder / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("make", [lambda path: path.write_text("mine"), lambda path: path.symlink_to("elsewhere")])
def test_what_is_no_folder_stays_even_on_demand(make, tmp_path: Path) -> None:
    place = bundle_folder(SONG, tmp_path)
    make(place)
    for force in (False, True):
        with pytest.raises(UserError, match="is no folder, and stays"):
            write_bundle(SONG, tmp_path, SOME, force=force)
    assert [path.name for path in tmp_path.iterdir()] == [place.name]


def test_a_missing_folder_is_made_and_a_file_in_its_place_is_told(tmp_path: Path) -> None:
    assert write_bundle(SONG, tmp_path / "a" / "b", SOME).folder.parent == tmp_path / "a" / "b"
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UserError, match="is no folder"):
        check_bundle(SONG, tmp_path / "file", force=False)
    with pytest.raises(UserError, match="cannot write"):
        write_bundle(SONG, tmp_path / "file", SOME)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        for attempt in (check_bundle, lambda song, parent, force: write_bundle(song, parent, SOME)):
            with pytest.raises(UserError, match=r"cannot write .*: Permission denied"):
                attempt(SONG, tmp_path, force=False)
        assert not list(tmp_path.iterdir())
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_full_disk_leaves_the_old_bundle_and_nothing_else(
    after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_bundle(SONG, tmp_path, SOME).folder
    before = contents(folder)
    steps = 0

    def fill_up(path: str) -> None:
        nonlocal steps
        steps += 1
        if steps > after:
            raise OSError(errno.ENOSPC, "No space left on device")

    longer = msgspec.structs.replace(SONGS["plain"], title=SONG.title)
    with pytest.raises(UserError, match="No space left on device; choose another folder or free some space"):
        write_bundle(longer, tmp_path, SOME, force=True, step=fill_up)
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_a_swap_that_fails_leaves_the_old_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_bundle(SONG, tmp_path, SOME).folder
    before = contents(folder)
    rename = Path.rename

    def fail_once(path: Path, target: Path) -> Path:
        if Path(target) == folder and path.suffixes[-2:] != [".old", ".tmp"]:
            raise OSError(errno.EIO, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail_once)
    with pytest.raises(UserError, match="Input/output error"):
        write_bundle(SONG, tmp_path, SOME, force=True)
    monkeypatch.undo()
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_a_bundle_that_a_kill_has_moved_aside_is_found_again(tmp_path: Path) -> None:
    folder = write_bundle(SONG, tmp_path, SOME).folder
    (folder / "mine.txt").write_text("mine")
    folder.rename(tmp_path / f".{folder.name}.abc.old.tmp")
    half = tmp_path / f".{folder.name}.xyz.tmp"
    shutil.copytree(tmp_path / f".{folder.name}.abc.old.tmp", half)
    os.utime(half, (0, 0))
    with pytest.raises(UserError, match="is there already"):
        write_bundle(SONG, tmp_path, SOME)
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    assert (folder / "mine.txt").read_text() == "mine"


def test_a_song_out_of_range_writes_nothing(tmp_path: Path) -> None:
    section = SONG.sections[0]
    constraints = msgspec.structs.replace(section.constraints, tempo_bpm=(1.0, 1.0))
    odd = Song(sections=(msgspec.structs.replace(section, constraints=constraints),))
    with pytest.raises(ValueError, match="outside 40-300"):
        write_bundle(odd, tmp_path, SOME)
    assert not list(tmp_path.iterdir())
