"""Disks that are full and folders that take nothing: the app says so, keeps the song in memory, and saves it later."""

import resource
import shlex
import signal
from pathlib import Path

import pytest

from song.store import load_song, save_song
from tests.fault_injection import FULL_DISK, NO_MORE_THAN_BYTES, OBEDIENT
from tests.tui_tests.driving import short_song
from tests.tui_tests.terminals import Terminal
from tui.autosave import autosave_of


def free_the_disk(terminal: Terminal) -> None:
    resource.prlimit(terminal.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "state")


def test_a_full_disk_costs_nothing_that_is_not_saved_once_there_is_room(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    save_song(path, short_song())
    before = path.read_bytes()
    assert len(before) > NO_MORE_THAN_BYTES
    terminal = Terminal(str(path), "--silent", prepare=FULL_DISK)
    terminal.read_until("night.drop")
    terminal.send(b"+")
    terminal.read_until("not autosaved: File too large")
    terminal.send(b"+s")
    terminal.read_until("not saved, S saves it elsewhere")
    assert path.read_bytes() == before
    terminal.send(b"+\x11")
    terminal.read_until("quits without saving")
    assert terminal.process.poll() is None
    assert left_in(tmp_path) == [".night.drop.lock", "night.drop"]
    assert autosave_of(path) is None
    free_the_disk(terminal)
    terminal.read_until("autosaved again")
    terminal.send(b"s")
    terminal.read_until("saved night.drop")
    terminal.signal(signal.SIGTERM)
    terminal.finish()
    assert load_song(path).sections[0].bars == short_song().sections[0].bars + 3
    assert left_in(tmp_path) == ["night.drop"]


def test_a_full_disk_lets_one_quit_in_the_end(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    save_song(path, short_song())
    before = path.read_bytes()
    terminal = Terminal(str(path), "--silent", prepare=FULL_DISK)
    terminal.read_until("night.drop")
    terminal.send(b"+\x11")
    terminal.read_until("quits without saving")
    terminal.send(b"\x11")
    terminal.finish()
    assert terminal.process.returncode == 0
    assert path.read_bytes() == before
    assert left_in(tmp_path) == ["night.drop"]


@pytest.mark.parametrize("state_too", [False, True], ids=["the song's folder", "every folder"])
def test_a_folder_that_may_only_be_read(tmp_path: Path, state_too: bool) -> None:
    folder, state, elsewhere = tmp_path / "songs", tmp_path / "state", tmp_path / "elsewhere.drop"
    for made in (folder, state):
        made.mkdir()
    path = folder / "night.drop"
    save_song(path, short_song())
    before = path.read_bytes()
    folder.chmod(0o555)
    state.chmod(0o555 if state_too else 0o755)
    terminal = Terminal(str(path), "--silent", prepare=OBEDIENT)
    terminal.read_until("night.drop")
    terminal.send(b"+")
    if state_too:
        terminal.read_until("not autosaved: Permission denied")
    else:
        terminal.read_while(lambda: autosave_of(path) is None, "no autosave")
    terminal.send(b"s")
    terminal.read_until("not saved, S saves it elsewhere")
    assert path.read_bytes() == before
    assert left_in(folder) == ["night.drop"]
    terminal.send(b"S")
    terminal.read_until("Save the song as")
    # All at once, as a slow line brings it; what is typed takes the place of the name that is offered.
    terminal.send(bytes(elsewhere) + b"\r")
    terminal.read_while(lambda: not elsewhere.exists(), "not saved")
    terminal.send(b"\x11")
    terminal.finish()
    assert load_song(elsewhere).sections[0].bars == short_song().sections[0].bars + 1
    assert path.read_bytes() == before
    folder.chmod(0o755)


def test_quitting_where_the_songs_folder_may_only_be_read_keeps_it_apart(tmp_path: Path) -> None:
    folder = tmp_path / "songs"
    folder.mkdir()
    path = folder / "night.drop"
    save_song(path, short_song())
    folder.chmod(0o555)
    terminal = Terminal(str(path), "--silent", prepare=OBEDIENT)
    terminal.read_until("night.drop")
    terminal.send(b"+\x11")
    last_words = terminal.finish()
    assert "kept your unsaved song: o in the app lists it" in last_words
    kept = Path(shlex.split("".join(last_words.splitlines()))[-1])
    assert load_song(kept).sections[0].bars == short_song().sections[0].bars + 1
    assert load_song(path) == short_song()
    folder.chmod(0o755)
