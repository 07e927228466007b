"""The app in a browser: a song filled and exported in a real Chromium, who is turned away, and how it ends."""

import asyncio
import contextlib
import json
import os
import re
import shlex
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
from song.terminal_text import say_error
from sound.listening import serving as limits
from sound.listening.gate import Gate
from tests.places import ROOT
from tests.tui_tests.chromium import chromium, find_chromium
from tests.tui_tests.driving import engine_command
from tui import serve
from tui.files.locks import take_lock
from tui.serve import AppServer

_PATIENCE_SECONDS = 60


@contextlib.asynccontextmanager
async def served(folder: Path, *arguments: str) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """A server with the fake engine; its address, and its process."""
    settings = folder / "config" / "dropsmith" / "settings.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(f'engine = {json.dumps(engine_command())}\nexport = ["midi"]\n')
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
        (["--tabs", "0"], "--tabs 0 is outside 1-32"),
        (["--host", "0.0.0.0"], "0.0.0.0 is every address of this machine: say by which name it is reached"),
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


FAKE_TAB = """
import os, sys
from struct import unpack
def tell(data):
    sys.stdout.buffer.write(b"D" + len(data).to_bytes(4, "big") + data)
    sys.stdout.buffer.flush()
print("__GANGLION__", flush=True)
tell(f"{os.environ['COLUMNS']}x{os.environ['ROWS']}".encode())
while head := sys.stdin.buffer.read(5):
    data = sys.stdin.buffer.read(int.from_bytes(head[1:], "big"))
    if b'"quit"' in data:
        break
    tell(data if len(data) < 100 else b"%d bytes" % len(data))
"""
"""An app that tells its size and what it is sent."""


