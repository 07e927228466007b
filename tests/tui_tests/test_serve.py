"""The app in a browser: a song filled and exported in a real Chromium, who is turned away, and how it ends."""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import mido
import pytest

from song.errors import UserError
from song.store import load_song
from tests.places import ROOT
from tests.tui_tests.chromium import chromium, find_chromium
from tests.tui_tests.driving import engine_command
from tui.files.locks import take_lock
from tui.serve import is_local

_PATIENCE_SECONDS = 60


@contextlib.asynccontextmanager
async def served(folder: Path, *arguments: str) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """A server with the fake engine; its address, and its process."""
    settings = folder / "config" / "dropsmith" / "settings.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f"engine = {json.dumps(engine_command())}\n")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tui", "serve", "--port", "0", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(folder / "config")},
    )
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), _PATIENCE_SECONDS)
        address = re.search(rb"http://127\.0\.0\.1:\d+/", line)
        assert address, line
        yield address[0].decode(), process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def is_free(path: Path) -> bool:
    """True where no app has the song open."""
    try:
        take_lock(path).release()
    except UserError:
        return False
    return True


@pytest.mark.skipif(find_chromium() is None, reason="Chromium is not installed here")
async def test_a_song_is_written_and_exported_in_a_browser(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    async with served(tmp_path, str(path)) as (address, server), chromium(tmp_path / "profile") as page:
        await page.go(address)
        await page.until_received("engine ready")
        await page.press("T")
        await page.until_received("What will it be?")
        await page.press("1")
        await page.until_received("to write it")
        await page.press("A")
        await page.until_received("all written")
        await page.press("Escape")
        await page.until_received("nothing to cancel")
        await page.press("e")
        await page.until_received("exported night.mid")
        picture = await page.screenshot()
        assert await page.evaluate("document.body.className") == "-loaded -first-byte"
        await page.press("ctrl+q")
        await page.until(lambda: is_free(path), "end of the app")
        assert server.stdout is not None
        assert b"saved night.drop" in await asyncio.wait_for(server.stdout.readline(), _PATIENCE_SECONDS)
        # Nothing is asked of anybody else: it works without a network.
        assert {request for request in page.requested if not request.startswith("data:")}
        for request in page.requested:
            assert request.startswith((address, address.replace("http", "ws"), "data:")), request
    assert mido.MidiFile(tmp_path / "night.mid").length > 60
    assert load_song(path).sections[1].cells.bass.takes
    # A picture of one colour has next to no different bytes.
    data = b"".join(re.findall(rb"(?s)IDAT(.*?)(?=.{8}I(?:DAT|END))", picture))
    assert len(set(zlib.decompress(data))) > 100


async def test_each_tab_is_an_app_that_ends_with_it_and_others_are_turned_away(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    async with served(tmp_path, str(path)) as (address, server), aiohttp.ClientSession() as session:
        for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
            async with session.get(f"{address}ws", headers=headers) as response:
                assert response.status == 403
        async with session.get(address) as response:
            page = await response.text()
        assert f'"{address.replace("http", "ws")}ws"' in page
        assert not re.search(r"(?:src|href)=\"(?!/|data:)", page)
        async with session.ws_connect(f"{address}ws", origin=address.rstrip("/")) as tab:
            await shown(tab, "engine ready")
            await tab.send_json(["stdin", "F"])
            await shown(tab, "take 1/1")
            async with session.ws_connect(f"{address}ws") as second:
                await shown(second, "read-only")
        await until_free(path)
        # What was not saved when its tab was closed is offered to the next.
        async with session.ws_connect(f"{address}ws") as tab:
            await shown(tab, "Unsaved work was left behind")
            server.send_signal(signal.SIGINT)
            await until_free(path)
            assert await asyncio.wait_for(server.wait(), _PATIENCE_SECONDS) == 0


async def test_an_app_outlives_no_server(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    async with (
        served(tmp_path, str(path)) as (address, server),
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{address}ws") as tab,
    ):
        await shown(tab, "engine ready")
        server.kill()
        await until_free(path)


async def shown(tab: aiohttp.ClientWebSocketResponse, text: str) -> None:
    """Take what the app writes until a text has been seen."""
    output = b""
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while text.encode() not in output:
            message = await tab.receive()
            assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), (message, output[-2000:])
            output += message.data if isinstance(message.data, bytes) else b""


async def until_free(path: Path) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while not is_free(path):
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--port", "{taken}"], "cannot serve at 127.0.0.1 port {taken}: Address already in use; choose another"),
        (["--port", "70000"], "--port 70000 is outside 0-65535"),
        (["--host", "nowhere.invalid"], "cannot serve at nowhere.invalid port 8000: "),
        (["night.txt"], "night.txt is neither a command nor a song"),
        (["--weights", "no.safetensors"], "there are no weights at no.safetensors"),
    ],
)
def test_what_cannot_be_served_is_one_line(arguments: list[str], error: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "tui", "serve", *(word.replace("{taken}", port) for word in arguments)],
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            timeout=_PATIENCE_SECONDS,
        )
    assert done.returncode == 2
    assert done.stderr.startswith(f"dropsmith: {error.replace('{taken}', port)}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False),
     ("192.168.1.5", False), ("example.org", False), ("", False)],
)  # fmt: skip
def test_what_only_this_machine_reaches(host: str, expected: bool) -> None:
    assert is_local(host) is expected
