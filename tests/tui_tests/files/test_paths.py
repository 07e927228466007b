"""Names and places of files: of titles, as they are typed, and as they are shown."""

from pathlib import Path

import msgspec
import pytest

from song.errors import UserError
from song.store import load_song
from tests.tui_tests.driving import short_song
from tui.autosave import Autosave
from tui.files.paths import free_path, openable_path, short_path, typed_path
from tui.workspace import Workspace


def test_paths_are_shown_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert short_path(tmp_path / "a.mid") == "a.mid"
    assert short_path(tmp_path / "home" / "b" / "a.mid") in ("~/b/a.mid", "home/b/a.mid")
    assert short_path(Path("/nowhere/a.mid")) == "/nowhere/a.mid"


@pytest.mark.parametrize("title", ["🎵" * 200, "/" * 50, "..", "a\x00b"])
def test_any_title_gives_a_file_name_that_can_be_written(tmp_path: Path, title: str) -> None:
    work = Workspace(msgspec.structs.replace(short_song(), title=title))
    work.step_field(1)
    autosave = Autosave(work)
    assert autosave.keep()
    autosave.close(discard=True)
    kept = work.keep()
    assert kept is not None
    assert load_song(kept) == work.song
    assert work.save().parent == tmp_path


def test_names_as_they_are_typed(tmp_path: Path) -> None:
    home = Path.home()
    assert typed_path("a") == tmp_path / "a.drop"
    assert typed_path(" a.drop ") == tmp_path / "a.drop"
    assert typed_path("night v1.2") == tmp_path / "night v1.2.drop"
    assert typed_path("~/a") == home / "a.drop"
    assert typed_path("/x/a.drop") == Path("/x/a.drop")
    with pytest.raises(UserError, match="type a name"):
        typed_path("")


def test_what_is_opened_is_a_song_or_a_midi_file_by_its_name(tmp_path: Path) -> None:
    assert openable_path(" a.drop ") == tmp_path / "a.drop"
    assert openable_path("~/loop.MIDI") == Path.home() / "loop.MIDI"
    assert openable_path("/x/loop.mid") == Path("/x/loop.mid")
    for text, why in (
        ("  ", "type a name"),
        ("a.txt", "a.txt is no song"),
        ("a", "a is no song"),
        ("~nobody-of-that-name/a.drop", "nobody's home folder"),
    ):
        with pytest.raises(UserError, match=why):
            openable_path(text)


def test_a_free_name_counts_on_from_what_is_there(tmp_path: Path) -> None:
    for expected in ("a.drop", "a-2.drop", "a-3.drop"):
        path = free_path(tmp_path, "a", ".drop")
        assert path == tmp_path / expected
        path.touch()
