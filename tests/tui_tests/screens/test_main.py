"""The main screen: what it shows first, and what it makes room for at each size."""

from song.parts import PARTS
from tests.tui_tests.driving import filled_song, running
from tests.tui_tests.sizes import SIZES
from tui.keymaps import with_keys
from tui.screens.main import WELCOME

VAST = (160, 50)


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


async def test_a_vast_screen_has_constraints_takes_and_phrase_at_once() -> None:
    async with running("--silent", song=filled_song(), size=VAST) as app:
        assert {name: bool(app.text(name).strip()) for name in ("constraints", "takes", "phrase")} == {
            "constraints": True,
            "takes": True,
            "phrase": True,
        }
        await app.press("z")
        assert not app.main.query_one("#takes").display
        assert app.main.query_one("#constraints").display


async def test_on_a_narrow_screen_the_phrase_is_seen_while_it_is_edited() -> None:
    async with running("--silent", song=filled_song(), size=(40, 12)) as app:
        await app.press("enter")
        await app.until(lambda: app.text("phrase").strip())
        assert app.main.editing
        await app.press("escape")
        await app.until(lambda: app.text("constraints").strip())
        assert not app.main.query_one("#phrase").display
