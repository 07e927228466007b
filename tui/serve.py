"""`dropsmith serve`: the app in a browser, through textual-serve. The only place that knows of it.

Each tab runs a process of its own, the same app as in a terminal. The page is ours (`tui/web/app_index.html`), since
textual-serve's asks another host for a font: this one asks nobody but the server.
"""

import errno
import os
import shlex
import socket
import sys
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp_jinja2
from aiohttp import web
from jinja2 import FileSystemLoader
from textual_serve.server import Server

from song.errors import UserError
from song.terminal_text import say

_PAGES = Path(__file__).with_name("web")
_FONT_PIXELS = 16
_GRACE_SECONDS = 0.2


class AppServer(Server):
    """A server of the app to its own page alone."""

    def __init__(self, arguments: Sequence[str], host: str, port: int) -> None:
        """Make a server.

        Args:
            arguments: what each tab's app is started with, as after `dropsmith`.
            host: the name or address to listen at.
            port: 1-65535.
        """
        command = shlex.join([sys.executable, "-m", "tui", *arguments])
        super().__init__(command, host, port, title="Dropsmith", templates_path=_PAGES)
        self._is_local = is_local(host)

    def application(self) -> web.Application:
        """The page, what it is made of, and the line to a tab's app."""
        application = web.Application()
        aiohttp_jinja2.setup(application, loader=FileSystemLoader(self.templates_path))
        application.add_routes(
            [
                web.get("/", self.handle_index),
                web.get("/ws", self.handle_websocket),
                web.static("/static", self.statics_path),
            ]
        )
        return application

    def told(self) -> str:
        """Where the app is, and who can use it."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        warning = "" if self._is_local else "\nwhoever reaches that works on your songs and files: there is no password"
        return f"Dropsmith is at http://{shown}:{self.port}/ (ctrl+c ends it){warning}"

    @aiohttp_jinja2.template("app_index.html")
    async def handle_index(self, request: web.Request) -> dict[str, Any]:
        """The page; it asks for the rest at the address under which it was found itself."""
        self._check(request)
        return {"websocket_url": f"ws://{request.host}/ws", "font_pixels": _FONT_PIXELS, "title": self.title}

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A tab's app, to our own page alone: pages of other sites can ask a browser to connect here too."""
        self._check(request)
        return await super().handle_websocket(request)

    def _check(self, request: web.Request) -> None:
        """Turn away whoever comes by another name than this machine's, or from another site's page."""
        name = urlsplit(f"//{request.host}").hostname or ""
        origin = request.headers.get("Origin")
        if (self._is_local and not is_local(name)) or (origin is not None and urlsplit(origin).netloc != request.host):
            raise web.HTTPForbidden(text="this is served to its own page alone\n")


def is_local(host: str) -> bool:
    """True where a name or an address is this machine's own, which nobody else can reach."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def serve(arguments: Sequence[str], host: str, port: int) -> int:
    """Serve the app until ctrl+c; returns the exit status.

    Args:
        arguments: what each tab's app is started with, as after `dropsmith`.
        host: the name or address to listen at.
        port: 0-65535; 0 takes one that is free.

    Raises:
        UserError: where nothing can listen there.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        reason = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno or 0)
        advice = "; choose another with --port" if error.errno in (errno.EADDRINUSE, errno.EACCES) else ""
        raise UserError(f"cannot serve at {host} port {port}: {reason}{advice}") from error
    server = AppServer(arguments, host, listening.getsockname()[1])
    say(server.told())
    # Tabs have nothing to finish at the end but their apps, which keep their work themselves.
    web.run_app(
        server.application(), sock=listening, print=lambda *_: None, access_log=None, shutdown_timeout=_GRACE_SECONDS
    )
    return 0
