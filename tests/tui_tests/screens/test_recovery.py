"""The start after a crash: unsaved work is offered, taken or put aside, and asked about until then."""

import time
from pathlib import Path

import msgspec
import pytest

from song.edits.takes import set_bars
from song.sections import Song
from song.store import load_song, save_song
from tests.tui_tests.driving import Driver, filled_song, running, short_song
from tui.autosave import Autosave, autosave_of
from tui.files.kept import kept_paths
from tui.screens.recovery import RecoveryScreen, describe, when
from tui.workspace import Workspace


def left_behind(path: Path | None, song: Song) -> Song:
    work = Workspace.open(path)
    work.edit(lambda _: song)
    Autosave(work).close()
    work.file.close()
    return song


def offered(app: Driver) -> str:
    """The offer on the screen, empty where there is none."""
    screen = app.app.screen
    return str(screen.query_one("#found").render()) if isinstance(screen, RecoveryScreen) else ""


async def test_r_goes_on_with_it_and_u_brings_back_the_file(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    save_song(path, short_song())
    left = left_behind(path, filled_song())
    async with running("--silent", path=path) as app:
        assert "Short: 8 bars, 12 of 12 cells written" in offered(app)
        assert "night.drop is from" in offered(app)
        await app.press("r")
        assert app.song == left
        assert "unsaved work" in app.text("status")
        assert "night.drop, unsaved" in app.rows("arrangement")[0]
        await app.press("u")
        assert app.song == short_song()
        await app.press("U", "s")
        await app.until(lambda: autosave_of(path) is None)
    assert load_song(path) == left


async def test_x_puts_it_aside_and_says_where(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    save_song(path, short_song())
    left = left_behind(path, filled_song())
    async with running("--silent", path=path) as app:
        await app.press("x")
        assert not offered(app)
        assert app.song == short_song()
        assert app.work.saved
        where = app.main.note.removeprefix("put aside: ")
    assert load_song(Path(where)) == left
    async with running("--silent", path=path) as app:
        assert not offered(app)


async def test_no_other_key_decides(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    left = left_behind(path, filled_song())
    async with running("--silent", path=path) as app:
        await app.press("A", "+", "s", "e", "n", "tab", "space")
        assert "8 bars" in offered(app)
        assert app.work.saved
        await app.press("ctrl+q")
    autosave = autosave_of(path)
    assert autosave is not None
    assert load_song(autosave) == left
    async with running("--silent", path=path) as app:
        assert "8 bars" in offered(app)
        await app.press("enter")
        assert app.song == left


async def test_a_start_without_a_file_offers_sessions_without_one(tmp_path: Path) -> None:
    songs = [left_behind(None, set_bars(filled_song(), 0, bars)) for bars in (5, 9)]
    async with running("--silent", path=tmp_path / "night.drop") as app:
        for _ in songs:
            assert offered(app)
            await app.press("escape")
        assert not offered(app)
    async with running("--silent") as app:
        first = offered(app)
        await app.press("escape")
        second = offered(app)
        assert {first.count("11 bars"), second.count("11 bars")} == {0, 1}
        await app.press("r")
        assert not offered(app)
        assert app.song in songs
        assert app.work.path is None
        await app.press("+")
        last = app.song
    async with running("--silent") as app:
        await app.press("r")
        assert app.song == last


async def test_quitting_well_leaves_nothing_to_offer(tmp_path: Path) -> None:
    for path in (tmp_path / "night.drop", None):
        async with running("--silent", path=path) as app:
            await app.press("+")
            await app.pilot.pause()
            await app.press("ctrl+q")
        async with running("--silent", path=path) as app:
            assert not offered(app)


async def test_a_crash_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"

    def crash() -> None:
        raise ZeroDivisionError

    last = None

    async def crash_after_edits() -> None:
        nonlocal last
        async with running("--silent", path=path) as app:
            await app.press("+", "+", "+")
            last = app.song
            app.main.call_later(crash)
            await app.pilot.pause()

    with pytest.raises(ZeroDivisionError):
        await crash_after_edits()
    async with running("--silent", path=path) as app:
        await app.press("r")
        assert app.song == last


async def test_what_cannot_be_offered_is_told(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    left_behind(path, filled_song())
    left = autosave_of(path)
    assert left is not None
    left.write_bytes(b'{"dropsmith": 99}')
    async with running("--silent", path=path) as app:
        assert not offered(app)
        assert "unsaved work was written by a newer Dropsmith: update Dropsmith to open it" in app.text("status")
        assert app.work.saved
    assert left.read_bytes() == b'{"dropsmith": 99}'


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (160, 50)], ids=str)
async def test_the_offer_fits(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "night.drop"
    save_song(path, short_song())
    left_behind(path, msgspec.structs.replace(filled_song(), title="[bold]a title that is rather long[/]"))
    async with running("--silent", path=path, size=size) as app:
        box = app.app.screen.query_one("#found")
        assert "[bold]a title" in offered(app)
        assert box.region.right <= size[0]
        assert box.region.bottom <= size[1]
        shown = " ".join(box.render_line(y).text.strip() for y in range(box.outer_size.height))
        assert shown.split()[-1] == "own", "the last word is seen too"


def test_moments_are_told_as_short_as_they_can_be() -> None:
    now = time.mktime((2026, 3, 4, 12, 30, 0, 0, 0, -1))
    assert when(now - 3600, now) == "11:30"
    assert when(now - 86400, now) == "2026-03-03 12:30"


def test_a_song_is_told_in_a_line() -> None:
    assert describe(short_song()) == "Short: 8 bars, 0 of 12 cells written"


async def test_work_on_another_song_is_offered_at_every_start_and_opens_that_song(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    save_song(path, short_song())
    left = left_behind(path, filled_song())
    async with running("--silent", path=tmp_path / "day.drop") as app:
        assert "open night.drop with it" in offered(app)
        await app.press("escape")
        assert not offered(app)
        await app.press("+")
        day = app.song
        await app.press("ctrl+q")
    async with running("--silent", path=tmp_path / "day.drop") as app:
        await app.press("r")
        assert app.song == left
        assert app.work.path == path
        await app.press("u", "U", "s")
        await app.until(lambda: autosave_of(path) is None)
    assert load_song(path) == left
    assert load_song(tmp_path / "day.drop") == day


async def test_after_one_is_taken_the_others_are_offered_and_each_stays_somewhere(tmp_path: Path) -> None:
    lefts = {
        name: left_behind(tmp_path / name, set_bars(filled_song(), 0, bars))
        for name, bars in (("a.drop", 5), ("b.drop", 6))
    }
    async with running("--silent") as app:
        first = "a.drop" if "a.drop" in offered(app) else "b.drop"
        second = "b.drop" if first == "a.drop" else "a.drop"
        await app.press("r")
        assert app.song == lefts[first]
        assert f"open {second} with it" in offered(app)
        await app.press("r")
        assert not offered(app)
        assert app.song == lefts[second]
        assert load_song(tmp_path / first) == lefts[first]
        await app.press("s")
        await app.until(lambda: autosave_of(tmp_path / second) is None)
    assert load_song(tmp_path / second) == lefts[second]
    async with running("--silent") as app:
        assert not offered(app)


async def test_of_two_songs_without_a_file_the_one_taken_first_is_kept(tmp_path: Path) -> None:
    songs = [left_behind(None, set_bars(filled_song(), 0, bars)) for bars in (5, 9)]
    async with running("--silent") as app:
        await app.press("r")
        first = app.song
        await app.press("r")
        assert {app.song.bars, first.bars} == {song.bars for song in songs}
        (kept,) = kept_paths()
        assert load_song(kept) == first
        second = app.song
    async with running("--silent") as app:
        await app.press("r")
        assert not offered(app)
        assert app.song == second
