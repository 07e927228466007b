"""Locks: one holder at a time, told by name; free once the holder is gone, however it went."""

import errno
import fcntl
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from song.store import load_song, save_song
from tests.places import ROOT
from tests.tui_tests.driving import running, short_song
from tui.files.locks import HeldError, Holder, lock_path, take_lock

HOLD = "import sys; from pathlib import Path; from tui.files.locks import take_lock\n"
HOLD += "lock = take_lock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"


@contextmanager
def holding(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the lock of a file until its stdin closes."""
    command = [sys.executable, "-c", HOLD, str(path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"held\n"
            yield process
        finally:
            process.kill()


def test_the_second_is_told_who_has_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.drop"
    with holding(path) as other, pytest.raises(HeldError) as caught:
        take_lock(path)
    assert caught.value.holder == Holder(other.pid, socket.gethostname())
    assert f"a.drop is open elsewhere (process {other.pid} on " in str(caught.value)


def test_two_in_one_process_keep_each_other_out(tmp_path: Path) -> None:
    lock = take_lock(tmp_path / "a.drop")
    with pytest.raises(HeldError):
        take_lock(tmp_path / "a.drop")
    assert take_lock(tmp_path / "b.drop").held
    lock.release()
    lock.release()
    assert not lock.held
    assert take_lock(tmp_path / "a.drop").held


def test_a_released_lock_leaves_no_file(tmp_path: Path) -> None:
    lock = take_lock(tmp_path / "a.drop")
    assert [path.name for path in tmp_path.iterdir()] == [".a.drop.lock"]
    lock.release()
    assert list(tmp_path.iterdir()) == []


def test_a_lock_goes_with_the_one_who_refers_to_it(tmp_path: Path) -> None:
    take_lock(tmp_path / "a.drop")
    assert take_lock(tmp_path / "a.drop").held


def test_what_a_dead_owner_was_just_starting_holds_a_lock_for_a_moment_only(tmp_path: Path) -> None:
    path = tmp_path / "a.drop"
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    lock_path(path).write_bytes(msgspec.json.encode(Holder(int(gone.stdout), socket.gethostname())))
    with lock_path(path).open("r+b") as inherited:
        fcntl.flock(inherited, fcntl.LOCK_EX)
        ends = threading.Timer(0.2, lambda: fcntl.flock(inherited, fcntl.LOCK_UN))
        ends.start()
        assert take_lock(path).held
        ends.join()


def test_the_lock_of_a_killed_process_is_free_even_before_it_is_reaped(tmp_path: Path) -> None:
    path = tmp_path / "a.drop"
    with holding(path) as other:
        os.kill(other.pid, signal.SIGKILL)
        assert other.stdout is not None
        other.stdout.read()  # It ends once the process has closed all it had open.
        assert lock_path(path).exists()
        lock = take_lock(path)
    assert lock.held


def test_another_machine_is_believed_and_told_how_to_go_past(tmp_path: Path) -> None:
    path = tmp_path / "a.drop"
    lock_path(path).write_bytes(msgspec.json.encode(Holder(1, "gpubox")))
    with pytest.raises(HeldError, match=r"process 1 on gpubox.*delete \.a\.drop\.lock"):
        take_lock(path)
    assert lock_path(path).exists()


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"\xff\x00", b'{"pid": "x", "host": 3}', b'{"pid": 1, "host": "\xff"}', b'{"x": ' + b"[" * 4000),
        *(b'{"pid": %d, "host": "HERE"}' % pid for pid in (2**63, 2**31, -1, 0)),
    ],
)
def test_a_lock_file_that_says_nothing_keeps_nobody_out(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.drop"
    lock_path(path).write_bytes(content.replace(b"HERE", socket.gethostname().encode()))
    assert take_lock(path).held


def test_a_lock_is_told_by_the_file_and_not_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "songs").mkdir()
    (tmp_path / "link.drop").symlink_to(tmp_path / "songs" / "a.drop")
    lock = take_lock(tmp_path / "link.drop")
    with pytest.raises(HeldError):
        take_lock(tmp_path / "songs" / "a.drop")
    lock.release()


@pytest.mark.parametrize("folder", ["none", "file"])
def test_where_nothing_can_be_written_nothing_is_locked(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").touch()
    lock = take_lock(tmp_path / folder / "a.drop")
    assert not lock.held
    lock.release()
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_links_in_a_circle_have_a_lock_as_any_name_has(tmp_path: Path) -> None:
    (tmp_path / "a.drop").symlink_to("a.drop")
    lock = take_lock(tmp_path / "a.drop")
    assert lock.held
    with pytest.raises(HeldError):
        take_lock(tmp_path / "a.drop")
    lock.release()


def test_where_the_file_system_knows_no_locks_the_process_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int, _how: int) -> None:
        raise OSError(errno.ENOLCK, "no locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    path = tmp_path / "a.drop"
    with holding(path) as other, pytest.raises(HeldError, match=str(other.pid)):
        take_lock(path)
    assert other.wait() is not None
    assert take_lock(path).held


async def test_the_second_app_is_told_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    save_song(path, short_song())
    with holding(path) as other:
        before = path.read_bytes()
        async with running("--silent", path=path) as app:
            assert "night.drop, read-only" in app.rows("arrangement")[0]
            assert (
                f"read-only, S saves it elsewhere: night.drop is open elsewhere (process {other.pid}" in app.main.note
            )
            await app.press("+", "s")
            assert "not saved, S saves it elsewhere: night.drop is open elsewhere" in app.main.note
            assert not app.work.saved
            await app.press("ctrl+q")
        kept = Path(shlex.split(app.app.return_value or "")[-1])
        assert load_song(kept) == app.song
        assert path.read_bytes() == before


async def test_the_second_may_save_once_the_first_has_gone(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    save_song(path, short_song())
    with holding(path) as other:
        async with running("--silent", path=path) as app:
            await app.press("+")
            other.kill()
            other.wait()
            await app.press("s")
            assert "saved night.drop" in app.main.note
            assert "read-only" not in app.rows("arrangement")[0]
            with pytest.raises(HeldError):
                take_lock(path)
        assert load_song(path) == app.song
        assert not lock_path(path).exists()
