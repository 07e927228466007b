"""The list of takes: what it says of each, and that keys and mouse choose among them."""

from tests.tui_tests.driving import LARGE, filled_song, running, short_song


async def test_z_shows_the_takes_in_place_of_the_constraints_and_back() -> None:
    async with running(size=LARGE, song=short_song()) as app:
        await app.press("right", "z")
        assert "none yet: f writes one" in app.text("takes")
        for _ in range(3):
            await app.press("f")
            await app.until_written()
        rows = app.rows("takes")
        assert "takes of drums" in rows[0]
        assert rows[1].split() == ["take", "nats", "got", "copied", "seed"]
        seeds = [take.seed for take in app.cell().takes]
        for number, (row, seed) in enumerate(zip(rows[2:5], seeds, strict=True), 1):
            assert str(seed) in row
            assert f" {number} " in row
        assert rows[4].startswith(" ▸")
        await app.press("p")
        assert app.rows("takes")[3].startswith(" ▸")
        await app.press("}", "}", "}")
        await app.press("z")
        assert app.main.query_one("#constraints").display
        assert not app.main.query_one("#takes").display


async def test_a_click_chooses_a_take() -> None:
    async with running(size=LARGE, song=short_song()) as app:
        app.main.session.takes = 3
        await app.press("f", "z")
        await app.until_written()
        await app.pilot.click("#takes", offset=(5, 4))
        assert app.cell().chosen == 2


async def test_a_take_says_that_it_was_edited_and_does_not_do_what_is_asked() -> None:
    async with running("--silent", size=LARGE, song=filled_song()) as app:
        await app.press("right", "z", "enter", "enter")
        (row,) = [row for row in app.rows("takes") if row.startswith(" ▸")]
        assert "1 ✎" in row
        assert "≠" in row
        assert "hand" in row
