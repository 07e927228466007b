"""The screen of recent songs: a digit opens one, and what was unsaved is kept."""

from pathlib import Path

from song.export.midi import write_midi
from song.store import load_song, save_song
from tests.tui_tests.driving import filled_song, running, short_song
from tui.files.locks import take_lock
from tui.files.recent import remember
from tui.screens.open_song import OpenScreen


async def test_o_opens_a_recent_song_and_keeps_what_was_unsaved(tmp_path: Path) -> None:
    first, second = tmp_path / "first.drop", tmp_path / "second.drop"
    save_song(first, short_song())
    save_song(second, filled_song())
    remember(second)
    async with running("--silent", path=first) as app:
        await app.press("+")
        changed = app.song
        await app.press("o")
        assert isinstance(app.app.screen, OpenScreen)
        await app.press("1")
        assert "opened second.drop" in app.text("status")
        assert app.song == filled_song()
        assert app.work.path == second
        assert app.work.saved
        assert load_song(first) == changed
        await app.press("+", "u", "u")
        assert app.song == filled_song()
        assert "nothing to undo" in app.text("status")
        await app.press("+", "s")
        assert load_song(second) == app.song


async def test_a_song_without_a_file_is_kept_and_found_again(tmp_path: Path) -> None:
    other = tmp_path / "other.drop"
    save_song(other, filled_song())
    remember(other)
    async with running("--silent", song=short_song()) as app:
        await app.press("+")
        changed = app.song
        await app.press("o", "1")
        assert "opened other.drop; the one before is kept: o finds it" in app.text("status")
        assert app.song == filled_song()
        await app.press("o", "1")
        assert app.song == changed


async def test_a_song_that_is_open_elsewhere_is_opened_to_be_read(tmp_path: Path) -> None:
    other = tmp_path / "other.drop"
    save_song(other, filled_song())
    remember(other)
    lock = take_lock(other)
    async with running("--silent", song=short_song()) as app:
        await app.press("o", "1")
        assert "opened other.drop, read-only" in app.text("status")
    lock.release()


async def test_a_digit_without_a_song_does_nothing_and_the_other_keys_answer(tmp_path: Path) -> None:
    async with running("--silent", song=short_song()) as app:
        for keys, answer in ((("2", "1"), tmp_path / "a.drop"), (("2", "o"), ""), (("2", "escape"), None)):
            answers: list[Path | str | None] = []
            app.app.push_screen(OpenScreen([tmp_path / "a.drop"]), answers.append)
            await app.press(keys[0])
            assert answers == []
            assert "1    a.drop" in str(app.app.screen.query_one("#songs").render())
            await app.press(keys[1])
            assert answers == [answer]


async def test_what_quitting_kept_is_listed_and_opened(tmp_path: Path) -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("+")
        changed = app.song
        await app.press("ctrl+q")
    async with running("--silent", song=filled_song()) as app:
        await app.press("o")
        shown = str(app.app.screen.query_one("#songs").render())
        assert "kept, but not saved: 1" in shown
        await app.press("1")
        assert isinstance(app.app.screen, OpenScreen)
        await app.press("k")
        assert "Short " in str(app.app.screen.query_one("#songs").render())
        await app.press("k", "k", "1")
        assert app.song == changed


async def test_opening_files_and_quitting_leaves_nothing_behind(tmp_path: Path) -> None:
    write_midi(filled_song(), tmp_path / "loop.mid")
    save_song(tmp_path / "a.drop", short_song())
    for name in ("loop.mid", "a.drop"):
        async with running("--silent", song=filled_song()) as app:
            await app.main.open_song(tmp_path / name)
            await app.press("ctrl+q")
    state = tmp_path / "state" / "dropsmith"
    assert [path for folder in ("autosave", "kept") for path in (state / folder).glob("*")] == []
