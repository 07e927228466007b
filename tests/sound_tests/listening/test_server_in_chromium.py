"""The listening page in a real Chromium, by real clicks and keys: it is heard, followed, looped and muted."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from song.edits.takes import add_takes, choose_take
from song.parts import PARTS, Part
from song.sections import Take
from sound.staging.timeline import Played
from tests.sound_tests.listening.page_served import Served, served
from tests.sound_tests.played_songs import BUILD, DROP, growl, played_song
from tests.tui_tests.chromium import Page, chromium, find_chromium

pytestmark = pytest.mark.skipif(find_chromium() is None, reason="Chromium is not installed here")

LOUDEST = """(() => {
  const heard = new Float32Array(2048);
  listening.analyser.getFloatTimeDomainData(heard);
  return Math.max(...heard.map(Math.abs));
})()"""
PLACE = "(here => here.index * 1e7 + here.offset)(place())"


@contextlib.asynccontextmanager
async def shown(folder: Path) -> AsyncIterator[tuple[Served, Page]]:
    """The page in a browser, the song being rendered."""
    async with served(folder / "kept") as (listening, _), chromium(folder / "profile") as page:
        await page.go(listening.address)
        await page.until_true("typeof listening === 'object' && listening.song && listening.song.sections[1].ready")
        yield listening, page


async def test_a_click_is_heard_and_the_clock_goes_on(tmp_path: Path) -> None:
    async with shown(tmp_path) as (listening, page):
        assert await page.evaluate("listening.context") is None
        await page.click("#play")
        await page.until_true(f"listening.playing && {LOUDEST} > 0.05")
        assert await page.evaluate("listening.context.state") == "running"
        before = await page.evaluate("find('clock').textContent")
        await page.until_true(f"find('clock').textContent !== {before!r}")
        await page.until_true("place().index === 1")
        # Where it is heard is told to whoever follows.
        await page.until(
            lambda: any(at and at.section_id == played_song().sections[DROP].id for at in listening.told), "at"
        )
        await page.click("#play")
        await page.until_true("!listening.playing")
        await page.until_true(f"{LOUDEST} === 0")
        # Nothing is asked of anybody else.
        origin = listening.address
        assert page.requested
        ours = (origin, origin.replace("http", "ws"), "about:")
        assert [one for one in page.requested if not one.startswith(ours)] == []


async def test_the_end_is_an_end_and_keys_do_what_the_page_says(tmp_path: Path) -> None:
    async with shown(tmp_path) as (_, page):
        await page.press("ArrowRight")
        assert await page.evaluate("[place().index, place().offset]") == [DROP, 0]
        await page.press("ArrowRight")
        assert await page.evaluate("barAt(listening.song.sections[1], place().offset)") == 1
        await page.press(" ")
        await page.until_true("listening.playing && place().offset > listening.song.sections[1].barStarts[1]")
        await page.until_true("!listening.playing")
        assert await page.evaluate("place()") == {"index": BUILD, "offset": 0}
        await page.press("3")
        assert await page.evaluate("audible('chords')") is False
        await page.press("3")
        assert await page.evaluate("audible('chords')") is True


async def test_seeking_by_the_waveform_and_by_the_sections(tmp_path: Path) -> None:
    async with shown(tmp_path) as (_, page):
        await page.click("#wave")
        # The middle of the song is the first bar of the drop.
        assert await page.evaluate("place()") == {"index": DROP, "offset": 0}
        await page.click("#sections button:nth-child(1)")
        assert await page.evaluate("place()") == {"index": BUILD, "offset": 0}
        await page.click("#play")
        await page.until_true(f"{LOUDEST} > 0.05")
        await page.click("#sections button:nth-child(2)")
        await page.until_true(f"place().index === 1 && place().offset > 4800 && {LOUDEST} > 0.05")


async def test_a_section_loops_until_it_does_not(tmp_path: Path) -> None:
    async with shown(tmp_path) as (_, page):
        await page.click("#sections button:nth-child(2)")
        await page.click("#loop")
        await page.click("#play")
        for _ in range(2):
            await page.until_true("place().index === 1 && place().offset > listening.song.sections[1].barStarts[1]")
            await page.until_true("place().index === 1 && place().offset < listening.song.sections[1].barStarts[1]")
        await page.until_true(f"{LOUDEST} > 0.05")
        assert await page.evaluate("find('loop').getAttribute('aria-pressed')") == "true"
        await page.press("l")
        await page.until_true("!listening.playing")


async def test_stems_are_muted_and_alone(tmp_path: Path) -> None:
    async with shown(tmp_path) as (_, page):
        await page.click("#sections button:nth-child(2)")
        await page.click("#loop")
        await page.click("#play")
        await page.until_true(f"{LOUDEST} > 0.05")
        await page.click('[data-part="drums"] button:nth-child(2)')
        assert await page.evaluate("[audible('drums'), audible('bass')]") == [False, True]
        await page.until_true(f"{LOUDEST} > 0.05")
        await page.click('[data-part="bass"] button:nth-child(2)')
        await page.until_true(f"{LOUDEST} < 1e-4")
        await page.click('[data-part="bass"] button:nth-child(2)')
        await page.click('[data-part="drums"] button:nth-child(2)')
        await page.click('[data-part="lead"] button:nth-child(3)')
        # The lead is silent in this song.
        await page.until_true(f"{LOUDEST} < 1e-4")
        assert await page.evaluate("document.querySelector('[data-part=drums]').className") == "stem silent"


async def test_a_change_arrives_by_itself_and_what_plays_goes_on(tmp_path: Path) -> None:
    async with shown(tmp_path) as (listening, page):
        await page.click("#sections button:nth-child(2)")
        await page.click("#loop")
        await page.click("#play")
        await page.until_true(f"{LOUDEST} > 0.05")
        song = add_takes(played_song(), DROP, Part.BASS, (Take(growl(2, 46)),))
        listening.stage.set_song(choose_take(song, DROP, Part.BASS, 1))
        await page.until_true("listening.newer")
        before = await page.evaluate("listening.song.sections[1].key")
        await page.until_true(f"listening.song.sections[1].key !== {before!r} && !listening.newer")
        key = listening.stage.standing.keys[DROP]
        assert await page.evaluate("listening.song.sections[1].key") == key
        await page.until_true(
            f"listening.playing && listening.sources.some(one => one.key === {key!r}) && {LOUDEST} > 0.05"
        )
        await page.until_true(f"listening.facts.get({key!r}).notes.bass[0][2] === 46")
        # A mute in the app is one here, without another sound.
        listening.stage.set_song(
            msgspec.structs.replace(listening.stage.standing.song, muted=(Part.DRUMS, Part.BASS), title="Night")
        )
        await page.until_true("listening.song.title === 'Night' && !audible('bass')")
        await page.until_true(f"listening.playing && {LOUDEST} < 1e-4")


async def test_play_in_the_app_plays_here_once_the_page_was_touched(tmp_path: Path) -> None:
    async with shown(tmp_path) as (listening, page):
        drop = listening.stage.standing.timeline.places[DROP]
        listening.host.page.play(Played(DROP, DROP, drop.start_frame, True, (Part.BASS,)))
        await page.until_true("find('status').textContent.startsWith('click anywhere')")
        assert await page.evaluate("listening.context") is None
        await page.click("#title")
        await page.until_true(f"listening.playing && place().index === 1 && {LOUDEST} > 0.05")
        assert await page.evaluate("[audible('drums'), audible('bass')]") == [False, True]
        listening.host.page.stop()
        await page.until_true("!listening.playing")
        # From the first click on it plays by itself.
        listening.host.page.play(Played(BUILD, DROP, drop.start_frame + drop.bar_starts[1], False, PARTS))
        await page.until_true(f"listening.playing && audible('drums') && {LOUDEST} > 0.05")
        assert await page.evaluate(PLACE) >= 1e7 + drop.bar_starts[1]
        await page.until_true("!listening.playing")


async def test_a_slow_line_shows_progress_and_then_plays_without_a_gap(tmp_path: Path) -> None:
    async with shown(tmp_path) as (_, page):
        slow = {"offline": False, "latency": 50, "downloadThroughput": 60_000, "uploadThroughput": 60_000}
        await page.ask("Network.emulateNetworkConditions", **slow)
        await page.click("#sections button:nth-child(2)")
        await page.click("#play")
        await page.until_true("listening.waiting && find('status').textContent.startsWith('fetching sound')")
        assert await page.evaluate("listening.context.state") == "suspended"
        clock = await page.evaluate("listening.context.currentTime")
        await page.until_true(f"!listening.waiting && {LOUDEST} > 0.05")
        assert await page.evaluate("listening.context.currentTime") > clock
        # From the first sound on it goes on to the end.
        stops = (
            "window.stops = 0; new MutationObserver(() => window.stops++).observe(find('status'), {childList: true})"
        )
        await page.until_true("find('status').textContent === ''")
        await page.evaluate(stops)
        await page.until_true("!listening.playing")
        assert await page.evaluate("window.stops") == 0


async def test_a_wrong_token_is_refused(tmp_path: Path) -> None:
    async with shown(tmp_path) as (listening, page):
        await page.go(listening.address[:-2] + "/")
        await page.until_true("document.body && document.body.textContent.includes('not, or no longer')")
        assert await page.evaluate("typeof listening") == "undefined"


@pytest.mark.parametrize("width", [390, 768, 1280])
async def test_it_fits_every_width(tmp_path: Path, width: int) -> None:
    async with shown(tmp_path) as (_, page):
        await page.ask("Emulation.setDeviceMetricsOverride", width=width, height=844, deviceScaleFactor=1, mobile=False)
        await page.until_true(f"window.innerWidth === {width}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        # A finger finds every button.
        small = "[...document.querySelectorAll('button')].filter(one => one.getBoundingClientRect().height < 40).length"
        assert await page.evaluate(small) == 0
