"""The choice of what an export writes, asked once and remembered."""

from pathlib import Path

import pytest

from song.errors import UserError
from tui.export.choice import choose, hint, is_one_file
from tui.settings import load_settings


def test_a_choice_is_kept_in_the_settings_beside_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.toml"
    assert choose("flp, midi", path) == ("flp", "midi")
    assert load_settings(path).export == ("flp", "midi")
    mine = '# mine\ntakes = 3  # three\nexport = [\n  "midi", # one\n]\n\n[bindings]\n"song.save" = "s"\n'
    path.write_text(mine)
    choose("all", path)
    assert path.read_text() == mine.replace('[\n  "midi", # one\n]', '["all"]')


@pytest.mark.parametrize("text", ["", "keys = 'vim'", "[bindings]\n", "# export = [\n[bindings]\n"])
def test_it_is_added_above_all_tables(text: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    choose("midi", path)
    assert load_settings(path).export == ("midi",)
    assert set(text.splitlines()) <= set(path.read_text().splitlines())


@pytest.mark.parametrize("text", ["nonsense = [", "export = 3", "takes = 99"])
def test_settings_that_are_wrong_stay_as_they_are(text: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with pytest.raises(UserError, match=r'write export = \["midi"\] into it yourself'):
        choose("midi", path)
    assert path.read_text() == text


def test_a_format_that_is_unknown_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='"wav" is no format'):
        choose("wav", tmp_path / "settings.toml")
    assert not list(tmp_path.iterdir())


def test_a_midi_file_alone_lies_beside_the_song() -> None:
    assert is_one_file(("midi",))
    assert not is_one_file(("flp",))
    assert not is_one_file(("midi", "flp"))
    assert "flp" in hint()
