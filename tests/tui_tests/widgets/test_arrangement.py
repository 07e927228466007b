"""The arrangement: names, tempo, energy and the bar where one stands, above the sections."""

import re

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from song.edits.constraints import set_chords, set_density, set_tempo
from song.edits.takes import replace_cell
from song.notes import Phrase
from song.parts import Part
from song.sections import Cell, SectionKind, Take
from song.templates import song_from_form
from tests.tui_tests.driving import LARGE, SMALL, filled_song, running, short_song
from tests.tui_tests.example_songs import long_song, onsets
from tui.glyphs import ASCII, UNICODE, Glyphs
from tui.widgets.arrangement import bar_offset, energy_curve, section_columns, song_seconds

DROP_BARS = 4


def test_the_energy_is_that_of_what_is_written_else_what_is_asked() -> None:
    asked = short_song()
    for part in Part:
        asked = set_density(asked, 1, part, 0.5)
    assert energy_curve(asked.sections[1], 4) == pytest.approx([0.5] * 4)
    busy = replace_cell(asked, 1, Part.DRUMS, Cell((Take(Phrase(DROP_BARS, onsets(2, 36, 16).phrase.notes)),), 0))
    first, second, third, fourth = energy_curve(busy.sections[1], 4)
    assert first == second > 0.5
    assert third == fourth == pytest.approx(0.375)


async def test_tempo_is_shown_where_it_changes_and_in_the_narrowest_column_by_its_sign() -> None:
    song = song_from_form(((SectionKind.INTRO, 2), (SectionKind.BUILD, 8), (SectionKind.DROP, 64)))
    song = set_tempo(set_tempo(song, 1, 140, 174), 2, 174, 174)
    async with running("--silent", song=song, size=LARGE) as app:
        assert app.rows("arrangement")[1].split()[2:] == ["▼1", "♩", "3", "↗174", "11"]
        await app.pilot.resize_terminal(40, 12)
        await app.until(lambda: app.main.size.width == 40)
        assert app.rows("arrangement")[1].split()[2:] == ["▼1", "♩", "3", "↗", "11"]


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


async def test_a_click_on_the_arrangement_goes_to_the_bar() -> None:
    async with running("--silent", song=filled_song(), size=LARGE) as app:
        column = section_columns(app.view, LARGE[0])[1]
        await app.pilot.click("#arrangement", offset=(column.x + bar_offset(column, 4, 3) + 1, 2))
        assert (app.work.section, app.work.bar) == (1, 3)


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


async def test_in_a_long_song_the_selected_section_is_always_seen() -> None:
    async with running("--silent", song=long_song()) as app:
        names = app.song.section_names()
        for _ in range(len(names) - 1):
            await app.press("right")
            word, number = names[app.work.section].split()
            assert re.search(rf"{word[:4]}\w* ?{number}\b", app.rows("arrangement")[2])


async def test_numbers_of_the_screen_are_those_of_the_song() -> None:
    song = song_from_form([(SectionKind.DROP, 35)], tempo_bpm=140)
    assert song_seconds(song) == pytest.approx(60)
    async with running("--silent", song=song) as app:
        assert "35 bars · 1:00" in app.rows("arrangement")[0]
        assert "♩140" in app.rows("arrangement")[1]


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=str)
async def test_chords_stand_under_the_names_of_their_sections(size: tuple[int, int]) -> None:
    song = set_chords(filled_song(), 1, "i VI III VII")
    async with running("--silent", song=song, size=size) as app:
        row, column = app.rows("arrangement")[3], section_columns(app.view, size[0])[1]
        assert row.startswith(" harmony")
        assert row[column.x + 1 : column.x + column.width].strip() == "Fm Db Ab Eb"
        # Free harmony shows nothing.
        assert row[column.x + column.width :].strip(f" {UNICODE.bar}") == ""
        assert "energy" in app.rows("arrangement")[-1]


async def test_without_a_progression_the_row_is_the_curves() -> None:
    async with running("--silent", song=filled_song()) as app:
        assert "harmony" not in app.text("arrangement")
        assert app.rows("arrangement")[-1].startswith(" energy")


@pytest.mark.parametrize("title", ["Night", "A title that is as long as the longest of titles may well be"])
async def test_the_seed_is_shown_beside_any_title(title: str) -> None:
    song = replace(short_song(), title=title, seed=352287306)
    async with running("--silent", song=song) as app:
        await app.press("+")
        row = app.rows("arrangement")[0]
        assert "seed 352287306" in row
        assert row.startswith(f" {title[:12]}")
        assert row.rstrip().endswith("unsaved")
