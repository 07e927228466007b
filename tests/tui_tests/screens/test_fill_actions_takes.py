"""Takes are seen before they are accepted: what sounds stays until then."""

from tests.tui_tests.driving import Driver, running
from tests.tui_tests.example_songs import three_takes


def rolled(app: Driver) -> str:
    """The label of the row that a note is drawn in."""
    (row,) = [row for row in app.rows("phrase")[2:] if "■" in row]
    return row.split()[1]


async def test_n_and_p_show_takes_and_what_sounds_stays() -> None:
    async with running("--silent", song=three_takes()) as app:
        await app.press("n")
        assert "no other take" in app.text("status")
        await app.press("down")
        shown = []
        for key in ("n", "n", "n", "p"):
            await app.press(key)
            shown.append((app.work.looked_at, app.cell().chosen, rolled(app)))
        assert shown == [(2, 1, "Gb2"), (0, 1, "F2"), (None, 1, "G2"), (0, 1, "F2")]
        assert app.song == app.work.history.present
        assert not app.work.history.past


async def test_space_lets_the_take_that_is_seen_sound_and_undo_brings_the_other_back() -> None:
    async with running("--silent", song=three_takes()) as app:
        await app.press("down", "space")
        assert "n shows the next one" in app.text("status")
        await app.press("n")
        assert "take 3 of 3: space takes it, esc leaves it" in app.text("status")
        assert "take 3/3, 2 sounds" in app.rows("phrase")[0]
        await app.press("space")
        assert app.cell().chosen == 2
        assert app.work.looked_at is None
        assert "take 3/3" in app.rows("phrase")[0]
        assert "sounds" not in app.rows("phrase")[0]
        await app.press("u")
        assert app.cell().chosen == 1


async def test_enter_takes_it_too_and_only_then_edits() -> None:
    async with running("--silent", song=three_takes()) as app:
        await app.press("down", "n", "enter")
        assert app.cell().chosen == 2
        assert not app.main.editing
        await app.press("enter")
        assert app.main.editing


async def test_escape_leaves_it_without_stopping_what_is_written() -> None:
    async with running("--hold-after", "1", song=three_takes()) as app:
        await app.until_ready()
        await app.press("f")
        await app.until(lambda: app.view.writing.drafts)
        await app.press("down", "n", "escape")
        assert app.work.looked_at is None
        assert app.cell().chosen == 1
        assert app.view.writing.busy
        await app.press("escape")
        await app.until(lambda: not app.view.writing.busy)


async def test_going_elsewhere_leaves_it() -> None:
    for keys in (("up",), ("right", "left"), ("D",), ("x",), ("enter", "n", "up")):
        async with running("--silent", song=three_takes()) as app:
            await app.press("down", "n", *keys)
            assert app.work.looked_at is None, keys


async def test_a_locked_cell_shows_its_takes_and_keeps_the_one_that_sounds() -> None:
    async with running("--silent", song=three_takes(locked=True)) as app:
        await app.press("down", "n")
        assert app.work.looked_at == 2
        await app.press("space")
        assert "locked" in app.text("status")
        assert app.cell().chosen == 1


async def test_while_notes_are_edited_n_leaves_them_first() -> None:
    async with running("--silent", song=three_takes()) as app:
        await app.press("down", "enter", "n")
        assert not app.main.editing
        assert app.work.looked_at == 2