@contextlib.asynccontextmanager
async def serving(host: str = "127.0.0.1", *names: str, tabs: int = 4) -> AsyncIterator[str]:
    """A server of `FAKE_TAB` in this process, listening at this machine alone; its address there."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = AppServer([], host, port, gate=Gate(host, names), tabs=tabs)
    server.command = shlex.join([sys.executable, "-c", FAKE_TAB])
    running = asyncio.create_task(server.run(listening))
    token = re.search(r":\d+(/.*/|/) ", server.told())
    assert token
    try:
        yield f"http://127.0.0.1:{port}{token[1]}"
    finally:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(running, _PATIENCE_SECONDS)
        # The tabs' processes are told of as they end.
        await asyncio.sleep(0.05)


async def told(tab: aiohttp.ClientWebSocketResponse) -> str:
    """The next thing that the app tells."""
    return (await asyncio.wait_for(tab.receive_bytes(), _PATIENCE_SECONDS)).decode()


async def answer(address: str, head: str) -> str:
    """The first line of what is answered to a request, empty where the connection is ended."""
    port = int(address.split(":")[2].partition("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head.encode("utf-8", "surrogateescape"))
    line = await asyncio.wait_for(reader.readline(), _PATIENCE_SECONDS)
    writer.close()
    return line.decode()


async def test_others_need_the_name_and_the_token() -> None:
    async with serving("0.0.0.0", "studio.local") as address, aiohttp.ClientSession() as session:
        named, port = {"Host": "studio.local"}, address.split("/")[2]
        assert len(address.split("/")[3]) >= 24
        for path, headers, status in (
            (address, named, 200),
            (f"http://{port}/", named, 404),
            (f"http://{port}/ws", named, 404),
            (f"http://{port}/wrong-token/ws", named, 404),
            (address, {}, 403),
            (address, {"Host": "evil.example"}, 403),
            (f"{address}ws", {**named, "Origin": "http://evil.example"}, 403),
            (f"http://{port}/static/js/textual.js", {"Host": "evil.example"}, 403),
        ):
            async with session.get(path, headers=headers) as response:
                assert response.status == status, (path, headers)
        async with session.get(address, headers=named) as response:
            assert response.headers["Referrer-Policy"] == "no-referrer"
            path = address.removeprefix(f"http://{port}")
            assert f'"ws://studio.local{path}ws"' in await response.text()
        async with session.ws_connect(f"{address}ws", headers={**named, "Origin": "http://studio.local"}) as tab:
            assert await told(tab) == "80x24"


async def test_so_many_tabs_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "_FREE_SECONDS", 0.2)
    async with serving(tabs=2) as address, aiohttp.ClientSession() as session:
        async with session.ws_connect(f"{address}ws") as first, session.ws_connect(f"{address}ws") as second:
            assert [await told(first), await told(second)] == ["80x24"] * 2
            for path in (address, f"{address}ws"):
                async with session.get(path) as response:
                    assert response.status == 503
                    assert "as many as --tabs allows" in await response.text()
        # Loaded anew a tab waits until its own app has ended.
        monkeypatch.setattr(serve, "_FREE_SECONDS", 30)
        async with session.ws_connect(f"{address}ws") as tab:
            assert await told(tab) == "80x24"


@pytest.mark.parametrize(
    ("query", "size"),
    [("?width=100&height=30", "100x30"), ("?width=999999&height=9999999", "500x24"), ("?width=-1&height=x", "80x24")],
)
async def test_a_terminal_has_a_greatest_size(query: str, size: str) -> None:
    async with (
        serving() as address,
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{address}ws{query}") as tab,
    ):
        assert await told(tab) == size
        await tab.send_json(["resize", {"width": 10**30, "height": -5}])
        assert json.loads(await told(tab)) == {"type": "resize", "width": 500, "height": 1}


async def test_what_is_no_message_is_left_out_and_what_is_too_much_ends_the_tab() -> None:
    async with serving() as address, aiohttp.ClientSession() as session, session.ws_connect(f"{address}ws") as tab:
        assert await told(tab) == "80x24"
        for text in ("", "[", "{}", "[]", "[1]", '["stdin"]', '["stdin", 1]', '["resize", {"width": "x"}]', "[" * 9999):
            await tab.send_str(text)
        await tab.send_json(["stdin", "x" * (serve.MOST_PASTE_BYTES + 1)])
        await tab.send_json(["stdin", "x" * serve.MOST_PASTE_BYTES])
        assert await told(tab) == f"{serve.MOST_PASTE_BYTES} bytes"
        await tab.send_json(["stdin", "f"])
        assert await told(tab) == "f"
        await tab.send_str("x" * (serve.MOST_MESSAGE_BYTES + 1))
        assert (await tab.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)


@pytest.mark.parametrize("host", ["[", "a b", "localhost:port", ""])
async def test_a_host_that_is_none_is_a_bad_request(host: str) -> None:
    async with serving() as address:
        assert " 400 " in await answer(address, f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")


async def test_nothing_is_printed_of_requests_that_are_none_and_of_senders_that_have_gone(
    capfd: pytest.CaptureFixture[str],
) -> None:
    upgrade = "Host: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    async with serving() as address:
        assert " 400 " in await answer(address, "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n")
        assert " 400 " in await answer(address, "GET / x\r\n\r\n")
        no_text = upgrade.replace("websocket", "web\udceb")
        assert " 400 " in await answer(address, f"GET /ws HTTP/1.1\r\n{no_text}\r\n")
        reader, writer = await asyncio.open_connection("127.0.0.1", int(address.split(":")[2].partition("/")[0]))
        key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        writer.write(f"GET /ws HTTP/1.1\r\n{upgrade}{key}\r\n".encode())
        writer.write_eof()
        await asyncio.wait_for(reader.read(), _PATIENCE_SECONDS)
        writer.close()
    assert capfd.readouterr().err == ""


def test_trouble_of_our_own_is_told_in_a_line(capfd: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        limits._troubles(say_error).exception("Error handling request", exc_info=error)
    assert capfd.readouterr().err == "dropsmith: Error handling request: ValueError: two lines\n"


async def test_half_a_request_and_too_many_connections_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REQUEST_SECONDS", 0.3)
    monkeypatch.setattr(limits, "MOST_CONNECTIONS", 3)
    async with serving() as address:
        port = int(address.split(":")[2].partition("/")[0])
        half = [await asyncio.open_connection("127.0.0.1", port) for _ in range(4)]
        for _, writer in half:
            writer.write(b"GET / HTTP/1.1\r\nHost: local")
        for reader, _ in half:
            with contextlib.suppress(ConnectionError):
                assert await asyncio.wait_for(reader.read(), _PATIENCE_SECONDS) == b""
        assert " 200 " in await answer(address, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
