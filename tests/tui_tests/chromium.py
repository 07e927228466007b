"""A page in a real headless Chromium, driven through its DevTools protocol by real key events."""

import asyncio
import base64
import contextlib
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp

_PATIENCE_SECONDS = 60
_LOOK_AGAIN_SECONDS = 0.05
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
    "--disable-background-networking", "--disable-sync", "--remote-debugging-port=0", "--window-size=1000,600",
)  # fmt: skip
_CODES = {"Escape": 27, "Enter": 13, "ArrowRight": 39, "ArrowDown": 40, "Tab": 9}
_CTRL = 2


def find_chromium() -> str | None:
    """Where Chromium is, None where it is not installed."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


class Page:
    """A tab.

    Attributes:
        requested: the address of everything that the page has asked for.
        received: what its web sockets were sent and nobody has taken yet.
    """

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.requested: list[str] = []
        self.received = b""
        self._socket = socket
        self._asked = 0
        self._replies: dict[int, asyncio.Future[Any]] = {}
        self._listener = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for message in self._socket:
            told = message.json()
            if "id" in told:
                self._replies.pop(told["id"]).set_result(told)
            elif told["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                self.requested.append(told["params"].get("url") or told["params"]["request"]["url"])
            elif told["method"] == "Network.webSocketFrameReceived":
                frame = told["params"]["response"]
                self.received += base64.b64decode(frame["payloadData"]) if frame["opcode"] == 2 else b""

    async def ask(self, method: str, **parameters: object) -> Any:
        """Send a command of the protocol; returns its result."""
        self._asked += 1
        number = self._asked
        reply = self._replies[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        told = await asyncio.wait_for(reply, _PATIENCE_SECONDS)
        assert "error" not in told, told
        return told["result"]

    async def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page."""
        told = await self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        return told["result"].get("value")

    async def press(self, *keys: str) -> None:
        """Press keys: a character, a name of `_CODES`, or ctrl+ and a letter."""
        for key in keys:
            name = key.removeprefix("ctrl+")
            held = _CTRL if name != key else 0
            code = _CODES.get(name) or ord(name.upper())
            text = {"text": name} if len(name) == 1 and not held else {}
            pressed = {"key": name, "windowsVirtualKeyCode": code, "modifiers": held, "code": _key_code(name)}
            await self.ask("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **pressed, **text)
            await self.ask("Input.dispatchKeyEvent", type="keyUp", **pressed)

    async def click(self, selector: str) -> None:
        """Click on the middle of an element."""
        box = f"document.querySelector({json.dumps(selector)}).getBoundingClientRect()"
        x, y = await self.evaluate(f"(b => [b.x + b.width / 2, b.y + b.height / 2])({box})")
        for kind in ("mousePressed", "mouseReleased"):
            await self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def until_true(self, expression: str) -> None:
        """Wait until an expression in the page is true."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while not await self.evaluate(f"Boolean({expression})"):
                    await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        except TimeoutError as error:
            raise AssertionError(f"never true: {expression}") from error

    async def screenshot(self) -> bytes:
        """A picture of the page, as PNG."""
        return base64.b64decode((await self.ask("Page.captureScreenshot", format="png"))["data"])

    async def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait for something to come about."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while not condition():
                    await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        except TimeoutError as error:
            raise AssertionError(f"no {what} in {self.received[-2000:]!r}") from error

    async def until_received(self, text: str) -> None:
        """Wait until a text has been sent to the page's terminal, and take all up to it from what was received."""
        await self.until(lambda: text.encode() in self.received, repr(text))
        self.received = self.received.partition(text.encode())[2]

    async def go(self, address: str) -> None:
        """Open another page."""
        await self.ask("Page.navigate", url=address)

    def close(self) -> None:
        self._listener.cancel()


@contextlib.asynccontextmanager
async def chromium(profile: Path) -> AsyncIterator[Page]:
    """Chromium with a profile of its own, and an empty page in it."""
    program = find_chromium()
    assert program is not None
    process = await asyncio.create_subprocess_exec(
        program,
        *_FLAGS,
        f"--user-data-dir={profile}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        port = await _port(profile / "DevToolsActivePort")
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as response:
                (target,) = [one for one in await response.json() if one["type"] == "page"]
            async with session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                page = Page(socket)
                for domain in ("Page", "Network", "Runtime"):
                    await page.ask(f"{domain}.enable")
                yield page
                page.close()
    finally:
        # Its helpers are of its group.
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _key_code(name: str) -> str:
    """The key's place on a keyboard, as pages are told it."""
    if len(name) == 1 and name.isalnum():
        return f"Digit{name}" if name.isdigit() else f"Key{name.upper()}"
    return "Space" if name == " " else name


async def _port(file: Path) -> int:
    """The port that Chromium listens at, once it has written it down."""
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while not (file.exists() and file.read_text().count("\n")):
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    return int(file.read_text().split()[0])
