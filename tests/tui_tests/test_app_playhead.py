"""The bar where one stands: keys move it through the sections, arrangement and phrase show it, edits begin there."""

import pytest

from song.time import TICKS_PER_BAR
from tests.tui_tests.driving import LARGE, Driver, filled_song, running
from tui.glyphs import ASCII, UNICODE, Glyphs
from tui.widgets.arrangement import bar_offset, section_columns


def bars_shown(app: Driver) -> list[str]:
    """The bar numbers over the phrase."""
    return app.rows("phrase")[1].split()[1:]


async def test_comma_and_stop_move_by_bars_through_the_sections() -> None:
    async with running("--silent", song=filled_song()) as app:
        places = []
        for key in (".", ".", ".", ",", ",", ",", ","):
            await app.press(key)
            places.append((app.work.section, app.work.bar))
        assert places == [(0, 1), (1, 0), (1, 1), (1, 0), (0, 1), (0, 0), (0, 0)]
        await app.press("end", ".", ".", ".")
        assert (app.work.section, app.work.bar) == (2, 1)


async def test_the_phrase_turns_its_page_with_the_bar_and_marks_it() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("right")
        assert bars_shown(app) == ["▼3", "4"]
        await app.press(".", ".")
        assert bars_shown(app) == ["▼5", "6"]
        await app.press(".")
        assert bars_shown(app) == ["5", "▼6"]


async def test_pages_turn_through_the_sections() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("pagedown")
        assert bars_shown(app) == ["▼3", "4"]
        await app.press("pagedown")
        assert bars_shown(app) == ["▼5", "6"]
        await app.press("pagedown", "pagedown")
        assert bars_shown(app) == ["▼7", "8"]
        await app.press("pageup")
        assert bars_shown(app) == ["▼5", "6"]
        await app.press("pageup", "pageup", "pageup")
        assert bars_shown(app) == ["▼1", "2"]


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=lambda glyphs: glyphs.name)
async def test_the_arrangement_shows_the_bar_under_its_number_and_in_the_curve(glyphs: Glyphs) -> None:
    async with running("--silent", song=filled_song(), glyphs=glyphs, size=LARGE) as app:
        await app.press("right", ".", ".")
        assert app.rows("arrangement")[1].startswith(" bar 5")
        column = section_columns(app.view, LARGE[0])[1]
        x = column.x + bar_offset(column, 4, 2)
        assert app.rows("arrangement")[1][x] == glyphs.playhead
        assert all(row[x] == glyphs.playline for row in app.rows("arrangement")[3:])
        assert "".join(app.rows("arrangement")[1:]).count(glyphs.playhead) == 1


async def test_another_part_is_shown_at_the_same_bar_another_section_from_its_start() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("right", ".", ".", "down")
        assert app.work.bar == 2
        await app.press("left", "right")
        assert app.work.bar == 0


async def test_editing_begins_where_one_stands_and_leaves_one_where_it_ended() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("right", ".", ".", "enter")
        assert app.main.editor.tick == 2 * TICKS_PER_BAR
        await app.press(".")
        assert app.view.bar == 3
        assert bars_shown(app)[1] == "▼6"
        await app.press("escape")
        assert not app.main.editing
        assert app.work.bar == 3


async def test_a_shorter_section_and_undo_keep_the_bar_within_it() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("right", ".", ".", ".", "b", "-", "-")
        assert app.work.selected_section.bars == 2
        assert app.work.bar == 1
        await app.press("u", "D", "delete")
        assert 0 <= app.work.bar < app.work.selected_section.bars


async def test_a_click_on_the_arrangement_goes_to_the_bar() -> None:
    async with running("--silent", song=filled_song(), size=LARGE) as app:
        column = section_columns(app.view, LARGE[0])[1]
        await app.pilot.click("#arrangement", offset=(column.x + bar_offset(column, 4, 3) + 1, 2))
        assert (app.work.section, app.work.bar) == (1, 3)
