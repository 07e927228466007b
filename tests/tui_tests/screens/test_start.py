"""The screen that a song is started from: it fits, lays a song out, and stands in nobody's way."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.events import Key

from song.arrangements import ARRANGEMENTS
from song.layout import draw_layout
from song.sections import SectionKind
from song.templates import song_from_form
from tests.tui_tests.driving import LARGE, SMALL, Driver, filled_song, running, short_song
from tui.screens.start import StartScreen, describe

SIZES = pytest.mark.parametrize("size", [SMALL, LARGE, (40, 12)], ids=["80x24", "120x40", "40x12"])


async def start_text(app: Driver) -> str:
    await app.until(lambda: app.app.screen is not app.main)
    return str(app.app.screen.query_one("#start").render())


@pytest.mark.parametrize("size", [(40, 12), SMALL, LARGE], ids=str)
async def test_the_start_screen_fits(size: tuple[int, int]) -> None:
    async with running("--silent", size=size) as app:
        await app.press("T")
        shown = app.app.screen.query_one("#start")
        lines = (await start_text(app)).splitlines()
        assert len(lines) <= shown.content_size.height
        assert max(len(line) for line in lines) <= shown.content_size.width
        assert "writes" in lines[-1]
        assert [line.split()[0] for line in lines if line[:1].isdigit()] == ["1", "2", "3", "4", "5", "6"]


@SIZES
async def test_capital_t_lays_the_song_out_as_a_genre_does(size: tuple[int, int]) -> None:
    async with running("--silent", size=size, song=short_song()) as app:
        for number, name in enumerate(ARRANGEMENTS, 1):
            await app.press("T")
            assert isinstance(app.app.screen, StartScreen)
            await app.press(str(number))
            assert [replace(section, id=0) for section in app.song.sections] == [
                replace(section, id=0) for section in draw_layout(name, app.song.seed).sections
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


async def test_from_start_to_an_exported_track_in_four_keys_that_the_screen_tells(tmp_path: Path) -> None:
    async with running(starts_anew=True) as app:
        told = str(app.app.screen.query_one("#start").render())
        assert "1  dubstep" in told
        assert "A writes everything, and e exports" in told
        await app.press("5")
        assert f"trap, seed {app.song.seed}: press A" in app.view.note
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


async def test_keys_that_come_at_once_choose_an_arrangement_and_fill_it() -> None:
    async with running("--silent", starts_anew=True) as app:
        for key in ("1", "A"):
            app.app.post_message(Key(key, key))
        await app.until(lambda: app.app.screen is app.main and app.main.session.last_fill_id)
        assert app.song.bars == draw_layout("dubstep", app.song.seed).bars


def test_an_arrangement_is_told_by_tempo_bars_length_and_first_drop() -> None:
    song = song_from_form([(SectionKind.INTRO, 8), (SectionKind.DROP, 62)], tempo_bpm=140)
    assert describe(song) == "140 BPM   70 bars  2:00  drop at 0:14"
    assert describe(song, shortly=True) == "140 BPM  2:00"
    assert describe(song_from_form([(SectionKind.INTRO, 35)], tempo_bpm=140)).endswith("1:00  no drop")


async def test_capital_l_draws_the_layout_again_and_leaves_what_was_set() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("L")
        assert "was not drawn: T chooses an arrangement" in app.view.note
        await app.press("T", "1")
        first = app.song
        assert f"dubstep, seed {first.seed}: press" in app.text("status")
        await app.press("t", "+")
        set_by_hand = app.song.sections[0].constraints.tempo_bpm
        await app.press("L")
        again = app.song
        assert again.seed != first.seed
        assert f"drawn again, seed {again.seed}" in app.view.note
        assert again.sections[0].constraints.tempo_bpm == set_by_hand
        assert again.sections[1].constraints.density != first.sections[1].constraints.density or again.key != first.key
        await app.press("u", "u")
        assert app.song == first
