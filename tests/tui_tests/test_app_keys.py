"""Moving, writing, undo, the help and the palette by keys, at both sizes where the screen matters."""

import pytest
from textual.command import CommandList

from song.parts import PARTS, Part
from tests.tui_tests.driving import LARGE, SMALL, filled_song, one_note_take, running, short_song
from tui.keymaps import with_keys
from tui.screens.help import HelpScreen
from tui.screens.main import WELCOME

SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])


@SIZES
async def test_the_first_screen_shows_an_arrangement_and_says_what_to_press(size: tuple[int, int]) -> None:
    async with running("--silent", size=size) as app:
        assert "Untitled" in app.rows("arrangement")[0]
        names = app.text("arrangement")
        for name in ("INTRO", "BUILD 1", "DROP 1", "BREAK", "BUILD 2", "DROP 2", "OUTRO"):
            assert name in names
        assert with_keys(WELCOME, {}) in app.text("status")
        assert "A  fills everything" in app.text("phrase")
        for part in PARTS:
            assert part.value in app.text("grid")
        keys = app.text("keys")
        assert "A All" in keys
        assert "e Export" in keys
        assert "? Help" in keys
        assert "^q Quit" in keys


@SIZES
async def test_the_engine_starts_by_itself_and_says_what_it_runs_on(size: tuple[int, int]) -> None:
    async with running(size=size) as app:
        await app.until_ready()
        assert "engine ready" in app.text("status")
        assert "cpu" in app.text("status")


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


async def test_undo_and_redo_walk_the_edits() -> None:
    async with running("--silent", song=short_song()) as app:
        first = app.song
        await app.press("+", "t", "+")
        last = app.song
        await app.press("u", "u")
        assert app.song == first
        await app.press("u")
        assert "nothing to undo" in app.text("status")
        await app.press("U", "ctrl+r")
        assert app.song == last
        await app.press("U")
        assert "nothing to redo" in app.text("status")


@SIZES
async def test_f_fills_the_cell_and_again_gives_another_take(size: tuple[int, int]) -> None:
    async with running(size=size, song=short_song()) as app:
        await app.press("right", "f")
        await app.until_written()
        (take,) = app.cell().takes
        assert app.taken() == 1
        assert (take.engine, take.weights) == ("fake 1", "0" * 8)
        await app.press("f")
        await app.until_written()
        assert len(app.cell().takes) == 2
        assert app.cell().chosen == 1
        assert app.cell().takes[0] == take
        assert app.cell().takes[0].phrase != app.cell().takes[1].phrase
        assert "take 2/2" in app.rows("phrase")[0]


async def test_capital_f_fills_the_section_and_shows_asked_beside_got() -> None:
    async with running(song=short_song()) as app:
        await app.press("right", "F")
        await app.until_written()
        section = app.work.selected_section
        assert all(len(section.cell(part).takes) == 1 for part in PARTS)
        assert app.taken() == len(PARTS)
        phrase = section.cells.drums.phrase
        assert phrase is not None
        (row,) = [row for row in app.rows("constraints") if " drums" in row]
        assert f"{section.constraints.requested_onsets(Part.DRUMS):.1f}" in row
        assert f"{phrase.onsets_per_bar():.1f}" in row


@SIZES
async def test_a_fills_everything_and_one_undo_takes_it_all_back(size: tuple[int, int]) -> None:
    async with running(size=size) as app:
        before = app.song
        await app.press("A")
        await app.until_written()
        assert app.taken() == 28
        assert app.work.empty_cells() == 0
        assert "press e to export" in app.text("status")
        filled = app.song
        await app.press("u")
        assert app.song == before
        await app.press("U")
        assert app.song == filled


async def test_locked_cells_are_passed_over() -> None:
    async with running(song=filled_song()) as app:
        await app.press("l")
        assert app.cell().locked
        assert "locked" in app.rows("phrase")[0]
        assert "[" in app.rows("grid")[0]
        await app.press("f")
        assert "l frees this cell" in app.text("status")
        await app.press("x")
        assert "unlock it first" in app.text("status")
        await app.press("F")
        await app.until_written()
        assert [len(app.work.selected_section.cell(part).takes) for part in PARTS] == [1, 2, 2, 2]
        await app.press("l")
        assert not app.cell().locked


async def test_x_empties_the_cell_and_undo_brings_it_back() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("x")
        assert app.cell().chosen is None
        await app.press("u")
        assert app.cell().take == one_note_take(2)


@SIZES
async def test_question_mark_shows_the_keys_and_escape_leaves(size: tuple[int, int]) -> None:
    async with running("--silent", size=size, song=short_song()) as app:
        await app.press("?")
        assert isinstance(app.app.screen, HelpScreen)
        await app.press("down", "up", "escape")
        assert app.app.screen is app.main
        await app.press("?", "?")
        assert app.app.screen is app.main


async def test_what_is_written_behind_the_help_arrives() -> None:
    async with running(song=short_song()) as app:
        await app.until_ready()
        await app.press("A", "?")
        await app.until(lambda: app.work.empty_cells() == 0)
        await app.press("escape")
        await app.until_written()
        assert app.taken() == 12


async def test_the_palette_finds_an_action_by_its_name() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("ctrl+p", *"lock cell")
        await app.until(lambda: app.app.screen.query_one(CommandList).highlighted is not None)
        await app.press("enter")
        await app.until(lambda: app.cell().locked)


async def test_the_palette_knows_every_action() -> None:
    from tui.actions import APP_ACTIONS, MAIN_ACTIONS

    async with running("--silent", song=short_song()) as app:
        offered = {command.title for command in app.app.get_system_commands(app.main)}
        assert {action.label for action in MAIN_ACTIONS + APP_ACTIONS} - offered == {"Palette"}


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
