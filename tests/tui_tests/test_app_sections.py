"""The form by keys: sections, templates, phrases carried to other sections, variations, mute and solo."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.cells import cell_len
from textual.events import Key

from song.arrangements import ARRANGEMENTS, arrangement
from song.edits.takes import set_bars
from song.parts import PARTS, Part
from song.sections import SectionKind
from song.templates import song_from_form
from song.time import TICKS_PER_BAR
from tests.tui_tests.driving import LARGE, SMALL, Driver, filled_song, running, short_song
from tui.screens.start import StartScreen

SIZES = pytest.mark.parametrize("size", [SMALL, LARGE, (40, 12)], ids=["80x24", "120x40", "40x12"])


def kinds(app: Driver) -> list[SectionKind]:
    return [section.kind for section in app.song.sections]


async def test_a_adds_a_section_and_selects_it() -> None:
    async with running("--silent", song=short_song()) as app:
        before = app.song
        await app.press("a")
        assert kinds(app) == ["intro", "build", "drop", "outro"]
        assert app.work.section == 1
        assert "added BUILD" in app.text("status")
        assert "BUILD" in app.rows("constraints")[0]
        await app.press("u")
        assert app.song == before


async def test_capital_d_duplicates_a_section_with_its_takes() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("right", "D")
        assert kinds(app) == ["intro", "drop", "drop", "outro"]
        assert app.work.section == 2
        assert app.cell() == app.song.sections[1].cell(app.work.part)
        assert "copied to DROP 2" in app.text("status")


async def test_delete_removes_a_section_but_not_the_last() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("right", "delete")
        assert kinds(app) == ["intro", "outro"]
        assert "removed DROP: u brings it back" in app.text("status")
        await app.press("backspace", "backspace")
        assert kinds(app) == ["intro"]
        assert "keeps one section" in app.text("status")
        await app.press("u", "u")
        assert app.song == short_song()


async def test_less_and_greater_move_a_section_and_it_stays_selected() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press(">", ">")
        assert kinds(app) == ["drop", "outro", "intro"]
        assert app.work.section == 2
        await app.press(">")
        assert "the last section already" in app.text("status")
        await app.press("<", "<", "<")
        assert kinds(app) == ["intro", "drop", "outro"]
        assert "the first section already" in app.text("status")


async def test_capital_r_names_a_section() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("right", "R", *"Wub", "enter")
        assert app.song.section_names() == ["INTRO", "Wub", "OUTRO"]
        assert "Wub" in app.text("arrangement")
        await app.press("R", "x", "escape")
        assert app.song.section_names()[1] == "Wub"
        await app.press("R", *"y" * 41, "enter")
        assert "at most 40" in str(app.app.screen.query_one("#said").render())
        await app.press("escape")
        assert app.app.screen is app.main


@pytest.mark.parametrize("name", ["\u4e16\u754c", "a\u0301e\u0301", "\u4e16" * 40])
async def test_a_name_in_wide_or_joined_letters_moves_nothing_beside_it(name: str) -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("end")
        before = app.rows("arrangement")
        await app.press("home", "R", *name, "enter", "+", "-", "end")
        after = app.rows("arrangement")
        assert [cell_len(row) for row in after] == [cell_len(row) for row in before]
        names_before, names_after = (rows[2].partition("DROP") for rows in (before, after))
        assert names_after[1:] == names_before[1:]
        assert cell_len(names_after[0]) == cell_len(names_before[0])
        assert app.song.section_names()[0] == name


@SIZES
async def test_capital_t_lays_the_song_out_as_a_genre_does(size: tuple[int, int]) -> None:
    async with running("--silent", size=size, song=short_song()) as app:
        for number, name in enumerate(ARRANGEMENTS, 1):
            await app.press("T")
            assert isinstance(app.app.screen, StartScreen)
            await app.press(str(number))
            assert [replace(section, id=0) for section in app.song.sections] == [
                replace(section, id=0) for section in arrangement(name).sections
            ]
            assert app.song.style == {name: 1.0}
            assert app.song.title == "Short"
        for _ in ARRANGEMENTS:
            await app.press("u")
        assert app.song == short_song()
        await app.press("T", "escape")
        assert app.song == short_song()


async def test_a_template_over_music_says_that_undo_brings_it_back() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("T")
        assert "takes the place" in str(app.app.screen.query_one("#start").render())
        await app.press("2")
        assert "u brings back what was there" in app.view.note
        await app.press("u")
        assert app.song == filled_song()


async def test_what_was_being_written_does_not_come_to_another_arrangement() -> None:
    async with running("--bar-delay=0.01", song=short_song()) as app:
        await app.until_ready()
        await app.press("A", "T", "2")
        await app.until_written()
        assert not app.work.has_music()


async def test_from_start_to_an_exported_track_in_four_keys_that_the_screen_tells(tmp_path: Path) -> None:
    async with running(starts_anew=True) as app:
        told = str(app.app.screen.query_one("#start").render())
        assert "1  dubstep" in told
        assert "A writes everything, and e exports" in told
        await app.press("5")
        assert "trap: press A" in app.view.note
        await app.press("A")
        await app.until_written()
        assert app.work.empty_cells() == 0
        assert "press e" in app.view.note
        await app.press("e")
        await app.until(lambda: app.main.note.startswith("exported Untitled.mid"))
    assert (tmp_path / "Untitled.mid").read_bytes()[:4] == b"MThd"


async def test_a_key_that_means_nothing_on_the_start_screen_does_what_it_always_does() -> None:
    async with running("--silent", starts_anew=True) as app:
        await app.press("right")
        await app.until(lambda: app.app.screen is app.main)
        assert app.work.section == 1


async def test_c_and_v_carry_a_phrase_to_another_section() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("v")
        assert "nothing is copied" in app.text("status")
        await app.press("down", "c", "right", "down", "v")
        assert (app.work.section, app.work.part) == (1, Part.BASS)
        phrase = app.cell().phrase
        assert len(app.cell().takes) == 2
        assert phrase is not None
        assert [note.onset_tick for note in phrase.notes] == [0, 2 * TICKS_PER_BAR]
        await app.press("l", "v")
        assert "locked" in app.text("status")
        await app.press("l", "x", "c")
        assert "empty" in app.text("status")


async def test_m_mutes_and_capital_m_solos_and_both_say_what_is_exported() -> None:
    async with running("--silent", song=filled_song()) as app:
        await app.press("m")
        assert app.song.muted == (Part.DRUMS,)
        assert "heard and exported: bass, chords, lead" in app.text("status")
        assert app.rows("grid")[0].startswith("▸drums M")
        await app.press("m", "down", "M")
        assert app.song.solo == (Part.BASS,)
        assert app.rows("grid")[1].startswith("▸bass  S")
        await app.press("e")
        await app.until(lambda: app.main.note.startswith("exported"))
        assert "without drums and chords and lead (muted)" in app.view.note
        await app.press("m", "e")
        assert "every part is muted" in app.text("status")


async def test_capital_p_fills_a_part_across_sections() -> None:
    async with running(song=short_song()) as app:
        await app.press("down", "P")
        await app.until_written()
        assert [[len(section.cell(part).takes) for part in PARTS] for section in app.song.sections] == [
            [0, 1, 0, 0]
        ] * 3


async def test_capital_v_makes_a_variation_that_keeps_some_bars_and_undoes_as_one() -> None:
    form = [(SectionKind.DROP, 8), (SectionKind.BREAK, 2), (SectionKind.DROP, 8)]
    async with running(song=song_from_form(form)) as app:
        await app.press("end", "V")
        assert "no other drop with music" in app.text("status")
        await app.press("home", "F")
        await app.until_written()
        before = app.song
        await app.press("end", "V")
        await app.until_written()
        for part in PARTS:
            old, new = (app.song.sections[index].cell(part).phrase for index in (0, 2))
            assert old is not None
            assert new is not None
            bars = [[note for note in phrase.notes if note.onset_tick // TICKS_PER_BAR == 0] for phrase in (old, new)]
            assert bars[0] == bars[1]
            assert old != new
        await app.press("u")
        assert app.song == before


async def test_a_take_reaches_its_section_wherever_that_was_moved() -> None:
    async with running("--hold-after=1", song=set_bars(short_song(), 1, 1)) as app:
        await app.until_ready()
        app.main.session.fill([app.work.cell_ref], 3)
        await app.until(lambda: app.view.writing.drafts)
        await app.press(">", "a")
        (cell,) = app.view.writing.drafts
        assert cell.section == 1
        assert app.song.sections[1].kind is SectionKind.INTRO


async def test_brackets_lengthen_and_shorten_a_section() -> None:
    async with running("--silent", song=filled_song()) as app:
        bars = []
        for key in (")", ")", "(", "(", "(", "("):
            await app.press(key)
            bars.append(app.work.selected_section.bars)
        assert bars == [3, 4, 3, 2, 1, 1]
        assert "a section has 1 to 128 bars" in app.text("status")
        await app.press("u")
        assert app.work.selected_section.bars == 2


async def test_keys_that_come_at_once_choose_an_arrangement_and_fill_it() -> None:
    async with running("--silent", starts_anew=True) as app:
        for key in ("1", "A"):
            app.app.post_message(Key(key, key))
        await app.until(lambda: app.app.screen is app.main and app.main.session.last_fill_id)
        assert app.song.bars == arrangement("dubstep").bars
