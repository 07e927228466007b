"""Song files that cannot be opened: one clear line, exit status 2, and the file stays as it was to the last byte."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

import tui.app
from song.errors import UserError
from song.store import encode_song, load_song
from tests.tui_tests.driving import filled_song
from tests.tui_tests.terminals import Terminal
from tui.autosave import Autosave, autosave_of
from tui.files.locks import take_lock
from tui.workspace import Workspace

GOOD = encode_song(filled_song())


def newer() -> bytes:
    return GOOD.replace(b'"dropsmith": ', b'"dropsmith": 9', 1)


def truncated() -> bytes:
    return GOOD[: len(GOOD) // 2]


def out_of_range() -> bytes:
    document = json.loads(GOOD)
    document["song"]["sections"][1]["cells"]["bass"]["takes"][0]["phrase"]["notes"][0]["pitch"] = 200
    return json.dumps(document).encode()


def without_sections() -> bytes:
    document = json.loads(GOOD)
    document["song"]["sections"] = []
    return json.dumps(document).encode()


DAMAGES = [
    (newer, "was written by a newer Dropsmith: update Dropsmith to open it"),
    (truncated, "not a whole song file"),
    (out_of_range, "section 2: bass: a note has pitch 200 and velocity 100, outside 0-127 and 1-127"),
    (without_sections, "has no sections"),
    (bytes, "not a whole song file"),
]


@pytest.mark.parametrize(("damage", "why"), DAMAGES, ids=lambda each: getattr(each, "__name__", ""))
def test_it_is_told_and_the_file_left_as_it_is(tmp_path: Path, damage: Callable[[], bytes], why: str) -> None:
    path = tmp_path / "night.drop"
    path.write_bytes(damage())
    os.utime(path, ns=(10**18, 10**18))
    before = path.stat()
    with pytest.raises(UserError) as caught:
        tui.app.run(path)
    assert why in str(caught.value)
    assert "night.drop" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert path.read_bytes() == damage()
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_mode) == (before.st_ino, before.st_mtime_ns, before.st_mode)
    assert [left.name for left in tmp_path.iterdir() if left.name != "state"] == ["night.drop"]
    lock = take_lock(path)
    assert lock.held
    lock.release()


def test_where_unsaved_work_on_it_is_left_the_line_says_where(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    work = Workspace.open(path)
    work.step_field(1)
    Autosave(work).close()
    work.file.close()
    path.write_bytes(truncated())
    left = autosave_of(path)
    assert left is not None
    with pytest.raises(UserError, match="unsaved work on it is in") as caught:
        tui.app.run(path)
    assert str(left) in str(caught.value)
    assert load_song(left) == work.song


def test_in_a_terminal_nothing_but_the_line_is_written(tmp_path: Path) -> None:
    (tmp_path / "night.drop").write_bytes(newer())
    terminal = Terminal("night.drop", "--silent")
    told = terminal.finish()
    assert told.splitlines() == ["night.drop was written by a newer Dropsmith: update Dropsmith to open it"]
    assert terminal.process.returncode == 2
