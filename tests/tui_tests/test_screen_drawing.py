"""How the screen is drawn: any size, any theme, one column wide glyphs, and no more written than what differs."""

import re

import msgspec
import pytest
from textual.geometry import Region

from song.parts import Part
from song.sections import SectionKind, Song
from song.templates import song_from_form
from tests.tui_tests.driving import LARGE, SMALL, filled_song, running, short_song
from tui.glyphs import ASCII, UNICODE, Glyphs
from tui.view import EngineState
from tui.widgets.arrangement import song_seconds
from tui.widgets.canvas import Canvas


def long_song() -> Song:
    return song_from_form([(kind, 8) for _ in range(8) for kind in SectionKind])


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=lambda glyphs: glyphs.name)
def test_every_glyph_is_one_column_wide(glyphs: Glyphs) -> None:
    from rich.cells import cell_len

    for field in msgspec.structs.fields(glyphs):
        value = getattr(glyphs, field.name)
        for characters in value.values() if isinstance(value, dict) else [value]:
            assert cell_len(characters) == len(characters) > 0
            assert glyphs is UNICODE or characters.isascii()
    assert len(glyphs.levels) == 8
    assert (len(glyphs.hits), len(glyphs.halves), len(glyphs.states)) == (3, 3, 5)


def test_what_a_cell_may_be_differs_by_glyph_alone() -> None:
    for glyphs in (UNICODE, ASCII):
        states = [glyphs.empty, glyphs.queued, glyphs.unwritten, glyphs.silent, glyphs.failed, glyphs.left_lock]
        states += [glyphs.unlike, glyphs.right_lock, *glyphs.levels]
        assert len(set(states)) == len(states)
        assert len(set(glyphs.kinds.values())) == len(SectionKind)


@pytest.mark.parametrize("size", [SMALL, LARGE, (160, 50), (60, 16), (40, 12), (20, 5)], ids=str)
@pytest.mark.parametrize("song", [short_song(), filled_song(), long_song()], ids=["empty", "filled", "long"])
async def test_any_size_is_drawn_within_its_bounds(size: tuple[int, int], song: Song) -> None:
    async with running("--silent", size=size, song=song) as app:
        await app.press("end", "down", "l")
        for canvas in app.main.query(Canvas):
            for y in range(canvas.size.height):
                assert canvas.render_line(y).cell_length == canvas.size.width


async def test_shrinking_and_growing_again_shows_the_same_screen() -> None:
    async with running("--silent", song=filled_song()) as app:
        # A silent engine warms for ever: until then the status line would change by itself.
        await app.until(lambda: app.engine is EngineState.WARMING)
        before = {canvas.id: app.text(canvas.id or "") for canvas in app.main.query(Canvas)}
        for size in ((40, 12), (10, 3), LARGE, SMALL):
            await app.pilot.resize_terminal(*size)
            await app.pilot.pause()
        assert {canvas.id: app.text(canvas.id or "") for canvas in app.main.query(Canvas)} == before


async def test_in_a_long_song_the_selected_section_is_always_seen() -> None:
    async with running("--silent", song=long_song()) as app:
        names = app.song.section_names()
        for _ in range(len(names) - 1):
            await app.press("right")
            word, number = names[app.work.section].split()
            assert re.search(rf"{word[:4]}\w* ?{number}\b", app.rows("arrangement")[2])


async def test_the_selected_cell_has_edges_as_well_as_a_colour() -> None:
    async with running("--silent", song=short_song()) as app:
        await app.press("right", "down")
        row = app.rows("grid")[1]
        assert row.startswith("▸bass")
        assert (row.count("▐"), row.count("▌")) == (1, 1)
        assert all("▐" not in other for other in app.rows("grid")[2:])


async def test_ascii_draws_without_a_unicode_character() -> None:
    async with running(song=short_song(), glyphs=ASCII) as app:
        await app.press("A")
        await app.until_written()
        await app.press("right", "down", "d")
        for canvas in app.main.query(Canvas):
            assert app.text(canvas.id or "").isascii()


@pytest.mark.parametrize("theme", ["dropsmith", "dropsmith-light", "textual-light", "nord", "ansi-dark"])
async def test_every_theme_has_the_colours_we_use(theme: str) -> None:
    async with running("--silent", song=filled_song()) as app:
        app.app.theme = theme
        await app.pilot.pause()
        await app.press("right")
        assert "DROP" in app.text("arrangement")


async def test_a_theme_repaints_the_canvases() -> None:
    async with running("--silent", song=filled_song()) as app:
        row = app.main.query_one("#arrangement", Canvas).render_line(3)
        app.app.theme = "dropsmith-light"
        await app.pilot.pause()
        assert app.main.query_one("#arrangement", Canvas).render_line(3) != row


async def test_a_step_repaints_only_what_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running("--silent", song=filled_song()) as app:
        regions: list[Region] = []
        refresh = Canvas.refresh

        def spy(canvas: Canvas, *dirty: Region, **options: bool) -> Canvas:
            regions.extend(dirty)
            return refresh(canvas, *dirty, **options)

        monkeypatch.setattr(Canvas, "refresh", spy)
        app.main.refresh_view()
        assert regions == []
        await app.press("d")
        assert 0 < sum(region.area for region in regions) < 80 * 4


async def test_numbers_of_the_screen_are_those_of_the_song() -> None:
    song = song_from_form([(SectionKind.DROP, 35)], tempo_bpm=140)
    assert song_seconds(song) == pytest.approx(60)
    async with running("--silent", song=song) as app:
        assert "35 bars · 1:00" in app.rows("arrangement")[0]
        assert "♩140" in app.rows("arrangement")[1]


async def test_the_wobble_lies_under_the_bass() -> None:
    async with running(song=short_song()) as app:
        await app.press("right", "down", "f")
        await app.until_written()
        assert app.work.part is Part.BASS
        labels = [words[1] for row in app.rows("phrase")[2:] if len(words := row.split()) > 1]
        assert labels[-3:] == ["rate", "depth", "wobble"]
