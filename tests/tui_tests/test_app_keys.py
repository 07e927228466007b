"""Every action by its key, at both sizes where the screen matters: what it does to the song, and what it says."""

from pathlib import Path

import pytest
from textual.command import CommandList

from song.parts import PARTS, Part
from song.store import load_song
from tests.tui_tests.driving import LARGE, SMALL, Driver, filled_song, one_note_take, running, short_song
from tui.keymaps import with_keys
from tui.screens.help import HelpScreen
from tui.screens.main import WELCOME

SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])


def constraint(driver: Driver) -> object:
    return driver.work.selected_section.constraints


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


async def test_tab_walks_the_constraints_and_letters_pick_them() -> None:
    async with running("--silent", song=short_song()) as app:
        assert app.work.field_id == "bars"
        await app.press("tab")
        assert app.work.field_id == "tempo"
        await app.press("shift+tab", "shift+tab")
        assert app.work.field_id == "kind"
        for keys, field in (("t", "tempo"), ("t", "ramp"), ("b", "bars"), ("k", "key"), ("w", "wobble")):
            await app.press(keys)
            assert app.work.field_id == field
        await app.press("w", "w")
        assert app.work.field_id == "shape"


async def test_d_picks_the_density_of_the_selected_part_then_of_all() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("down", "d")
        assert app.work.field_id == "bass"
        await app.press("d")
        assert app.work.field_id == "density"


async def test_choosing_the_density_of_a_part_selects_the_part() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("tab", "tab", "tab", "tab", "tab")
        assert app.work.field_id == "bass"
        assert app.work.part is Part.BASS


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        (("b", "+"), "5"),
        (("b", "minus"), "3"),
        (("b", "}"), "8"),
        (("t", "+"), "141 BPM"),
        (("t", "{"), "130 BPM"),
        (("t", "t", "right_square_bracket"), "141 BPM"),
        (("k", "equals_sign"), "C minor"),
        (("w", "w", "w", "+"), "square"),
        (("down", "k", "k", "+"), "bass in"),
        (("r", "+"), " A "),
        (("r", "r", "+"), "3 bars"),
        (("y", "+"), "dubstep"),
        (("y", "y", "+"), "riddim"),
        (("h", "+"), "1.05"),
        (("K", "+"), "break"),
    ],
)
async def test_plus_and_minus_change_the_chosen_constraint(keys: tuple[str, ...], shown: str) -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("right")
        before = app.song
        await app.press(*keys)
        assert app.song != before
        (row,) = [row for row in app.rows("constraints") if row.startswith(" ▸")]
        assert shown in row
        await app.press("u")
        assert app.song == before


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


async def test_what_the_takes_do_is_shown_beside_what_was_asked() -> None:
    async with running(size=LARGE, song=short_song()) as app:
        await app.press("right", "down", "f")
        await app.until_written()
        await app.press("w")
        (row,) = [row for row in app.rows("constraints") if row.startswith(" ▸")]
        assert "1/4 1/8 1/8T 1/16 got 1/" in row
        await app.press("k", "k")
        (row,) = [row for row in app.rows("constraints") if row.startswith(" ▸")]
        assert "G1 to E4 got" in row


async def test_density_steps_change_the_onsets_asked_at_once() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("right", "d")
        before = app.song.sections[1].constraints.requested_onsets(Part.DRUMS)
        await app.press("+")
        after = app.song.sections[1].constraints.requested_onsets(Part.DRUMS)
        assert after > before
        (row,) = [row for row in app.rows("constraints") if row.startswith(" ▸")]
        assert f"{after:.1f}" in row


async def test_a_constraint_at_the_end_of_its_range_says_so() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("minus", "minus")
        assert app.work.selected_section.bars == 1
        assert "bars goes no further" in app.text("status")


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


async def test_e_exports_a_midi_file_and_says_where(tmp_path: Path) -> None:
    import mido

    async with running("--silent", song=filled_song()) as app:
        await app.press("e")
        await app.until(lambda: app.main.note.startswith("exported"))
        assert "exported Short.mid" in app.text("status")
    file = mido.MidiFile(tmp_path / "Short.mid")
    names = [track.name for track in file.tracks]
    assert {"Drums", "Bass", "Chords", "Lead"} <= set(names)


async def test_an_export_goes_beside_the_song(tmp_path: Path) -> None:
    folder = tmp_path / "songs"
    folder.mkdir()
    async with running("--silent", song=filled_song(), path=folder / "night.drop") as app:
        await app.press("e")
        await app.until(lambda: app.main.note.startswith("exported"))
    assert (folder / "night.mid").read_bytes()[:4] == b"MThd"


async def test_an_export_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    async with running("--silent", song=filled_song(), path=tmp_path / "no" / "such" / "night.drop") as app:
        await app.press("e")
        await app.until(lambda: app.main.note.startswith("cannot write"))


async def test_there_is_nothing_to_export_before_anything_is_written() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("e")
        assert "nothing to export yet: press A" in app.text("status")


async def test_an_export_with_empty_cells_says_how_many() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("x", "e")
        await app.until(lambda: app.main.note.startswith("exported"))
        assert "1 cell still empty" in app.main.note


async def test_s_saves_the_song(tmp_path: Path) -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("+")
        assert "unsaved" in app.rows("arrangement")[0]
        await app.press("s")
        assert "saved Short.drop" in app.text("status")
        assert "unsaved" not in app.rows("arrangement")[0]
        assert load_song(tmp_path / "Short.drop") == app.song


async def test_a_save_that_fails_says_what_to_do(tmp_path: Path) -> None:
    async with running("--silent", song=short_song(), path=tmp_path / "gone" / "a.drop") as app:
        await app.press("+", "s")
        assert "not saved, S saves it elsewhere" in app.text("status")
        assert not app.work.saved


async def test_quitting_with_nothing_changed_says_nothing() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("ctrl+q")
        assert app.app.return_value == ""


async def test_quitting_saves_to_the_songs_file(tmp_path: Path) -> None:
    async with running("--silent", song=short_song(), path=tmp_path / "a.drop") as app:
        await app.press("+", "ctrl+q")
        assert app.app.return_value == "saved a.drop"
        assert load_song(tmp_path / "a.drop") == app.song


async def test_quitting_keeps_a_song_without_a_file_and_says_where(tmp_path: Path) -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("+", "ctrl+q")
        last_words = app.app.return_value or ""
        kept = Path(last_words.split('"')[1])
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
        assert "^q again quits without saving" in app.main.note
        await app.press("ctrl+q")
        assert app.app.return_value == ""


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
