"""The footer: whole keys at any width, those of the app on the right, and a click that does what a key does."""

import pytest

from tests.tui_tests.driving import LARGE, SMALL, Driver, filled_song, running
from tui.actions import APP_ACTIONS, MAIN_ACTIONS, Action

OF_APP = ["? Help", "^q Quit"]


def labels(actions: tuple[Action, ...]) -> list[str]:
    """The actions that the footer has, as it writes them, in the order of the table."""
    return [f"{one.footer_keys or one.shown.split(' ')[0]} {one.footer}" for one in actions if one.footer]


def shown(app: Driver) -> list[str]:
    """The labels in the footer, from left to right."""
    row = app.rows("keys")[0]
    return sorted((label for label in labels(MAIN_ACTIONS + APP_ACTIONS) if f" {label} " in f"{row} "), key=row.index)


@pytest.mark.parametrize("size", [(40, 12), SMALL, LARGE, (160, 50)], ids=str)
async def test_the_keys_that_fit_are_shown_whole_and_the_apps_own_on_the_right(size: tuple[int, int]) -> None:
    async with running("--silent", song=filled_song(), size=size) as app:
        placed = shown(app)
        assert placed[-2:] == OF_APP
        # The most used ones come first in the table.
        assert placed[:-2] == labels(MAIN_ACTIONS)[: len(placed) - 2]
        assert app.rows("keys")[0].split() == " ".join(placed).split(), "nothing is cut in two"
        assert app.rows("keys")[0].rstrip().endswith("Quit")


async def test_more_room_shows_more_keys() -> None:
    async with running("--silent", song=filled_song(), size=(40, 12)) as app:
        few = shown(app)
        await app.pilot.resize_terminal(*LARGE)
        await app.until(lambda: app.main.size.width == LARGE[0])
        assert len(few) < len(shown(app)) == len(labels(MAIN_ACTIONS + APP_ACTIONS))


async def test_a_click_does_what_the_key_does_and_beside_them_nothing() -> None:
    async with running("--silent", song=filled_song(), size=LARGE) as app:
        await app.press("m")
        assert app.song.muted
        row = app.rows("keys")[0]
        await app.pilot.click("#keys", offset=(row.index("? Help") - 2, 0))
        assert app.song.muted
        await app.pilot.click("#keys", offset=(row.index("Undo") + 3, 0))
        assert not app.song.muted
