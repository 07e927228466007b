"""Settings: what a file may say, what it may not, and that keys move."""

from pathlib import Path

import pytest

from song.errors import UserError
from tests.tui_tests.driving import running, short_song
from tui.keymaps import VIM
from tui.settings import Settings, load_settings


def settings_of(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    return load_settings(path)


def test_without_a_file_all_is_as_usual(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml") == Settings()
    assert Settings().keymap() == {}


def test_a_file_says_what_it_has_to(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path,
        'keys = "vim"\ntheme = "ansi-dark"\nengine = ["ssh", "box", "dropsmith", "engine"]\ntakes = 4\n'
        '[bindings]\n"section.add" = "a,insert"\n"song.export" = "!"\n"bar.next" = "comma"\n"bar.previous" = "&"\n',
    )
    assert settings.engine == ("ssh", "box", "dropsmith", "engine")
    assert settings.takes == 4
    assert settings.keymap() == VIM | {
        "section.add": "a,insert", "song.export": "exclamation_mark", "bar.next": "comma", "bar.previous": "ampersand",
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


async def test_own_keys_replace_the_usual_ones() -> None:
    settings = Settings(bindings={"section.add": "insert", "value.up": "a"})
    async with running("--silent", song=short_song(), settings=settings) as app:
        await app.press("a")
        assert app.work.selected_section.bars == 3
        await app.press("+")
        assert app.work.selected_section.bars == 3
        await app.press("insert")
        assert len(app.song.sections) == 4
