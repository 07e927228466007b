"""Canvases: drawn within any size and under any theme, and no more written than what differs."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.geometry import Region

from song.files import SONG_SUFFIX
from song.sections import Song
from tests.tui_tests.driving import LARGE, SMALL, filled_song, running, short_song
from tests.tui_tests.example_songs import NAMES_OF_SEVERAL_CODE_POINTS, long_song
from tui.glyphs import ASCII
from tui.view import EngineState
from tui.widgets.canvas import Canvas, Row


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


async def test_ascii_draws_without_a_unicode_character() -> None:
    async with running(song=short_song(), glyphs=ASCII) as app:
        await app.press("A")
        await app.until_written()
        await app.press("right", "down", "d")
        for canvas in app.main.query(Canvas):
            assert app.text(canvas.id or "").isascii()


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


def test_a_row_counts_columns_and_pads_to_a_width() -> None:
    row = Row().add("drop").add("").add("\u4e16").add("a\u0301", "accent")
    assert row.width == 4 + 2 + 1
    assert row.pad(9, "-").width == 9
    assert row.pieces[-1] == ("--", "text")
    assert row.pad(3).width == 9
    assert len(row.pieces) == 4


async def test_names_of_several_code_points_are_drawn_within_their_bounds(tmp_path: Path) -> None:
    sections = short_song().sections * 3
    names = NAMES_OF_SEVERAL_CODE_POINTS
    named = [replace(sections[index], id=index, name=name) for index, name in enumerate(names)]
    song = replace(short_song(), title="".join(names), sections=tuple(named))
    async with running("--silent", song=song, path=tmp_path / f"{names[0]}{names[4]}{SONG_SUFFIX}") as app:
        for size in (SMALL, (40, 12)):
            await app.pilot.resize_terminal(*size)
            for key in ("home", *["right", "D", "u"] * len(names), "S", "escape", "R", "x", "escape"):
                await app.press(key)
                assert app.app.is_running
                for canvas in app.main.query(Canvas):
                    for y in range(canvas.size.height):
                        assert canvas.render_line(y).cell_length == canvas.size.width
