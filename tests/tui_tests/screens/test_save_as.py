"""Save as: another file, asked for by name; what is there is written over only when that is wanted."""

import os
from pathlib import Path

import pytest
from textual.widgets import Input

from song.store import load_song, save_song
from tests.tui_tests.driving import Driver, filled_song, running, short_song
from tui.files.locks import HeldError, lock_path, take_lock
from tui.screens.save_as import SaveAsScreen


def asking(app: Driver) -> bool:
    return isinstance(app.app.screen, SaveAsScreen)


def note(app: Driver) -> str:
    return str(app.app.screen.query_one("#note").render())


def name(app: Driver) -> str:
    return app.app.screen.query_one(Input).value


async def type_name(app: Driver, text: str) -> None:
    await app.press("ctrl+u", *text)


async def paste_name(app: Driver, text: str) -> None:
    app.app.screen.query_one(Input).value = text
    await app.pilot.pause()


async def test_the_name_that_is_offered_takes_two_keys(tmp_path: Path) -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("+", "S")
        assert name(app) == "Short.drop"
        await app.press("enter")
        assert not asking(app)
        assert "saved Short.drop" in app.main.note
        assert app.work.saved
    assert load_song(tmp_path / "Short.drop") == app.song


async def test_the_song_goes_on_under_its_new_name(tmp_path: Path) -> None:
    old = tmp_path / "night.drop"
    save_song(old, short_song())
    async with running("--silent", path=old) as app:
        await app.press("+", "S")
        assert name(app) == "night-2.drop"
        await type_name(app, "day")
        await app.press("enter")
        assert "day.drop" in app.rows("arrangement")[0]
        assert not lock_path(old).exists()
        with pytest.raises(HeldError):
            take_lock(tmp_path / "day.drop")
        await app.press("u")
        assert app.song == short_song(), "undo goes across a save"
        await app.press("U", "+", "s")
        assert "saved day.drop" in app.main.note
        assert app.work.export_path() == tmp_path / "day.mid"
    assert load_song(old) == short_song()
    assert load_song(tmp_path / "day.drop") == app.song


async def test_what_is_typed_is_a_name_and_no_command(tmp_path: Path) -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("S")
        await type_name(app, "A +?[b]x")
        assert name(app) == "A +?[b]x"
        assert app.work.saved
        await app.press("enter")
    assert load_song(tmp_path / "A +?[b]x.drop") == short_song()


async def test_escape_leaves_everything_as_it_was(tmp_path: Path) -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("+", "S", "escape")
        assert not asking(app)
        assert app.work.path is None
        assert not app.work.saved
        await app.press("S", "ctrl+q")
    assert list(tmp_path.glob("*.drop")) == []


async def test_a_file_that_is_there_is_written_over_at_the_second_enter(tmp_path: Path) -> None:
    other = tmp_path / "other.drop"
    save_song(other, filled_song())
    async with running("--silent", song=short_song(), path=tmp_path / "night.drop") as app:
        await app.press("S")
        await type_name(app, "other")
        await app.press("enter")
        assert note(app) == "other.drop is there already: enter again writes over it"
        assert load_song(other) == filled_song()
        await app.press("x", "backspace", "enter")
        assert asking(app), "another name and back is a new question"
        await app.press("enter")
        assert not asking(app)
    assert load_song(other) == short_song()


async def test_what_cannot_be_written_is_said_and_asked_for_again(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.drop")
    (tmp_path / "folder").mkdir()
    old = tmp_path / "night.drop"
    save_song(old, short_song())
    taken = take_lock(tmp_path / "taken.drop")
    async with running("--silent", path=old) as app:
        await app.press("+", "S")
        for text, why in (
            ("none/x", "No such file or directory"),
            ("folder", "is a folder; add a file name"),
            ("folder/", "is a folder; add a file name"),
            ("taken", "taken.drop is open elsewhere"),
            (" ", "type a name"),
            ("~nobody-of-that-name/x", "nobody's home folder"),
            ("x" * 300, "File name too long"),
        ):
            await paste_name(app, text)
            await app.press("enter")
            assert asking(app)
            assert why in note(app)
        await paste_name(app, "pipe")
        await app.press("enter", "enter")
        assert "it is a pipe" in note(app)
        await app.press("escape")
        assert app.work.path == old
        with pytest.raises(HeldError):
            take_lock(old)
        await app.press("s")
    assert load_song(old) == app.song
    assert (tmp_path / "pipe.drop").is_fifo()
    taken.release()


async def test_a_read_only_song_is_saved_elsewhere_and_is_ours_there(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    save_song(path, short_song())
    lock = take_lock(path)
    async with running("--silent", path=path) as app:
        assert "read-only, S saves it elsewhere" in app.text("status")
        await app.press("+", "S", "enter")
        assert "night-2.drop" in app.rows("arrangement")[0]
        assert "read-only" not in app.rows("arrangement")[0]
        await app.press("+", "s")
        assert app.work.saved
    assert load_song(tmp_path / "night-2.drop") == app.song
    assert load_song(path) == short_song()
    lock.release()


async def test_a_folder_that_is_gone_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    async with running("--silent", song=filled_song()) as app:
        (tmp_path / "gone").rmdir()
        for keys in (("+", "s"), ("e",), ("S", "x", "enter", "escape")):
            await app.press(*keys)
            assert "is gone: S saves the song elsewhere" in app.main.note
        await app.press("S")
        await paste_name(app, str(tmp_path / "here"))
        await app.press("enter")
        assert app.work.saved
    assert load_song(tmp_path / "here.drop") == app.song


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (160, 50)], ids=str)
async def test_the_question_fits(size: tuple[int, int]) -> None:
    async with running("--silent", song=short_song(), size=size) as app:
        await app.press("S")
        await paste_name(app, "a/folder/that/is/not/there/at/all/" * 3)
        await app.press("x", "enter")
        assert "there" in note(app)
        box = app.app.screen.query_one("#save_as")
        assert box.region.right <= size[0]
        assert box.region.bottom <= size[1]
        answers = app.app.screen.query_one("#answers")
        assert answers.region.bottom <= box.region.bottom
        assert "enter save" in answers.render_line(0).text
