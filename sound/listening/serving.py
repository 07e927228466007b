"""A server with limits, for the listening page and for the app in a browser: who is let in, how many, for how long.

What is served is elsewhere: `sound.listening.server`, `tui.serve`.
"""

import asyncio
import contextlib
import errno
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from weakref import WeakSet

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from song.errors import UserError, in_one_line
from sound.listening.gate import Gate, MalformedNameError

MOST_CONNECTIONS = 64
REQUEST_SECONDS = 10.0
"""The time that a connection has until its first request is there, and between two requests."""
_GRACE_SECONDS = 0.2


def listen_at(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Args:
        host: a name or an address.
        port: 0-65535; 0 takes one that is free.

    Raises:
        UserError: where nothing can listen there.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        reason = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno or 0)
        advice = "; choose another with --port" if error.errno in (errno.EADDRINUSE, errno.EACCES) else ""
        raise UserError(f"cannot serve at {host} port {port}: {reason}{advice}") from error


def addresses(gate: Gate, port: int) -> list[str]:
    """Where the page is found, an address for each name."""
    return [f"http://{f'[{name}]' if ':' in name else name}:{port}{gate.root}/" for name in gate.names]


def guard(gate: Gate, headers: Callable[[web.Request], Mapping[str, str]]) -> Any:
    """A middleware that turns away whoever comes by another name than ours, or from another site's page.

    Args:
        gate: who is let in.
        headers: what every answer has, refusals too.
    """

    @web.middleware
    async def check(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        try:
            is_let_in = gate.lets_in(request.host, request.headers.get("Origin"))
        except MalformedNameError as error:
            raise web.HTTPBadRequest(text="the Host or the Origin of this request is no name\n") from error
        if not is_let_in:
            raise web.HTTPForbidden(text="this is served to its own page alone\n")
        try:
            response = await handler(request)
        except web.HTTPException as error:
            error.headers.update(headers(request))
            raise
        if not response.prepared:
            for name, value in headers(request).items():
                response.headers.setdefault(name, value)
        return response

    return check


class Serving:
    """An application that is served."""

    def __init__(self, application: web.Application, trouble: Callable[[str], object]) -> None:
        """Make ready.

        Args:
            application: what is served.
            trouble: takes a line for whatever goes wrong in the server.
        """
        self._heard: WeakSet[asyncio.BaseTransport] = WeakSet()
        application.middlewares.insert(0, self._note())
        self._runner = web.AppRunner(
            application,
            access_log=None,
            logger=_troubles(trouble),
            keepalive_timeout=REQUEST_SECONDS,
            lingering_time=REQUEST_SECONDS,
            shutdown_timeout=_GRACE_SECONDS,
        )
        self._listener: asyncio.Server | None = None

    async def start(self, listening: socket.socket) -> None:
        """Serve at a socket until `close`."""
        await self._runner.setup()
        server = self._runner.server
        assert server is not None
        loop = asyncio.get_running_loop()

        def connect() -> asyncio.Protocol:
            """Take a connection, for good once it has asked for something."""
            if len(server.connections) >= MOST_CONNECTIONS:
                return _Refusal()
            handler = server()
            loop.call_later(REQUEST_SECONDS, self._end_unheard, handler)
            return handler

        self._listener = await loop.create_server(connect, sock=listening)

    async def close(self) -> None:
        """Serve no more."""
        if self._listener is not None:
            self._listener.close()
        await self._runner.cleanup()

    def _note(self) -> Any:
        @web.middleware
        async def note(
            request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
        ) -> web.StreamResponse:
            """See that a connection has asked for something."""
            if request.transport is not None:
                self._heard.add(request.transport)
            return await handler(request)

        return note

    def _end_unheard(self, handler: web.RequestHandler) -> None:
        transport = handler.transport
        if transport is not None and transport not in self._heard:
            transport.abort()


async def until_signal() -> None:
    """Wait until ctrl+c, or whatever else ends a process."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Where there are none, ctrl+c ends it all the same.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, ended.set)
    await ended.wait()


class _InOneLine(logging.Handler):
    """Tells what goes wrong in the server in a line; not what is wrong with a request, nor that its sender has gone."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        super().__init__()
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Tell it, unless it is no matter of ours."""
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, HttpProcessingError | ConnectionError):
            text = " ".join(record.getMessage().split())
            self._tell(text if error is None else f"{text}: {in_one_line(error)}")


def _troubles(tell: Callable[[str], object]) -> logging.Logger:
    logger = logging.Logger("dropsmith", logging.WARNING)
    logger.addHandler(_InOneLine(tell))
    return logger


class _Refusal(asyncio.Protocol):
    """One connection too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()
