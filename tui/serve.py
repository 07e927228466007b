"""`dropsmith serve`: the app in a browser, through textual-serve. The only place that knows of it.

Each tab runs a process of its own, the same app as in a terminal. The page is ours (`tui/web/app_index.html`), since
textual-serve's asks another host for a font: this one asks nobody but the server. Whatever comes in has a limit.
"""

import asyncio
import contextlib
import shlex
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import aiohttp_jinja2
import msgspec
from aiohttp import WSMsgType, web
from jinja2 import FileSystemLoader
from textual_serve.app_service import AppService
from textual_serve.server import Server

from song.terminal_text import say, say_error
from sound.listening.gate import Gate
from sound.listening.serving import Serving, addresses, guard, listen_at, until_signal

DEFAULT_TABS = 4
MOST_COLUMNS, MOST_ROWS = 500, 200
MOST_PASTE_BYTES = 1 << 16
"""The most that a tab may send its app at once; more is not taken."""
MOST_MESSAGE_BYTES = 1 << 20
"""The most that a tab may send the server at once; more ends the tab."""

_PAGES = Path(__file__).with_name("web")
_FONT_PIXELS = 16
_FREE_SECONDS = 3.0
"""The time that a tab waits for a place: one that is loaded anew needs that of its own that ends."""
_HEARTBEAT_SECONDS = 15


class AppServer(Server):
    """A server of the app to its own page alone."""

    def __init__(
        self,
        arguments: Sequence[str],
        host: str,
        port: int,
        *,
        gate: Gate | None = None,
        tabs: int = DEFAULT_TABS,
    ) -> None:
        """Make a server.

        Args:
            arguments: what each tab's app is started with, as after `dropsmith`.
            host: the name or address to listen at.
            port: 1-65535.
            gate: who is let in.
            tabs: 1 or more apps at a time.
        """
        command = shlex.join([sys.executable, "-m", "tui", *arguments])
        super().__init__(command, host, port, title="Dropsmith", templates_path=_PAGES)
        self._gate = gate or Gate(host)
        self._tabs = tabs
        self._places = asyncio.Semaphore(tabs)

    def application(self) -> web.Application:
        """The page, what it is made of, and the line to a tab's app."""

        # The address is the password.
        check = guard(self._gate, lambda request: {"Referrer-Policy": "no-referrer"})
        application = web.Application(middlewares=[check])
        aiohttp_jinja2.setup(application, loader=FileSystemLoader(self.templates_path))
        application.add_routes(
            [
                web.get(f"{self._gate.root}/", self.handle_index),
                web.get(f"{self._gate.root}/ws", self.handle_websocket),
                web.static("/static", self.statics_path),
            ]
        )
        return application

    def told(self) -> str:
        """Where the app is, and who can use it."""
        where = addresses(self._gate, self.port)
        warning = (
            "\nwhoever has that address works on your songs and files: tell nobody else" if self._gate.token else ""
        )
        return f"Dropsmith is at {' and '.join(where)} (ctrl+c ends it){warning}"

    @aiohttp_jinja2.template("app_index.html")
    async def handle_index(self, request: web.Request) -> dict[str, Any]:
        """The page; it asks for the rest at the address under which it was found itself."""
        async with self._place():
            pass
        return {
            "websocket_url": f"ws://{request.host}{self._gate.root}/ws",
            "root": f"{self._gate.root}/",
            "font_pixels": _FONT_PIXELS,
            "title": self.title,
        }

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A tab's app."""
        async with self._place():
            tab = web.WebSocketResponse(heartbeat=_HEARTBEAT_SECONDS, max_msg_size=MOST_MESSAGE_BYTES)
            try:
                await tab.prepare(request)
            except UnicodeEncodeError as error:
                # The refusal would quote what was sent, which is no text.
                raise web.HTTPBadRequest(text="this asks for no line to an app\n") from error

            async def close() -> None:
                await tab.close()

            app = AppService(
                self.command,
                write_bytes=tab.send_bytes,
                write_str=tab.send_str,
                close=close,
                download_manager=self.download_manager,
            )
            width, height = (_sent_number(request.query.get(name)) for name in ("width", "height"))
            await app.start(_within(width or 80, MOST_COLUMNS), _within(height or 24, MOST_ROWS))
            try:
                async for message in tab:
                    if message.type is WSMsgType.TEXT:
                        await _pass_on(message.data, tab, app)
            finally:
                # A tab that has gone takes nothing more; its app ends all the same.
                with contextlib.suppress(ConnectionError):
                    await app.stop()
        return tab

    @contextlib.asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """A place for a tab.

        Raises:
            HTTPServiceUnavailable: where none gets free.
        """
        try:
            await asyncio.wait_for(self._places.acquire(), _FREE_SECONDS)
        except TimeoutError:
            raise web.HTTPServiceUnavailable(
                text=f"{self._tabs} tabs are open, as many as --tabs allows: close one\n"
            ) from None
        try:
            yield
        finally:
            self._places.release()

    async def run(self, listening: socket.socket) -> None:
        """Serve until a signal ends it."""
        serving = Serving(self.application(), say_error)
        await serving.start(listening)
        await until_signal()
        # Tabs have nothing to finish at the end but their apps, which keep their work themselves.
        await serving.close()


async def _pass_on(text: str, tab: web.WebSocketResponse, app: AppService) -> None:
    """Do what the page asks for; what is none of its messages is left out."""
    try:
        kind, *rest = msgspec.json.decode(text, type=list[Any])
    except (msgspec.DecodeError, ValueError, RecursionError):
        return
    match kind, rest:
        case "stdin", [str(typed)] if len(data := typed.encode(errors="replace")) <= MOST_PASTE_BYTES:
            await app.send_bytes(data)
        case "resize", [{"width": int(width), "height": int(height)}]:
            await app.set_terminal_size(_within(width, MOST_COLUMNS), _within(height, MOST_ROWS))
        case "ping", [what]:
            await tab.send_json(["pong", what])
        case "blur", _:
            await app.blur()
        case "focus", _:
            await app.focus()


def _sent_number(text: str | None) -> int:
    """A number of at most six digits; 0 for anything else."""
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) <= 6 else 0


def _within(number: int, most: int) -> int:
    return min(max(1, number), most)


def serve(
    arguments: Sequence[str], host: str, port: int, *, names: Sequence[str] = (), tabs: int = DEFAULT_TABS
) -> int:
    """Serve the app until ctrl+c; returns the exit status.

    Args:
        arguments: what each tab's app is started with, as after `dropsmith`.
        host: the name or address to listen at.
        port: 0-65535; 0 takes one that is free.
        names: others by which that is reached.
        tabs: 1 or more apps at a time.

    Raises:
        UserError: where nothing can listen there.
    """
    gate = Gate(host, names)
    listening = listen_at(host, port)
    server = AppServer(arguments, host, listening.getsockname()[1], gate=gate, tabs=tabs)
    say(server.told())
    asyncio.run(server.run(listening))
    return 0
