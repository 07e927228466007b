"""Exports, saves and endings by keys: where things go, and what the app says when they cannot go there."""

from pathlib import Path

import pytest

from song.store import load_song
from tests.tui_tests.driving import filled_song, running, short_song


async def test_e_exports_a_midi_file_and_says_where(tmp_path: Path) -> None:
    import mido

    async with running("--silent", song=filled_song()) as app:
        await app.press("e")
        await app.until(lambda: app.main.note.startswith("exported"))
        assert "exported Short.mid" in app.text("status")
    file = mido.MidiFile(tmp_path / "Short.mid")
    names = [track.name for track in file.tracks]
    assert {"Drums", "Bass", "Chords", "Lead"} <= set(names)


async def test_an_export_goes_beside_the_song(tmp_path: Path) -> None:
    folder = tmp_path / "songs"
    folder.mkdir()
    async with running("--silent", song=filled_song(), path=folder / "night.drop") as app:
        await app.press("e")
        await app.until(lambda: app.main.note.startswith("exported"))
    assert (folder / "night.mid").read_bytes()[:4] == b"MThd"


async def test_an_export_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    async with running("--silent", song=filled_song(), path=tmp_path / "no" / "such" / "night.drop") as app:
        await app.press("e")
        await app.until(lambda: app.main.note.startswith("cannot write"))


async def test_there_is_nothing_to_export_before_anything_is_written() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("e")
        assert "nothing to export yet: press A" in app.text("status")


async def test_an_export_with_empty_cells_says_how_many() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("x", "e")
        await app.until(lambda: app.main.note.startswith("exported"))
        assert "1 cell still empty" in app.main.note


async def test_s_saves_the_song(tmp_path: Path) -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("+")
        assert "unsaved" in app.rows("arrangement")[0]
        await app.press("s")
        assert "saved Short.drop" in app.text("status")
        assert "unsaved" not in app.rows("arrangement")[0]
        assert load_song(tmp_path / "Short.drop") == app.song


async def test_a_save_that_fails_says_what_to_do(tmp_path: Path) -> None:
    async with running("--silent", song=short_song(), path=tmp_path / "gone" / "a.drop") as app:
        await app.press("+", "s")
        assert "not saved, S saves it elsewhere" in app.text("status")
        assert not app.work.saved


async def test_quitting_with_nothing_changed_says_nothing() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("ctrl+q")
        assert app.app.return_value == ""


async def test_quitting_saves_to_the_songs_file(tmp_path: Path) -> None:
    async with running("--silent", song=short_song(), path=tmp_path / "a.drop") as app:
        await app.press("+", "ctrl+q")
        assert app.app.return_value == "saved a.drop"
        assert load_song(tmp_path / "a.drop") == app.song


async def test_quitting_keeps_a_song_without_a_file_and_says_where(tmp_path: Path) -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("+", "ctrl+q")
        last_words = app.app.return_value or ""
        kept = Path(last_words.split('"')[1])
        assert kept.is_relative_to(tmp_path / "state")
        assert load_song(kept) == app.song


async def test_quitting_waits_for_a_second_key_where_nothing_can_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "a file"))
    async with running("--silent", song=short_song()) as app:
        await app.press("+", "ctrl+q")
        assert app.app.is_running
        assert "^q again quits without saving" in app.main.note
        await app.press("ctrl+q")
        assert app.app.return_value == ""
