"""Dialogs: an answer is one, however often it is given."""

from textual.widgets import Input

from tests.tui_tests.driving import running, short_song
from tui.screens.dialog import Dialog


async def test_a_second_answer_takes_no_other_screen_away() -> None:
    async with running("--silent", song=short_song()) as app:
        answers: list[str | None] = []
        dialog = Dialog[str]()
        app.app.push_screen(dialog, answers.append)
        await app.settled()
        dialog.dismiss("one")
        dialog.dismiss("two")
        await app.settled()
        assert answers == ["one"]
        assert app.app.screen is app.main


async def test_a_dialog_below_another_is_not_left() -> None:
    async with running("--silent", song=short_song()) as app:
        below, above = Dialog[str](), Dialog[str]()
        for dialog in (below, above):
            app.app.push_screen(dialog)
            await app.settled()
        below.dismiss("late")
        assert app.app.screen is above
        above.dismiss(None)
        below.dismiss("now")
        await app.settled()
        assert app.app.screen is app.main


async def test_a_line_that_is_sent_twice_is_taken_once() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("R")
        entry = app.app.screen.query_one(Input)
        for _ in range(3):
            entry.post_message(Input.Submitted(entry, "Dusk"))
        await app.until(lambda: app.app.screen is app.main)
        assert app.song.section_names()[0] == "Dusk"
        assert app.app.is_running
