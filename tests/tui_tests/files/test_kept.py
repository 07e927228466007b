"""Songs that are kept because nobody saved them: found, counted, and removed when they are old or too many."""

import os
from pathlib import Path

import pytest

import tui.files.kept
from song.store import load_song
from tests.tui_tests.driving import filled_song
from tui.files.kept import ALWAYS_STAY, MOST_DAYS, SAFE_DAYS, keep_apart, kept_paths, kept_songs, prune
from tui.workspace import Workspace

DAY, NOW = 86_400, 2_000_000_000.0


def kept_for(days: float, name: str) -> Path:
    """A song that was kept so many days before `NOW`, of 1000 bytes."""
    path = kept_songs().folder / f"{name}.drop"
    path.write_bytes(b" " * 1000)
    os.utime(path, (NOW - days * DAY,) * 2)
    return path


def test_what_is_kept_can_be_opened_and_is_listed() -> None:
    first, second = keep_apart(filled_song()), keep_apart(filled_song())
    assert load_song(first) == load_song(second) == filled_song()
    assert set(kept_paths()) == {first, second}
    kept = kept_songs()
    assert (kept.songs, kept.size) == (2, 2 * first.stat().st_size)


def test_the_latest_comes_first() -> None:
    old, new = kept_for(9, "a"), kept_for(1, "b")
    assert kept_paths() == [new, old]


def test_what_is_old_goes_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tui.files.kept, "ALWAYS_STAY", 1)
    old, young = kept_for(MOST_DAYS + 1, "old"), kept_for(MOST_DAYS - 1, "young")
    other = young.with_name("notes.txt")
    other.write_text("mine")
    os.utime(other, (0, 0))
    assert prune(NOW) == [old]
    assert young.exists()
    assert other.exists()


def test_of_too_many_the_oldest_go_but_none_of_the_last_weeks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tui.files.kept, "MOST_BYTES", 2500)
    monkeypatch.setattr(tui.files.kept, "ALWAYS_STAY", 1)
    songs = [kept_for(days, str(days)) for days in (100, 90, 80, SAFE_DAYS - 1, 1)]
    assert prune(NOW) == songs[:3]
    assert prune(NOW) == []
    assert all(path.exists() for path in songs[3:])


def test_the_latest_stay_however_old_they_are() -> None:
    songs = [kept_for(MOST_DAYS * 9 - day, str(day)) for day in range(ALWAYS_STAY + 2)]
    assert prune(NOW) == songs[:2]


def test_a_kept_song_is_opened_without_a_file_and_saved_where_one_is() -> None:
    path = keep_apart(filled_song())
    work = Workspace.open(path)
    assert work.song == filled_song()
    assert work.path is None
    assert work.saved
    assert work.save().parent == Path.cwd()
