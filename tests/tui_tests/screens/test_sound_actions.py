"""Playing in the app, by its keys, on miniaudio's null card: the place that is heard, takes in their place, stop."""

from pathlib import Path

import aiohttp
import pytest

from song.edits.takes import add_takes
from song.parts import Part
from song.sections import Song, Take
from sound.playing.protocol import Play, Scope
from tests.sound_tests.played_songs import DROP, growl, played_song
from tests.tui_tests.driving import LARGE, Driver, running
from tui.glyphs import UNICODE
from tui.settings import Settings

pytest.importorskip("miniaudio", reason="miniaudio has no wheel for this machine")


def two_takes() -> Song:
    """The short song with another take of the bass, which does not sound."""
    return add_takes(played_song(), DROP, Part.BASS, (Take(growl(2, 46)),))


def playing(app: Driver) -> Play | None:
    return app.main.sound.status.playing


async def until_heard(app: Driver, tick: int = 0) -> None:
    await app.until(lambda: (heard := app.main.heard) is not None and heard.tick >= tick)


async def test_keys_play_the_section_the_cell_and_the_song_from_here() -> None:
    async with running("--silent", song=played_song()) as app:
        await app.press("right", "apostrophe")
        assert playing(app) == Play(Scope.SECTION, DROP, loop=True)
        await until_heard(app, 96)
        assert app.view.note == "playing DROP, looped: ^g stops"
        await app.press("down", "semicolon")
        assert playing(app) == Play(Scope.CELL, DROP, Part.BASS, loop=True)
        await until_heard(app, 24)
        assert app.view.note.startswith("playing the bass of DROP")
        await app.press("full_stop", "slash")
        assert playing(app) == Play(Scope.SONG, DROP, Part.BASS, bar=1, loop=True)
        await until_heard(app, 384)


async def test_the_place_that_is_heard_is_seen_in_the_arrangement_and_in_the_notes() -> None:
    async with running("--silent", song=played_song(), size=LARGE) as app:
        await app.press("right", "apostrophe")
        await app.until(lambda: (heard := app.main.heard) is not None and 600 > heard.tick >= 408)
        assert UNICODE.heard in app.text("arrangement")
        assert UNICODE.heard in app.text("phrase")
        ruler = app.rows("phrase")[1]
        # Behind the second bar's line: the first has its number there.
        assert ruler.index(UNICODE.heard) > ruler.index("3")
        await app.press("left")
        await until_heard(app)
        assert UNICODE.heard not in app.text("phrase")
        await app.press("ctrl+g")
        assert UNICODE.heard not in app.text("arrangement")


async def test_stop_works_from_anywhere() -> None:
    async with running("--silent", song=played_song()) as app:
        await app.press("ctrl+g")
        assert app.view.note == "nothing plays: ' plays this section"
        await app.press("right", "apostrophe")
        await until_heard(app)
        await app.press("question_mark", "ctrl+g")
        assert app.app.screen is not app.main
        assert playing(app) is None
        await app.press("escape", "apostrophe")
        await until_heard(app)
        # Where a name is written too.
        await app.press("R", "N", "f8")
        assert playing(app) is None
        assert app.app.screen is not app.main


async def test_stepping_through_takes_plays_each_in_its_place() -> None:
    async with running("--silent", song=two_takes()) as app:
        await app.press("right", "apostrophe", "down")
        await until_heard(app, 48)
        before = playing(app)
        await app.press("n")
        assert app.work.looked_at is not None
        assert app.main.sound._sent is app.main._to_hear()
        assert app.main.sound._sent.sections[DROP].cells.bass.chosen == app.work.looked_at  # type: ignore[union-attr]
        # It goes on where it was.
        assert playing(app) == before
        await until_heard(app, 96)
        await app.press("left", "slash", "right")
        await until_heard(app)
        await app.press("n")
        await app.until(lambda: app.main.heard is not None and app.main.heard.section == DROP)


async def test_an_edit_and_a_mute_reach_what_plays() -> None:
    async with running("--silent", song=played_song()) as app:
        await app.press("right", "apostrophe")
        await until_heard(app)
        sent = app.main.sound._sent
        await app.press("m")
        assert app.main.sound._sent is not sent
        assert app.main.sound._sent.muted == (Part.DRUMS,)  # type: ignore[union-attr]
        await app.press("left", "x")
        assert app.main.sound._sent is app.song
        await until_heard(app, 24)


async def test_what_cannot_be_played_is_said() -> None:
    async with running("--silent", song=played_song()) as app:
        await app.press("up", "down", "down", "down", "semicolon")
        await app.until(lambda: app.view.note == "there is nothing to hear there yet: write it first")
        assert playing(app) is None


async def test_loop_is_one_key() -> None:
    async with running("--silent", song=played_song()) as app:
        await app.press("backslash", "apostrophe")
        assert playing(app) == Play(Scope.SECTION, 0)
        await until_heard(app)
        await app.until(lambda: playing(app) is None)
        assert UNICODE.heard not in app.text("arrangement")


async def test_without_a_card_the_page_is_told_in_one_line_and_plays(tmp_path: Path) -> None:
    async with running("--silent", song=played_song(), settings=Settings(sound="page")) as app:
        await app.press("right", "apostrophe")
        await app.until(lambda: "ssh -L" in app.view.note)
        assert app.text("status").rstrip().endswith("host")
        page = app.main.sound.status.page
        assert page is not None
        async with aiohttp.ClientSession() as session, session.ws_connect(f"{page.address}line") as line:
            while (await line.receive_json())["type"] != "play":
                pass
            await app.until(lambda: app.view.note == "click on the listening page to hear it")
            await line.send_json({"section": app.song.sections[DROP].id, "frame": 50_000, "playing": True})
            await until_heard(app, 200)
            assert app.view.note == "playing DROP, looped: ^g stops"
            await app.press("ctrl+g")
            while (await line.receive_json())["type"] != "stop":
                pass


async def test_the_page_has_a_key_of_its_own() -> None:
    async with running("--silent", song=played_song()) as app:
        await app.press("G")
        await app.until(lambda: app.main.sound.status.page is not None)
        await app.press("G")
        assert app.view.note.startswith("http://127.0.0.1:")


async def test_no_sound_outlives_the_app() -> None:
    async with running("--silent", song=played_song()) as app:
        await app.press("apostrophe")
        await until_heard(app)
        client = app.main.sound._client
        assert client is not None
    assert client._process.returncode is not None


async def test_capital_w_gives_a_part_another_sound_that_the_song_keeps() -> None:
    async with running("--silent", song=played_song()) as app:
        before = app.song
        await app.press("down", "W")
        await app.type(*"metal")
        await app.press("enter")
        assert app.song.patches.bass == "metal"
        assert "sound of the bass: metal" in app.text("status")
        await app.press("W", *["backspace"] * 9)
        await app.type(*"nothing")
        await app.press("enter")
        assert app.song.patches.bass == "metal", "it is none of the bass's"
        await app.press("escape", "u")
        assert app.song == before
