"""The list of takes, and the report on the one that is seen."""

from song.edits.takes import replace_cell
from song.parts import Part
from song.sections import Cell
from tests.tui_tests.driving import LARGE, SMALL, filled_song, running, short_song
from tests.tui_tests.example_songs import take, three_takes


async def test_z_shows_the_takes_in_place_of_the_constraints_and_back() -> None:
    async with running(size=LARGE, song=short_song()) as app:
        await app.press("right", "z")
        await app.until(lambda: app.text("takes"))
        assert "none yet: f writes one" in app.text("takes")
        for _ in range(3):
            await app.press("f")
            await app.until_written()
        rows = app.rows("takes")
        assert "takes of drums" in rows[0]
        assert rows[1].split() == ["take", "score", "got", "copied", "seed"]
        seeds = [take.seed for take in app.cell().takes]
        for number, (row, seed) in enumerate(zip(rows[2:5], seeds, strict=True), 1):
            assert str(seed) in row
            assert f" {number} " in row
        assert rows[4].startswith(" ▸  3 ●")
        await app.press("p")
        assert app.rows("takes")[3].startswith(" ▸  2  ")
        assert app.rows("takes")[4].startswith("    3 ●")
        await app.press("z")
        assert app.main.query_one("#constraints").display
        assert not app.main.query_one("#takes").display


async def test_below_the_list_is_the_report_on_the_take_that_is_seen() -> None:
    for size in (SMALL, LARGE):
        async with running("--silent", song=three_takes(), size=size) as app:
            await app.press("down", "z")
            await app.until(lambda: app.text("takes"))
            report = app.text("takes")
            assert "score   83% real, 1.25 nats a note" in report
            assert "key     all within of F minor" in report
            assert "seed    43" in report
            await app.press("n")
            report = app.text("takes")
            assert "key     1 outside ≠ of F minor" in report
            assert "written by hand" in report


async def test_the_longest_copied_run_is_told_with_where_it_is_from() -> None:
    copy = take(41, weights="0" * 8, copied_notes=7, copied_from="starter: four-teeth, bar 3")
    song = replace_cell(short_song(), 0, Part.BASS, Cell((copy,), 0))
    async with running("--silent", song=song) as app:
        await app.press("down", "z")
        await app.until(lambda: app.text("takes"))
        assert "copied  7 notes" in app.text("takes")
        assert "starter: four-teeth, bar 3" in app.text("takes")


async def test_a_click_shows_a_take_and_a_second_one_takes_it() -> None:
    async with running("--silent", size=LARGE, song=three_takes()) as app:
        await app.press("down", "z")
        await app.until(lambda: app.text("takes"))
        await app.pilot.click("#takes", offset=(5, 4))
        assert (app.work.looked_at, app.cell().chosen) == (2, 1)
        await app.pilot.click("#takes", offset=(5, 4))
        assert (app.work.looked_at, app.cell().chosen) == (None, 2)


async def test_a_take_says_that_it_was_edited_and_does_not_do_what_is_asked() -> None:
    async with running("--silent", size=LARGE, song=filled_song()) as app:
        await app.press("right", "z", "enter", "enter")
        (row,) = [row for row in app.rows("takes") if row.startswith(" ▸")]
        assert "1 ●✎" in row
        assert "≠" in row
        assert "hand" in row
