"""Undo, exports and saves by keys: where things go, and what is said when they cannot go there."""

from pathlib import Path

from song.store import load_song
from tests.tui_tests.driving import filled_song, running, short_song
from tui.settings import Settings, load_settings


async def test_undo_and_redo_walk_the_edits() -> None:
    async with running("--silent", song=short_song()) as app:
        first = app.song
        await app.press("+", "t", "+")
        last = app.song
        await app.press("u", "u")
        assert app.song == first
        await app.press("u")
        assert "nothing to undo" in app.text("status")
        await app.press("U", "ctrl+r")
        assert app.song == last
        await app.press("U")
        assert "nothing to redo" in app.text("status")


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


async def test_an_export_over_a_file_that_was_there_before_is_asked_for_once(tmp_path: Path) -> None:
    there = tmp_path / "night.mid"
    there.write_bytes(b"MThd of mine")
    async with running("--silent", song=filled_song(), path=tmp_path / "night.drop") as app:
        await app.press("e")
        assert "night.mid is there already: e again writes over it" in app.text("status")
        assert there.read_bytes() == b"MThd of mine"
        await app.press("right", "e")
        assert "night.mid is there already" in app.text("status"), "the answer was another key"
        assert there.read_bytes() == b"MThd of mine"
        for _ in range(2):
            await app.press("e")
            await app.until(lambda: app.main.note.startswith("exported"))
            assert there.read_bytes() != b"MThd of mine"


async def test_an_export_never_goes_over_a_file_of_another_kind(tmp_path: Path) -> None:
    there = tmp_path / "night.mid"
    there.write_bytes(b"words")
    async with running("--silent", song=filled_song(), path=tmp_path / "night.drop") as app:
        await app.press("e", "e")
        await app.until(lambda: "what is there is not a MIDI file" in app.main.note)
    assert there.read_bytes() == b"words"


async def test_the_first_export_asks_what_to_write_and_remembers(tmp_path: Path) -> None:
    async with running("--silent", song=filled_song(), settings=Settings()) as app:
        await app.press("e")
        assert app.app.screen.query("#prompt")
        await app.press("escape")
        assert "nothing is exported" in app.text("status")
        await app.press("e", "enter")
        await app.until(lambda: app.main.note.startswith("exported"))
        assert "exported Short" in app.text("status")
        await app.press("e")
        await app.until(lambda: app.main.note.startswith("exported"))
    assert {"Short.flp", "Short.mid", "clips"} <= {path.name for path in (tmp_path / "Short").iterdir()}
    assert load_settings().export == ("all",)


async def test_a_folder_that_was_there_before_is_asked_for_and_its_files_are_kept(tmp_path: Path) -> None:
    (tmp_path / "Short").mkdir()
    (tmp_path / "Short" / "mine.wav").write_bytes(b"RIFF")
    async with running("--silent", song=filled_song(), settings=Settings(export=("flp", "midi"))) as app:
        await app.press("e")
        assert "Short is there already: e again writes over it" in app.text("status")
        await app.press("e")
        await app.until(lambda: app.main.note.startswith("exported"))
        assert "1 of your own files there are kept" in app.main.note
    names = {path.name for path in (tmp_path / "Short").iterdir()}
    assert {"Short.flp", "Short.mid", "mine.wav"} <= names


async def test_a_file_in_the_place_of_the_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "Short").write_text("mine")
    async with running("--silent", song=filled_song(), settings=Settings(export=("all",))) as app:
        await app.press("e")
        assert "is no folder, and stays" in app.main.note
    assert (tmp_path / "Short").read_text() == "mine"
