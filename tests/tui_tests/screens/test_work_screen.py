"""The ground of all groups of actions: a pace for what the engine sends, and changes made or refused."""

import time

from model.protocol import CellRef
from song.errors import UserError
from song.parts import Part
from song.sections import SectionKind
from song.templates import song_from_form
from tests.tui_tests.driving import held, running, short_song
from tui.screens.work_screen import REFRESH_SECONDS


async def test_a_burst_of_bars_is_shown_once_or_twice_and_to_its_end() -> None:
    song = song_from_form([(SectionKind.DROP, 64)])
    async with running("--hold-after=60", song=song) as app:
        await app.until_ready()
        shown = []
        refresh_view = app.main.refresh_view
        app.main.refresh_view = lambda: shown.append(refresh_view())  # type: ignore[method-assign]
        start = time.monotonic()
        await app.press("f")
        await held(app, CellRef(0, Part.DRUMS), 60)
        # Once for the key, once for its fill, and then at most so often.
        assert len(shown) <= 3 + (time.monotonic() - start) / REFRESH_SECONDS
        assert "60 of 64 bars" in app.rows("phrase")[0]


async def test_a_change_that_is_refused_is_said_in_place_of_its_note() -> None:
    def refuse() -> None:
        raise UserError("not here: {cell.lock} frees it")

    async with running("--silent", song=short_song()) as app:
        assert app.main.attempt(lambda: None, "done")
        assert app.view.note == "done"
        assert not app.main.attempt(refuse, "done")
        assert app.view.note == "not here: l frees it"
        assert "not here: l frees it" in app.text("status")
