"""Canvases: drawn within any size and under any theme, and no more written than what differs."""

import pytest
from textual.geometry import Region

from song.sections import Song
from tests.tui_tests.driving import LARGE, SMALL, filled_song, running, short_song
from tests.tui_tests.example_songs import long_song
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
