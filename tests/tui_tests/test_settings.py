"""Settings and keys: what a file may say, what it may not, that keys move, and that docs/KEYS.md is current."""

from pathlib import Path

import pytest

from song.errors import UserError
from tests.tui_tests.driving import running, short_song
from tui.actions import MAIN_ACTIONS
from tui.app import DropsmithApp
from tui.key_docs import KEYS_PATH, keys_document
from tui.keymaps import KEYMAPS, VIM, check_clashes, read_keymap, shown_keys, written
from tui.screens.help import HelpScreen
from tui.settings import Settings, load_settings
from tui.workspace import Workspace


def settings_of(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    return load_settings(path)


def test_the_keys_document_is_current() -> None:
    assert KEYS_PATH.read_text(encoding="utf-8") == keys_document(), "run: python -m tui.key_docs"


def test_without_a_file_all_is_as_usual(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml") == Settings()
    assert Settings().keymap() == {}


def test_a_file_says_what_it_has_to(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path,
        'keys = "vim"\ntheme = "ansi-dark"\nengine = ["ssh", "box", "dropsmith", "engine"]\ntakes = 4\n'
        '[bindings]\n"section.add" = "a,insert"\n"song.export" = "E"\n"bar.next" = "comma"\n"bar.previous" = ";"\n',
    )
    assert settings.engine == ("ssh", "box", "dropsmith", "engine")
    assert settings.takes == 4
    assert settings.keymap() == VIM | {
        "section.add": "a,insert", "song.export": "E", "bar.next": "comma", "bar.previous": "semicolon",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("keys = \nx", "line 1"),
        ('keys = "emacs"', 'keys: "emacs" is not known: use one of usual, vim'),
        ("colour = 1", "colour: unknown setting: use keys, bindings"),
        ("takes = 65", "takes: 65 is outside 1-64"),
        ('takes = "x"', "Expected `int`"),
        ('[bindings]\n"section.ad" = "a"', 'no action "section.ad": did you mean section.add?'),
        ('[bindings]\n"section.add" = "banana"', '"banana" is not a key'),
        ('[bindings]\n"section.add" = "f"', 'the key "f" would mean both'),
    ],
)
def test_what_a_file_may_not_say_is_told_with_its_name(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        settings_of(tmp_path, text)
    assert said in str(caught.value)
    assert str(tmp_path / "settings.toml") in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


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


async def test_own_keys_replace_the_usual_ones() -> None:
    settings = Settings(bindings={"section.add": "insert", "value.up": "a"})
    async with running("--silent", song=short_song(), settings=settings) as app:
        await app.press("a")
        assert app.work.selected_section.bars == 3
        await app.press("+")
        assert app.work.selected_section.bars == 3
        await app.press("insert")
        assert len(app.song.sections) == 4


def test_a_theme_that_is_not_there_is_refused() -> None:
    with pytest.raises(UserError, match='theme "pink" is not known: use one of'):
        DropsmithApp(Workspace(short_song()), settings=Settings(theme="pink"))
