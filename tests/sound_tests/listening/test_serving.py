"""A server's limits: names, headers, half requests, too many connections; a port in use."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from song.errors import UserError
from sound.listening import serving as serving_module
from sound.listening.gate import Gate
from sound.listening.serving import Serving, addresses, guard, listen_at

_PATIENCE_SECONDS = 60


@contextlib.asynccontextmanager
async def served(trouble: list[str] | None = None) -> AsyncIterator[int]:
    """A server that answers "here", and "broken" by an error; its port."""

    async def here(request: web.Request) -> web.Response:
        if request.path == "/broken":
            raise ValueError("two\nlines")
        if request.path == "/gone":
            raise web.HTTPNotFound(text="gone")
        return web.Response(text="here")

    application = web.Application(middlewares=[guard(Gate("127.0.0.1"), lambda request: {"X-Ours": "yes"})])
    application.add_routes([web.get("/{rest:.*}", here)])
    serving = Serving(application, ([] if trouble is None else trouble).append)
    listening = listen_at("127.0.0.1", 0)
    await serving.start(listening)
    try:
        yield listening.getsockname()[1]
    finally:
        await serving.close()


async def test_every_answer_has_the_headers_and_other_names_are_turned_away() -> None:
    async with served() as port, aiohttp.ClientSession() as session:
        for path, headers, status in (
            ("", {}, 200),
            ("gone", {}, 404),
            ("", {"Host": "localhost:1"}, 200),
            ("", {"Host": "evil.example"}, 403),
            ("", {"Origin": "http://evil.example"}, 403),
            ("", {"Host": "a b"}, 400),
        ):
            async with session.get(f"http://127.0.0.1:{port}/{path}", headers=headers) as answer:
                assert answer.status == status
                assert ("X-Ours" in answer.headers) == (status in (200, 404))


async def test_an_error_of_ours_is_a_line() -> None:
    told: list[str] = []
    async with (
        served(told) as port,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/broken") as answer,
    ):
        assert answer.status == 500
    assert told == ["Error handling request from 127.0.0.1: ValueError: two lines"]
    assert logging.getLogger("dropsmith").handlers == []


async def test_half_requests_and_too_many_connections_are_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving_module, "REQUEST_SECONDS", 0.3)
    monkeypatch.setattr(serving_module, "MOST_CONNECTIONS", 3)
    async with served() as port:
        half = [await asyncio.open_connection("127.0.0.1", port) for _ in range(4)]
        for _, writer in half:
            writer.write(b"GET / HTTP/1.1\r\nHost: local")
        for reader, _ in half:
            with contextlib.suppress(ConnectionError):
                assert await asyncio.wait_for(reader.read(), _PATIENCE_SECONDS) == b""
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/") as answer:
            assert await answer.text() == "here"


def test_a_port_in_use_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=rf"cannot serve at 127\.0\.0\.1 port {port}: .*choose another with --port"):
            listen_at("127.0.0.1", port)
    with pytest.raises(UserError, match=r"cannot serve at no-such-host\.invalid port 0"):
        listen_at("no-such-host.invalid", 0)


def test_an_address_for_each_name() -> None:
    assert addresses(Gate("127.0.0.1"), 80) == ["http://127.0.0.1:80/"]
    gate = Gate("::", ("fd00::1", "studio"))
    assert addresses(gate, 80) == [f"http://[fd00::1]:80/{gate.token}/", f"http://studio:80/{gate.token}/"]
