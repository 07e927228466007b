"""Sets of keys: no key with two meanings, how keys are written, and keys that change places."""

import pytest

from tests.tui_tests.driving import running, short_song
from tui.actions import MAIN_ACTIONS
from tui.keymaps import KEYMAPS, VIM, check_clashes, read_keymap, shown_keys, with_keys, written
from tui.screens.help import HelpScreen
from tui.settings import Settings


@pytest.mark.parametrize("name", KEYMAPS)
def test_no_set_gives_a_key_two_meanings(name: str) -> None:
    check_clashes(KEYMAPS[name])


def test_keys_are_written_in_ascii() -> None:
    assert written("less_than_sign,ctrl+r,pageup,A") == "< ^r pgup A"
    (action,) = [action for action in MAIN_ACTIONS if action.id == "part.next"]
    assert (shown_keys(action, {}), shown_keys(action, VIM)) == ("down", "j down")


def test_a_key_may_change_places_with_another() -> None:
    swapped = read_keymap({}, {"cell.fill": "x", "cell.clear": "f"})
    assert swapped == {"cell.fill": "x", "cell.clear": "f"}


def test_a_text_has_the_key_of_the_action_that_it_names() -> None:
    assert with_keys("{cell.lock} frees it, {song.redo} too", {}) == "l frees it, U too"
    assert with_keys("{cell.lock} frees it, {song.redo} too", VIM) == "L frees it, ^r too"
    assert with_keys("a section called {drop} or {no.action}", {}) == "a section called {drop} or {no.action}"


async def test_vim_keys_move_and_edit_and_the_help_tells_them() -> None:
    async with running("--silent", song=short_song(), settings=Settings(keys="vim")) as app:
        await app.press("l", "j", "j", "k")
        assert (app.work.section, app.work.part) == (1, "bass")
        await app.press("L")
        assert app.cell().locked
        await app.press("f")
        assert "locked: L frees this cell" in app.view.note
        await app.press("L", "i", "l", "k", "enter", "l")
        assert app.main.editing
        phrase = app.cell().phrase
        assert phrase is not None
        assert [(note.onset_tick, note.pitch) for note in phrase.notes] == [(24, 42)]
        await app.press("escape", "h", "question_mark")
        assert isinstance(app.app.screen, HelpScreen)
        assert app.work.section == 0
        assert "h left" in str(next(iter(app.app.screen.query("#tables Static"))).render())
