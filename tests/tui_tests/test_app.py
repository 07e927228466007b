"""The app by itself: quitting, the palette, the autosave's troubles, themes."""

import shlex
from pathlib import Path

import pytest

from song.errors import UserError
from song.store import load_song, save_song
from tests.tui_tests.driving import filled_song, running, short_song
from tests.tui_tests.example_songs import bass_song
from tui.app import DropsmithApp
from tui.files.kept import kept_paths
from tui.messages import AutosaveChanged
from tui.settings import Settings
from tui.workspace import Workspace


def test_the_app_can_be_made_without_starting_an_engine() -> None:
    app = DropsmithApp(Workspace(filled_song()), ("/no/such/engine",))
    assert app.main.session.pid is None


def test_a_theme_that_is_not_there_is_refused() -> None:
    with pytest.raises(UserError, match='theme "pink" is not known: use one of'):
        DropsmithApp(Workspace(short_song()), settings=Settings(theme="pink"))


async def test_quitting_with_nothing_changed_says_nothing() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("ctrl+q")
        assert app.app.return_value == ""


async def test_quitting_saves_to_the_songs_file(tmp_path: Path) -> None:
    async with running("--silent", song=short_song(), path=tmp_path / "a.drop") as app:
        await app.press("+", "ctrl+q")
        assert app.app.return_value == "saved a.drop"
        assert load_song(tmp_path / "a.drop") == app.song


async def test_what_the_file_held_before_is_kept_where_quitting_writes_over_it(tmp_path: Path) -> None:
    save_song(tmp_path / "a.drop", filled_song())
    async with running("--silent", path=tmp_path / "a.drop") as app:
        await app.press("+", "ctrl+q")
        assert app.app.return_value == "saved a.drop; what it held before is kept: o, then k in the app"
        assert load_song(tmp_path / "a.drop") == app.song != filled_song()
    (kept,) = kept_paths()
    assert kept.name.startswith("a 2")
    assert load_song(kept) == filled_song()


async def test_quitting_keeps_a_song_without_a_file_and_says_where(tmp_path: Path) -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("+", "ctrl+q")
        last_words = app.app.return_value or ""
        kept = Path(shlex.split(last_words)[-1])
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
        assert "^q again quits without saving" in app.text("status")
        app.app.post_message(AutosaveChanged("File too large"))
        await app.settled()
        assert "not autosaved" in app.rows("arrangement")[0]
        assert "^q again quits without saving" in app.text("status"), "what the autosave says later hides it"
        await app.press("ctrl+q")
        assert app.app.return_value == ""


async def test_a_song_that_is_not_autosaved_says_so_until_it_is(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    async with running("--silent", song=short_song(), path=tmp_path / "night.drop") as app:
        await app.press("+")
        edited = app.song
        await app.until(lambda: "not autosaved: Not a directory" in app.main.note)
        await app.press("right", "t")
        assert "night.drop, not autosaved, unsaved" in app.rows("arrangement")[0]
        assert app.song == edited
        (tmp_path / "state").unlink()
        await app.until(lambda: "autosaved again" in app.main.note)
        assert "not autosaved" not in app.rows("arrangement")[0]


async def test_the_palette_finds_an_action_by_its_name() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("ctrl+p", *"lock cell")
        await app.press("enter")
        await app.until(lambda: app.cell().locked)


async def test_the_palette_knows_every_action() -> None:
    from tui.actions import APP_ACTIONS, MAIN_ACTIONS

    async with running("--silent", song=short_song()) as app:
        offered = {command.title for command in app.app.get_system_commands(app.main)}
        assert {action.label for action in MAIN_ACTIONS + APP_ACTIONS} - offered == {"Palette"}


async def test_the_palette_does_what_is_done_to_notes_without_entering_them_first() -> None:
    async with running("--silent", song=bass_song()) as app:
        before = app.song
        await app.press("down", "ctrl+p", *"humanize")
        await app.press("enter")
        await app.until(lambda: app.song != before)
        assert app.main.editing
        assert "played less evenly" in app.text("status")


async def test_the_palette_says_why_the_notes_of_a_locked_cell_stay() -> None:
    async with running("--silent", song=bass_song()) as app:
        await app.press("down", "l", "ctrl+p", *"humanize")
        await app.press("enter")
        await app.until(lambda: app.app.screen is app.main and "locked" in app.text("status"))
        assert not app.main.editing
