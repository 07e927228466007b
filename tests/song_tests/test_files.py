"""Files are written whole or not at all, and what cannot be written is said before work starts."""

import os
import resource
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from song.errors import UserError
from song.files import (
    check_is_file,
    check_writable,
    is_there,
    mark_of,
    read_file,
    read_text,
    remove_leftovers,
    write_atomically,
)
from tests.places import ROOT

WAYS = (check_writable, lambda path: write_atomically(path, b"x"))


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
    for act in WAYS:
        with pytest.raises(UserError, match="it is a folder; add a file name"):
            act(tmp_path / "a.mid")
    assert names(tmp_path) == ["a.mid"]


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


@pytest.mark.parametrize(("make", "kind"), [(make_pipe, "a pipe"), (make_socket, "a socket")])
@pytest.mark.parametrize("linked", [False, True], ids=["itself", "through a link"])
def test_what_is_no_file_is_never_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], kind: str, linked: bool
) -> None:
    monkeypatch.chdir(tmp_path)  # The name of a socket may have 107 bytes, which tmp_path alone can exceed.
    make(Path("a.mid"))
    before = Path("a.mid").lstat()
    Path("link.mid").symlink_to("a.mid")
    name = Path("link.mid" if linked else "a.mid")
    for act in WAYS:
        with pytest.raises(UserError, match=f"cannot write {name}: it is {kind}, not a file; give another name"):
            act(name)
    with pytest.raises(UserError, match=f"cannot open {name}: it is {kind}"):
        check_is_file(name)
    assert os.path.samestat(before, Path("a.mid").lstat())
    assert stat.S_IFMT(before.st_mode) == stat.S_IFMT(Path("a.mid").lstat().st_mode)
    assert names(tmp_path) == ["a.mid", "link.mid"]


def test_what_goes_through_a_pipe_is_left_there(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.mid")
    reader = os.open(tmp_path / "a.mid", os.O_RDONLY | os.O_NONBLOCK)
    try:
        with pytest.raises(UserError, match="a pipe"):
            write_atomically(tmp_path / "a.mid", b"x")
        assert os.read(reader, 10) == b""
    finally:
        os.close(reader)


@pytest.mark.parametrize("chain", [["a.mid"], ["sub/a.mid"], ["one", "a.mid"]], ids=str)
def test_a_link_stays_a_link_and_what_it_points_at_is_written(tmp_path: Path, chain: list[str]) -> None:
    (tmp_path / "sub").mkdir()
    link = tmp_path / "link.mid"
    at = link
    for step in chain:
        at.symlink_to(tmp_path / step)
        at = tmp_path / step
    for data in (b"made", b"replaced"):
        check_writable(link)
        write_atomically(link, data)
        assert link.is_symlink()
        assert not at.is_symlink()
        assert at.read_bytes() == data
    at.chmod(0o640)
    write_atomically(link, b"x")
    assert at.stat().st_mode & 0o777 == 0o640
    assert not list(tmp_path.rglob(".*"))


def test_a_link_into_a_linked_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "songs").symlink_to("real")
    (tmp_path / "real" / "link.mid").symlink_to("../a.mid")
    write_atomically(tmp_path / "songs" / "link.mid", b"x")
    assert (tmp_path / "a.mid").read_bytes() == b"x"
    assert (tmp_path / "songs").is_symlink()


def test_links_that_lead_nowhere_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.mid").symlink_to("b.mid")
    (tmp_path / "b.mid").symlink_to("a.mid")
    for act in WAYS:
        with pytest.raises(UserError, match="Too many levels of symbolic links"):
            act(tmp_path / "a.mid")
    (tmp_path / "c.mid").symlink_to("none/c.mid")
    with pytest.raises(UserError, match=r"there is no folder .*none; make it first"):
        check_writable(tmp_path / "c.mid")
    with pytest.raises(UserError, match="No such file or directory"):
        write_atomically(tmp_path / "c.mid", b"x")
    assert names(tmp_path) == ["a.mid", "b.mid", "c.mid"]


def test_files_and_free_names_may_be_opened(tmp_path: Path) -> None:
    (tmp_path / "a.mid").touch()
    (tmp_path / "link.mid").symlink_to("a.mid")
    for name in ("a.mid", "link.mid", "none.mid", "none/a.mid"):
        check_is_file(tmp_path / name)


def test_only_what_a_kill_has_left_of_this_file_is_removed(tmp_path: Path) -> None:
    for name in (".a.mid.x1.tmp", ".b.mid.x1.tmp", "a.mid.x1.tmp", ".a.mid.lock"):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1, 1))
    (tmp_path / ".a.mid.new.tmp").touch()
    remove_leftovers(tmp_path / "a.mid")
    assert names(tmp_path) == [".a.mid.lock", ".a.mid.new.tmp", ".b.mid.x1.tmp", "a.mid.x1.tmp"]
    remove_leftovers(tmp_path / "none" / "a.mid")


def test_a_file_in_the_folders_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(UserError, match="there is no folder"):
        check_writable(tmp_path / "a" / "b.mid")


def test_what_permissions_forbid_is_named(tmp_path: Path) -> None:
    (tmp_path / "old.mid").write_bytes(b"old")
    (tmp_path / "old.mid").chmod(0o444)
    (tmp_path / "closed").mkdir(mode=0o555)
    code = (
        "import sys; from pathlib import Path\n"
        "from song.errors import UserError; from song.files import check_writable, write_atomically\n"
        "for name in sys.argv[1:]:\n"
        "    for act in (check_writable, lambda path: write_atomically(path, b'new')):\n"
        "        try:\n"
        "            act(Path(name)); print('written')\n"
        "        except UserError as error:\n"
        "            print(error)\n"
    )
    paths = [str(tmp_path / "old.mid"), str(tmp_path / "closed" / "new.mid")]
    told = subprocess.run(
        [sys.executable, "-m", "tests.fault_injection", "obey_permissions", sys.executable, "-c", code, *paths],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert told == [
        *[f"cannot write {paths[0]}: permission denied; choose another path"] * 2,
        f"cannot write {paths[1]}: Permission denied; choose another folder",
        f"cannot write {paths[1]}: Permission denied; choose another folder or free some space",
    ]
    assert (tmp_path / "old.mid").read_bytes() == b"old"
    assert names(tmp_path / "closed") == []


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
        writer = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, cwd=ROOT)
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


def test_a_mark_changes_with_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert mark_of(path) is None
    path.write_bytes(b"1")
    first = mark_of(path)
    assert mark_of(path) == first
    path.write_bytes(b"22")
    assert mark_of(path) not in (None, first)


def test_a_file_is_read_up_to_a_size_and_only_if_it_is_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbfN\xc3\xa4chte")
    assert read_text(path, 10) == "Nächte"
    with pytest.raises(UserError, match="is over"):
        read_file(path, 9)
    with pytest.raises(UserError, match="No such file"):
        read_file(tmp_path / "none", 9)
    path.write_bytes(b"n\xe4chte")
    with pytest.raises(UserError, match="not UTF-8 text at byte 1"):
        read_text(path, 10)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match="is a pipe"):
        read_file(tmp_path / "pipe", 9)
    assert not is_there(Path("a\0b"))
