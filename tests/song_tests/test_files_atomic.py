"""Files are written whole or not at all, and what cannot be written is said before work starts."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from song.errors import UserError
from song.files import check_writable, write_atomically


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_file_is_made_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.mid"
    for data in (b"one", b"", b"two" * 100_000):
        write_atomically(path, data)
        assert path.read_bytes() == data
        assert names(tmp_path) == ["a.mid"]


def test_a_new_file_has_the_mode_that_any_new_file_has(tmp_path: Path) -> None:
    write_atomically(tmp_path / "ours", b"")
    (tmp_path / "theirs").touch()
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "theirs").stat().st_mode


def test_a_replaced_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.drop"
    path.touch()
    path.chmod(0o640)
    write_atomically(path, b"x")
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none" / "a.mid"
    with pytest.raises(UserError, match=r"cannot write .*a\.mid: No such file or directory; choose another folder"):
        write_atomically(path, b"x")
    with pytest.raises(UserError, match=r"there is no folder .*none; make it first"):
        check_writable(path)


def test_a_folder_in_the_files_place_is_named_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.mid").mkdir()
    with pytest.raises(UserError, match="cannot write"):
        write_atomically(tmp_path / "a.mid", b"x")
    with pytest.raises(UserError, match="it is a folder; add a file name"):
        check_writable(tmp_path / "a.mid")
    assert names(tmp_path) == ["a.mid"]


def test_a_file_in_the_folders_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(UserError, match="there is no folder"):
        check_writable(tmp_path / "a" / "b.mid")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system that takes no new files, as /proc")
def test_a_place_that_takes_no_files_is_named() -> None:
    with pytest.raises(UserError, match=r"cannot write /proc/a\.mid"):
        check_writable(Path("/proc/a.mid"))
    with pytest.raises(UserError, match=r"cannot write /proc/a\.mid"):
        write_atomically(Path("/proc/a.mid"), b"x")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    (tmp_path / "old.mid").touch(mode=0o444)
    with pytest.raises(UserError, match="permission denied"):
        check_writable(tmp_path / "old.mid")
    tmp_path.chmod(0o555)
    try:
        for act in (check_writable, lambda path: write_atomically(path, b"x")):
            with pytest.raises(UserError, match="Permission denied"):
                act(tmp_path / "new.mid")
    finally:
        tmp_path.chmod(0o755)


def test_checking_leaves_nothing_behind(tmp_path: Path) -> None:
    check_writable(tmp_path / "new.mid")
    assert names(tmp_path) == []
    (tmp_path / "old.mid").write_bytes(b"old")
    check_writable(tmp_path / "old.mid")
    assert (tmp_path / "old.mid").read_bytes() == b"old"
    assert names(tmp_path) == ["old.mid"]


def test_a_disk_that_fills_up_leaves_the_old_file(tmp_path: Path) -> None:
    # A limit on the size of files stands in for the full disk: the system refuses the bytes beyond it.
    path = tmp_path / "a.drop"
    path.write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(UserError, match=r"cannot write .*a\.drop: .*; choose another folder or free some space"):
            write_atomically(path, b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.drop"]


def test_a_writer_killed_at_any_time_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "a.drop"
    path.write_bytes(b"0" * 200_000)
    code = (
        "import sys; from pathlib import Path; from song.files import write_atomically\n"
        "print('go', flush=True)\n"
        "while True:\n"
        "    for digit in b'123':\n"
        "        write_atomically(Path(sys.argv[1]), bytes([digit]) * 200_000)\n"
    )
    for _ in range(5):
        writer = subprocess.Popen(
            [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        for _ in range(20):
            data = path.read_bytes()
            assert len(data) == 200_000
            assert len(set(data)) == 1
        writer.kill()
        writer.communicate()
        data = path.read_bytes()
        assert (len(data), len(set(data))) == (200_000, 1)
