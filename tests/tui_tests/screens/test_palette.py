"""The palette: what it finds, and that it takes keys and clicks however fast they come."""

import pytest
from textual.widgets import OptionList

from tests.tui_tests.driving import Driver, running, short_song
from tests.tui_tests.sizes import SIZES
from tui.screens.palette import PaletteScreen


def found(app: Driver) -> list[str]:
    """The names that are found, the first first."""
    listed = app.app.screen.query_one(OptionList)
    return [str(listed.get_option_at_index(index).prompt).partition("  ")[0] for index in range(listed.option_count)]


async def test_letters_find_actions_by_their_names_and_nothing_is_said() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("ctrl+p")
        everything = found(app)
        assert len(everything) > 90
        await app.press(*"fill ev")
        assert found(app)[0] == "Fill everything"
        await app.press(*"zzz", "enter")
        assert found(app) == ["nothing has these letters"]
        assert isinstance(app.app.screen, PaletteScreen)
        await app.press(*["backspace"] * 10)
        assert found(app) == everything


@SIZES
async def test_another_than_the_first_is_marked_and_taken(size: tuple[int, int]) -> None:
    async with running("--silent", song=short_song(), size=size) as app:
        await app.press("ctrl+p", *"section", "pagedown", "pageup", "up", "down")
        assert found(app)[1] == "Next section"
        await app.press("enter")
        assert app.app.screen is app.main
        assert app.work.section == 1


async def test_a_theme_is_chosen_and_ours_come_first() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("ctrl+t")
        assert found(app)[:2] == ["dropsmith", "dropsmith-light"]
        await app.press("down", "enter")
        assert app.app.theme == "dropsmith-light"


@pytest.mark.parametrize("times", [1, 3])
async def test_a_click_takes_what_it_is_on_once(times: int) -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("ctrl+p", *"lock cell")
        await app.pilot.click(OptionList, offset=(3, 0), times=times)
        await app.until(lambda: app.app.screen is app.main)
        assert app.cell().locked


async def test_it_opens_once_and_is_left_without_a_choice() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.type("ctrl+p", "ctrl+p", "ctrl+t", "x", "escape", "escape")
        assert app.app.screen is app.main
        assert app.song == short_song()


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (10, 4)])
async def test_a_terminal_made_tiny_breaks_nothing(size: tuple[int, int]) -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("ctrl+p")
        await app.pilot.resize_terminal(*size)
        await app.settled()
        await app.press("down", "escape")
        assert app.app.screen is app.main
