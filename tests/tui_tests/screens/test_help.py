"""The help: opened and left by keys, the keys of the notes first while they are edited."""

import pytest

from tests.tui_tests.driving import LARGE, running, short_song
from tests.tui_tests.example_songs import bass_song
from tests.tui_tests.sizes import SIZES
from tui.actions import APP_ACTIONS, GROUPS, MAIN_ACTIONS, NOTE_ACTIONS
from tui.glyphs import ASCII, UNICODE, Glyphs
from tui.keymaps import VIM, shown_keys
from tui.screens.help import HelpScreen, key_table, legend


@SIZES
async def test_question_mark_shows_the_keys_and_escape_leaves(size: tuple[int, int]) -> None:
    async with running("--silent", size=size, song=short_song()) as app:
        await app.press("?")
        assert isinstance(app.app.screen, HelpScreen)
        await app.press("down", "up", "escape")
        assert app.app.screen is app.main
        await app.press("?", "?")
        assert app.app.screen is app.main


async def test_what_is_written_behind_the_help_arrives() -> None:
    async with running(song=short_song()) as app:
        await app.until_ready()
        await app.press("A", "?")
        await app.until(lambda: app.work.empty_cells() == 0)
        await app.press("escape")
        await app.until_written()
        assert app.taken() == 12


async def test_help_shows_the_keys_of_the_notes_first() -> None:
    async with running("--silent", size=LARGE, song=bass_song()) as app:
        await app.press("enter", "?")
        assert isinstance(app.app.screen, HelpScreen)
        first = str(next(iter(app.app.screen.query("#tables Static"))).render())
        assert first.startswith("In the notes")
        await app.press("escape")
        assert app.main.editing


def test_the_help_has_every_action_with_the_keys_that_hold() -> None:
    for keymap in ({}, VIM):
        table = key_table(GROUPS, keymap).plain.splitlines()
        for action in (*MAIN_ACTIONS, *NOTE_ACTIONS, *APP_ACTIONS):
            assert any(shown_keys(action, keymap) in line and line.endswith(action.tooltip) for line in table)


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=lambda glyphs: glyphs.name)
def test_the_legend_has_the_glyphs_that_are_drawn(glyphs: Glyphs) -> None:
    told = legend(glyphs).plain
    for kind, glyph in glyphs.kinds.items():
        assert f"{glyph} {kind}" in told
    for glyph, word in (
        (glyphs.empty * 3, "empty"),
        (glyphs.queued * 3, "waiting"),
        (glyphs.failed, "failed"),
        (glyphs.unlike, "not as asked"),
        (glyphs.sounding, "the take that sounds"),
    ):
        assert " ".join(f"{glyph} {word}".split()) in " ".join(told.split())
