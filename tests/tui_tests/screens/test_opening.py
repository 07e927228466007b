"""A song that takes long to open: the app answers meanwhile, esc leaves it, keys typed ahead reach the right song."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from song.store import save_song
from tests.tui_tests.driving import Driver, filled_song, running, short_song
from tests.tui_tests.pressing import key_event
from tui.files.locks import lock_path
from tui.screens.prompt import PromptScreen
from tui.workspace import Workspace


@contextmanager
def reading_slowly(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Files that are read only once the event is set."""
    ready, read = threading.Event(), Workspace.read_other

    def slowly(workspace: Workspace, path: Path) -> Workspace:
        ready.wait()
        return read(workspace, path)

    monkeypatch.setattr(Workspace, "read_other", slowly)
    try:
        yield ready
    finally:
        ready.set()


async def typed(app: Driver, *keys: str) -> None:
    """Type keys, and wait until the song that they open is on its way."""
    for key in keys:
        app.app.post_message(key_event(key))
    await app.until_shown(lambda: app.app.holds_keys)


async def test_it_is_said_after_a_moment_and_keys_typed_ahead_reach_the_song_that_they_are_meant_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_song(tmp_path / "other.drop", filled_song())
    async with running("--silent", song=short_song()) as app:
        with reading_slowly(monkeypatch) as ready:
            await typed(app, "o", *"other.drop", "enter", "+")
            assert isinstance(app.app.screen, PromptScreen)
            said = app.app.screen.query_one("#said")
            await app.until_shown(lambda: "opening other.drop; esc leaves it" in str(said.render()))
            await app.pilot.resize_terminal(100, 30)
            assert app.app.size == (100, 30)
            assert app.song == short_song()
            ready.set()
            await app.settled()
        assert app.app.screen is app.main
        assert app.song.sections[0] != filled_song().sections[0]
        assert app.song.sections[1:] == filled_song().sections[1:]


async def test_esc_leaves_it_and_the_file_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "other.drop"
    save_song(path, filled_song())
    async with running("--silent", song=short_song()) as app:
        with reading_slowly(monkeypatch) as ready:
            await typed(app, "o", *"other.drop", "enter")
            said = app.app.screen.query_one("#said")
            await app.until_shown(lambda: "esc leaves it" in str(said.render()))
            await app.press("escape")
            assert "other.drop is not opened: you left it" in str(app.app.screen.query_one("#said").render())
            ready.set()
            await app.press("escape", "+")
        assert app.song.title == "Short"
        assert app.work.path is None
        await app.until_shown(lambda: not lock_path(path).exists())


async def test_esc_that_is_typed_ahead_leaves_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_song(tmp_path / "other.drop", filled_song())
    async with running("--silent", song=short_song()) as app:
        with reading_slowly(monkeypatch):
            await app.type("o", *"other.drop", "enter", "escape")
            assert "you left it" in str(app.app.screen.query_one("#said").render())
            assert app.song == short_song()


async def test_quitting_does_not_wait_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_song(tmp_path / "other.drop", filled_song())
    with reading_slowly(monkeypatch):
        async with running("--silent", song=short_song()) as app:
            await typed(app, "o", *"other.drop", "enter")
            app.app.post_message(key_event("ctrl+q"))
            await app.until_shown(lambda: not app.app.is_running)
