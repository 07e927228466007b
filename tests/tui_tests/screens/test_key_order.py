"""Keys in order: those that are typed ahead are for the screen that the keys before them open."""

import asyncio
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from song.store import load_song, save_song
from tests.tui_tests.driving import running, short_song
from tests.tui_tests.pressing import key_event
from tui.files.recent import remember
from tui.screens import key_order
from tui.screens.prompt import PromptScreen


async def test_a_song_is_saved_under_the_name_that_was_typed_with_its_keys(tmp_path: Path) -> None:
    async with running("--silent", song=short_song()) as app:
        await app.type("+", "S", *"other", "enter", "right")
        assert app.work.path == tmp_path / "other.drop"
        assert app.work.section == 1
        assert load_song(tmp_path / "other.drop") == app.song
        assert [path.name for path in tmp_path.glob("*.drop")] == ["other.drop"]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["R", *"Dusk", "enter", "right", "R", *"Dawn", "enter"], {"names": ["Dusk", "Dawn", "OUTRO"]}),
        (["b", "i", "end", "backspace", "9", "enter", "right"], {"bars": [9, 4, 2], "section": 1}),
        (["ctrl+p", *"lock cell", "enter", "right"], {"locked": [True, False], "section": 1}),
        (["ctrl+t", *"dropsmith-light", "enter", "right"], {"theme": "dropsmith-light", "section": 1}),
        (["I", *"none.mid", "enter", "escape", "right"], {"section": 1}),
        (["question_mark", "escape", "right"], {"section": 1}),
        (["T", "escape", "right", "right"], {"section": 2}),
        (["T", "right", "right"], {"section": 2}),
        (["R", *"x", "enter", "enter", "escape", "escape", "right"], {"names": ["x", "DROP", "OUTRO"], "section": 1}),
    ],
)
async def test_no_key_that_is_typed_ahead_is_lost(keys: list[str], expected: dict[str, object]) -> None:
    async with running("--silent", song=short_song()) as app:
        await app.type(*keys)
        await app.until(lambda: app.app.screen is app.main)
        found = {
            "names": app.song.section_names(),
            "bars": [section.bars for section in app.song.sections],
            "locked": [app.song.sections[index].cells.drums.locked for index in range(2)],
            "theme": app.app.theme,
            "section": app.work.section,
        }
        assert {name: list(found[name]) if name == "names" else found[name] for name in expected} == expected


async def test_a_name_goes_through_the_screen_of_recent_songs(tmp_path: Path) -> None:
    save_song(tmp_path / "recent.drop", short_song())
    save_song(tmp_path / "other.drop", short_song())
    remember(tmp_path / "recent.drop")
    async with running("--silent", song=short_song()) as app:
        await app.type("o", "o", *"other.drop", "enter", "right")
        assert app.work.path == tmp_path / "other.drop"
        assert app.work.section == 1


async def test_a_paste_and_a_click_wait_for_the_keys_before_them() -> None:
    async with running("--silent", song=short_song()) as app:
        for event in (key_event("R"), events.Paste("Dusk"), key_event("enter"), key_event("right")):
            app.app.post_message(event)
        await app.settled()
        assert (app.song.section_names()[0], app.work.section) == ("Dusk", 1)


async def test_a_name_waits_for_a_dialog_that_is_slow_to_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_order, "LOOK_SECONDS", 0.01)

    async def arrive_slowly(_screen: PromptScreen) -> None:
        await asyncio.sleep(0.3)

    monkeypatch.setattr(PromptScreen, "on_mount", arrive_slowly, raising=False)
    async with running("--silent", song=short_song()) as app:
        await app.type("R", *"Dusk", "enter", "right")
        await app.until(lambda: app.work.section == 1)
        assert app.song.section_names()[0] == "Dusk"


async def test_keys_go_on_where_what_had_the_focus_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_order, "LOOK_SECONDS", 0.05)
    async with running("--silent", song=short_song()) as app:
        await app.press("R")
        app.app.post_message(key_event("x"))
        await app.app.screen.query_one(Input).remove()
        await app.type("escape", "right", "right")
        await app.until(lambda: app.work.section == 2)
        assert app.app.screen is app.main
