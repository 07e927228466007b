"""Moving over the main screen: by section, part, bar and page, and by the mouse."""

from song.parts import Part
from tests.tui_tests.driving import bars_shown, filled_song, running, short_song
from tests.tui_tests.sizes import SIZES


@SIZES
async def test_arrows_move_by_section_and_part_and_stop_at_the_ends(size: tuple[int, int]) -> None:
    async with running("--silent", size=size, song=short_song()) as app:
        await app.press("left", "up")
        assert (app.work.section, app.work.part) == (0, Part.DRUMS)
        await app.press("right", "down")
        assert (app.work.section, app.work.part) == (1, Part.BASS)
        assert "DROP" in app.rows("constraints")[0]
        assert "bass" in app.rows("phrase")[0]
        await app.press("end", "down", "down", "down")
        assert (app.work.section, app.work.part) == (2, Part.LEAD)
        await app.press("home")
        assert app.work.section == 0


async def test_a_click_selects_a_cell_a_section_and_a_constraint() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.pilot.click("#grid", offset=(40, 2))
        assert (app.work.section, app.work.part) == (1, Part.CHORDS)
        await app.pilot.click("#arrangement", offset=(10, 3))
        assert app.work.section == 0
        await app.pilot.click("#constraints", offset=(5, 2))
        assert app.work.field_id == "tempo"
        await app.pilot.click("#keys", offset=(app.rows("keys")[0].index("Set"), 0))
        assert app.work.selected_section.constraints.tempo_bpm == (141, 141)


async def test_comma_and_stop_move_by_bars_through_the_sections() -> None:
    async with running("--silent", song=filled_song()) as app:
        places = []
        for key in (".", ".", ".", ",", ",", ",", ","):
            await app.press(key)
            places.append((app.work.section, app.work.bar))
        assert places == [(0, 1), (1, 0), (1, 1), (1, 0), (0, 1), (0, 0), (0, 0)]
        await app.press("end", ".", ".", ".")
        assert (app.work.section, app.work.bar) == (2, 1)


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


async def test_another_part_is_shown_at_the_same_bar_another_section_from_its_start() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("right", ".", ".", "down")
        assert app.work.bar == 2
        await app.press("left", "right")
        assert app.work.bar == 0


async def test_a_shorter_section_and_undo_keep_the_bar_within_it() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("right", ".", ".", ".", "b", "-", "-")
        assert app.work.selected_section.bars == 2
        assert app.work.bar == 1
        await app.press("u", "D", "delete")
        assert 0 <= app.work.bar < app.work.selected_section.bars
