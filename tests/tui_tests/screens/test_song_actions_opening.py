"""Another song opened from within the app: typed names, MIDI files, and that the first loses nothing."""

from pathlib import Path

from song.export.midi import write_midi
from song.store import load_song, save_song
from tests.tui_tests.driving import filled_song, running, short_song
from tui.autosave import Autosave, autosave_of
from tui.files.recent import remember
from tui.screens.prompt import PromptScreen
from tui.screens.recovery import RecoveryScreen
from tui.workspace import Workspace


async def test_a_name_is_typed_and_what_will_not_do_says_so(tmp_path: Path) -> None:
    save_song(tmp_path / "other.drop", filled_song())
    (tmp_path / "broken.drop").write_text("{")
    async with running("--silent", song=short_song()) as app:
        await app.press("o")
        assert isinstance(app.app.screen, PromptScreen)
        for typed, said in (
            ("no.drop", "there is no no.drop"),
            ("x.txt", "is no song"),
            ("broken.drop", "broken.drop"),
        ):
            await app.press(*typed, "enter")
            assert said in str(app.app.screen.query_one("#said").render())
            await app.press(*["backspace"] * len(typed))
        assert app.song == short_song()
        await app.press(*"other.drop", "enter")
        assert app.app.screen is app.main
        assert app.song == filled_song()


async def test_a_midi_file_becomes_a_song_that_is_kept_once_it_is_changed(tmp_path: Path) -> None:
    write_midi(filled_song(), tmp_path / "loop.mid")
    async with running("--silent", song=short_song()) as app:
        await app.press("o", *"loop.mid", "enter")
        assert app.song.title == "loop"
        assert app.work.path is None
        assert app.work.saved
        assert app.song.section_names() == ["INTRO", "DROP", "OUTRO"]
        await app.press("+")
        assert not app.work.saved


async def test_takes_for_the_song_before_do_not_reach_the_next(tmp_path: Path) -> None:
    other = tmp_path / "other.drop"
    save_song(other, short_song())
    async with running("--hold-after=1", song=short_song()) as app:
        await app.press("A")
        await app.until(lambda: app.view.writing.drafts)
        await app.main.open_song(other)
        await app.until_written()
        assert app.taken() == 0
        assert not app.view.failed


async def test_the_song_that_is_open_is_not_opened_twice(tmp_path: Path) -> None:
    path = tmp_path / "a.drop"
    save_song(path, short_song())
    async with running("--silent", path=path) as app:
        await app.press("o", *"a.drop", "enter")
        assert "open already" in str(app.app.screen.query_one("#said").render())


async def test_the_autosave_goes_over_to_the_other_song(tmp_path: Path) -> None:
    first, other = tmp_path / "first.drop", tmp_path / "other.drop"
    save_song(first, short_song())
    save_song(other, filled_song())
    async with running("--silent", path=first) as app:
        await app.press("+")
        await app.until(lambda: autosave_of(first))
        await app.main.open_song(other)
        await app.until(lambda: autosave_of(first) is None)
        assert autosave_of(other) is None
        await app.press("+")
        await app.until(lambda: autosave_of(other))
        left = autosave_of(other)
        assert left is not None
        assert load_song(left) == app.song
        assert autosave_of(first) is None


async def test_no_autosave_of_the_first_song_is_left_behind(tmp_path: Path) -> None:
    first, second = tmp_path / "first.drop", tmp_path / "second.drop"
    save_song(first, short_song())
    save_song(second, filled_song())
    remember(second)
    async with running("--silent", path=first) as app:
        await app.press("+")
        changed = app.song
        await app.until(lambda: autosave_of(first) is not None)
        await app.press("o", "1")
        assert load_song(first) == changed
        await app.until(lambda: autosave_of(first) is None)
        await app.press("+")
        await app.until(lambda: autosave_of(second) is not None)
        assert autosave_of(first) is None


async def test_capital_i_asks_for_a_midi_file_though_there_are_recent_songs(tmp_path: Path) -> None:
    save_song(tmp_path / "night.drop", filled_song())
    remember(tmp_path / "night.drop")
    write_midi(filled_song(), tmp_path / "loop.mid")
    async with running("--silent", song=short_song()) as app:
        await app.press("I", *"loop.mid", "enter")
        assert app.song.title == "loop"
        assert app.song.section_names() == ["INTRO", "DROP", "OUTRO"]


async def test_opening_a_song_offers_what_was_left_of_it(tmp_path: Path) -> None:
    path = tmp_path / "left.drop"
    save_song(path, short_song())
    left = Workspace.open(path)
    left.edit(lambda _: filled_song())
    Autosave(left).close()
    left.file.close()
    async with running("--silent", path=tmp_path / "first.drop") as app:
        await app.press("escape")
        await app.main.open_song(path)
        await app.until(lambda: isinstance(app.app.screen, RecoveryScreen))
        await app.press("r")
        assert app.song == filled_song()
        assert app.work.path == path
        await app.press("u")
        assert app.song == short_song()
