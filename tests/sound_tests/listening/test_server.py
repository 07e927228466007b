"""The page's server: a promise of docs/SECURITY.md each, and what is answered of the song."""

import asyncio
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import soundfile

from song.edits.takes import add_takes, choose_take
from song.parts import Part
from song.sections import Take
from sound.listening.server import MOST_MESSAGE_BYTES, MOST_PAGES
from sound.staging.timeline import At, Played
from tests.sound_tests.listening.page_served import served
from tests.sound_tests.played_songs import DROP, kicks, played_song

_PATIENCE_SECONDS = 60


async def status(session: aiohttp.ClientSession, address: str, **headers: str) -> int:
    async with session.get(address, headers=headers) as answer:
        return answer.status


async def next_song(line: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while True:
            message: dict[str, Any] = await line.receive_json()
            if message["type"] == "song":
                return message


# Who is let in


async def test_nothing_is_given_without_the_token(tmp_path: Path) -> None:
    async with served(tmp_path) as (page, session):
        await page.until_ready()
        root, token = page.address.rstrip("/").rsplit("/", 1)
        key = page.stage.standing.keys[DROP]
        for path in ("", "page.js", "line", f"sound/{key}.json", f"sound/{key}/bass/0.flac", f"keep/{'0' * 16}/mix"):
            for wrong in (token[:-1], token[:-1] + ("a" if token[-1] != "a" else "b"), token.lower() + "x", "-"):
                assert await status(session, f"{root}/{wrong}/{path}") == 403, path
        assert await status(session, f"{root}/") == 404
        assert await status(session, page.address) == 200


async def test_other_names_and_other_pages_are_turned_away_whatever_the_port(tmp_path: Path) -> None:
    async with served(tmp_path) as (page, session):
        assert await status(session, page.address, Host="evil.example") == 403
        assert await status(session, page.address, Host=f"evil.example:{page.host.port}") == 403
        # The near end of a tunnel has a port of its own.
        assert await status(session, page.address, Host="127.0.0.1:9999", Origin="http://127.0.0.1:9999") == 200
        assert await status(session, page.address, Host="localhost:9999") == 200
        assert await status(session, page.address, Origin="http://evil.example") == 403
        assert await status(session, page.address, Origin="null") == 400
        assert await status(session, f"{page.address}line", Origin="http://127.0.0.1:1") == 403


async def test_headers_against_framing_sniffing_and_other_origins(tmp_path: Path) -> None:
    async with served(tmp_path) as (page, session):
        await page.until_ready()
        key = page.stage.standing.keys[DROP]
        for path in ("", "page.js", "page.css", f"sound/{key}.json", f"sound/{key}/bass/0.flac", "sound/nothing"):
            async with session.get(page.address + path) as answer:
                assert answer.headers["X-Content-Type-Options"] == "nosniff", path
                assert answer.headers["X-Frame-Options"] == "DENY"
                assert answer.headers["Referrer-Policy"] == "no-referrer"
                assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
                policy = answer.headers["Content-Security-Policy"]
                assert policy.startswith("default-src 'none'")
                assert "frame-ancestors 'none'" in policy
                sources = set(re.findall(r"(?:src) ([^;]+)", policy))
                host = page.address.split("/")[2]
                assert sources <= {"'none'", "'self'", f"'self' ws://{host}"}


async def test_only_this_songs_own_sound_is_given(tmp_path: Path) -> None:
    async with served(tmp_path) as (page, session):
        await page.until_ready()
        key = page.stage.standing.keys[DROP]
        for path in (
            f"sound/{'0' * 24}.json",
            f"sound/{'0' * 24}/bass/0.flac",
            f"sound/{key}/bass/99.flac",
            f"sound/{key}/piano/0.flac",
            f"keep/{'0' * 16}/mix",
            "keep/..%2f..%2fetc/passwd",
            "index.html",
            "server.py",
            "..%2fserver.py",
        ):
            assert await status(session, page.address + path) in (403, 404), path
        # A song that is another by now: what it was is not told any more, and its files are gone.
        digest = page.host.page._digest()
        song = add_takes(played_song(), DROP, Part.DRUMS, (Take(kicks(2, 38)),))
        page.stage.set_song(choose_take(song, DROP, Part.DRUMS, 1))
        assert await status(session, f"{page.address}keep/{digest}/midi") == 404


async def test_what_is_sent_has_a_limit(tmp_path: Path) -> None:
    async with served(tmp_path) as (page, session):
        async with session.post(page.address, data=b"x") as answer:
            assert answer.status == 405
        async with session.request("GET", page.address, data=b"x" * 100) as answer:
            assert answer.status == 413
        assert await status(session, f"{page.address}?{'x' * 600}") == 414
        assert await status(session, f"{page.address}{'x' * 9000}") == 400
        assert await status(session, page.address, Cookie="x" * 9000) == 400


async def test_a_page_says_little_and_what_is_none_of_it_is_left_out(tmp_path: Path) -> None:
    async with served(tmp_path) as (page, session), session.ws_connect(f"{page.address}line") as line:
        for text in (
            "",
            "[",
            "[]",
            '{"section": "x"}',
            '{"section": 1e99}',
            "[" * 1000,
            '{"section": 77, "playing": true}',
        ):
            await line.send_str(text)
        await line.send_json({"section": played_song().sections[DROP].id, "frame": -5, "playing": True})
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not any(page.told):
                await asyncio.sleep(0.01)
        assert [one for one in page.told if one is not None] == [At(played_song().sections[DROP].id, 0, False)]
        await line.send_str("x" * (MOST_MESSAGE_BYTES + 1))
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while (await line.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        assert line.closed


async def test_so_many_pages_and_no_more(tmp_path: Path) -> None:
    async with served(tmp_path) as (page, session):
        lines = [await session.ws_connect(f"{page.address}line") for _ in range(MOST_PAGES)]
        async with session.get(f"{page.address}line") as answer:
            assert answer.status == 503
            assert "close one" in await answer.text()
        await lines[0].close()
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while page.host.page.open_pages == MOST_PAGES:
                await asyncio.sleep(0.01)
        async with session.ws_connect(f"{page.address}line") as line:
            assert (await next_song(line))["type"] == "song"


# What is given


async def test_a_range_is_answered_and_the_address_is_for_ever(tmp_path: Path) -> None:
    async with served(tmp_path) as (page, session):
        await page.until_ready()
        address = f"{page.address}sound/{page.stage.standing.keys[DROP]}/bass/0.flac"
        async with session.get(address) as answer:
            whole = await answer.read()
            assert answer.headers["Accept-Ranges"] == "bytes"
            assert "immutable" in answer.headers["Cache-Control"]
            assert answer.content_type == "audio/flac"
        assert len(soundfile.read(io.BytesIO(whole))[0]) == 4 * 48_000
        size = len(whole)
        for asked, status_, piece in (
            ("bytes=0-1", 206, whole[:2]),
            ("bytes=5-", 206, whole[5:]),
            ("bytes=-7", 206, whole[-7:]),
            (f"bytes=3-{size * 2}", 206, whole[3:]),
            (f"bytes={size}-", 416, b""),
            ("bytes=9-2", 416, b""),
        ):
            async with session.get(address, headers={"Range": asked, "If-Range": '"another"'}) as answer:
                assert (answer.status, await answer.read()) == (status_, piece), asked
                if status_ == 206:
                    first = size - len(piece) if asked != "bytes=0-1" else 0
                    assert answer.headers["Content-Range"] == f"bytes {first}-{first + len(piece) - 1}/{size}"


async def test_a_change_reaches_every_page(tmp_path: Path) -> None:
    async with served(tmp_path) as (page, session):
        await page.until_ready()
        async with session.ws_connect(f"{page.address}line") as one, session.ws_connect(f"{page.address}line") as other:
            before = [await next_song(line) for line in (one, other)]
            assert all(section["ready"] for section in before[0]["sections"])
            page.stage.set_song(msgspec.structs.replace(played_song(), title="Night", muted=(Part.BASS,)))
            for line in (one, other):
                while (told := await next_song(line))["title"] != "Night":
                    pass
                assert told["heard"] == ["drums", "chords", "lead"]
                # Nothing of the sound is another.
                assert [section["key"] for section in told["sections"]] == list(page.stage.standing.keys)
            page.host.page.play(Played(DROP, DROP, 5, True, (Part.BASS,)))
            play = await one.receive_json()
            assert (play["type"], play["start"], play["parts"], play["loop"]) == ("play", 5, ["bass"], True)
        # Who opens the page later is told what plays, until it is stopped.
        async with session.ws_connect(f"{page.address}line") as late:
            await next_song(late)
            assert (await late.receive_json())["type"] == "play"
            page.host.page.stop()
            assert (await late.receive_json())["type"] == "stop"


async def test_the_song_can_be_kept(tmp_path: Path) -> None:
    async with served(tmp_path) as (page, session):
        digest = page.host.page._digest()
        async with session.get(f"{page.address}keep/{digest}/mix", headers={"Range": "bytes=0-3"}) as answer:
            assert (answer.status, await answer.read()) in ((206, b"RIFF"), (206, b"RF64"))
            assert 'filename="Untitled.wav"' in answer.headers["Content-Disposition"]
        async with session.get(f"{page.address}keep/{digest}/bass") as answer:
            assert soundfile.info(io.BytesIO(await answer.read())).channels == 2
            assert 'filename="Untitled-bass.wav"' in answer.headers["Content-Disposition"]
        async with session.get(f"{page.address}keep/{digest}/midi") as answer:
            assert (await answer.read())[:4] == b"MThd"
        async with session.get(f"{page.address}keep/{digest}/bundle") as answer:
            assert answer.headers["Content-Type"] == "application/zip"
            assert 'filename="Untitled.zip"' in answer.headers["Content-Disposition"]
            assert "ARRANGEMENT.html" in zipfile.ZipFile(io.BytesIO(await answer.read())).namelist()


def test_the_page_is_small_and_asks_nobody_else() -> None:
    folder = Path(__file__).parents[3] / "sound" / "listening" / "page"
    files = {path.name: path.read_text() for path in folder.iterdir()}
    assert sum(len(text.encode()) for text in files.values()) < 60_000
    # The picture's name space is a name and no address that is asked.
    asked = [text.replace("http://www.w3.org/2000/svg", "") for text in files.values()]
    assert not [text for text in asked if re.search(r"https?://|//[a-z]+\.[a-z]", text)]
