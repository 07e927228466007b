"""The line that a value is written into."""

from song.errors import UserError
from tests.tui_tests.driving import Driver, running, short_song
from tui.screens.prompt import PromptScreen


async def test_i_types_a_value_and_says_what_will_not_do() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("right", "r", "i", *"xy1", "enter")
        assert "a form is letters" in str(app.app.screen.query_one("#said").render())
        await app.press("backspace", "enter")
        assert app.work.selected_section.constraints.form == "XY"
        await app.press("t", "i")
        assert "40-300" in str(app.app.screen.query_one("#said").render())
        await app.press("escape")
        assert app.app.screen is app.main


def refuse_numbers(text: str) -> None:
    if text.isdigit():
        raise UserError("a number will not do")


async def asked(app: Driver, *keys: str) -> list[str | None]:
    """The answers of a line that has "old" in it, once some keys were pressed."""
    answers: list[str | None] = []
    app.app.push_screen(PromptScreen("name", "old", refuse_numbers), answers.append)
    await app.until(lambda: app.app.focused is not None)
    await app.press(*keys)
    return answers


async def test_the_answer_is_what_was_written_over_what_was_there() -> None:
    async with running("--silent", song=short_song()) as app:
        assert await asked(app, "enter") == ["old"]
        assert await asked(app, "end", "e", "r", "enter") == ["older"]


async def test_a_line_that_is_refused_stays_open_and_says_why() -> None:
    async with running("--silent", song=short_song()) as app:
        assert await asked(app, "ctrl+u", "7", "enter") == []
        screen = app.app.screen
        assert isinstance(screen, PromptScreen)
        assert str(screen.query_one("#said").render()) == "a number will not do"
        await app.press("a", "enter")
        assert app.app.screen is app.main


async def test_a_line_that_is_left_answers_nothing() -> None:
    async with running("--silent", song=short_song()) as app:
        for key in ("escape", "ctrl+c"):
            assert await asked(app, "x", key) == [None]
            assert app.app.screen is app.main
