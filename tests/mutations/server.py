"""Requests to `dropsmith serve`, and to the listening page."""

import asyncio
import contextlib
import functools
import os
import random
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

from song.terminal_text import say_error
from sound.listening.gate import Gate
from sound.listening.host import PageHost, own_socket
from sound.staging.stage import Stage
from tests.mutations.limits import MOST_BYTES, MOST_SECONDS, peak_bytes
from tests.mutations.mutate import Files, mutate_bytes
from tests.places import ROOT
from tui.serve import AppServer

_HEADERS = (
    b"Host: localhost", b"Host: evil.example", b"Host:", b": x", b"X: \xff\0\x1b", b"Cookie: " + b"x" * 9000,
    b"Origin: http://evil.example", b"Transfer-Encoding: chunked", b"Connection: upgrade", b"Expect: 100-continue",
    b"Content-Length: 10", b"Content-Length: -1", b"Content-Length: 99999999999999999999", b"If-Modified-Since: x" * 9,
    b"Range: bytes=0-18446744073709551616", b"Accept-Encoding: br, gzip", b"Sec-WebSocket-Version: 99",
    b"Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99",
)  # fmt: skip
_WORDS = (
    b"GET", b"POST", b"HEAD", b"PUT", b"CONNECT", b"TRACE", b"\xff", b"HTTP/1.1", b"HTTP/9.9", b"HTTP/1.1 x", b"", b"/",
    b"*", b"//x/ws", b"/static/../../../../etc/passwd", b"/static/%2e%2e/%2e%2e/app.py", b"/%00", b"http://[/",
    b"/ws?width=" + b"9" * 5000, b"/ws?width=\xd9\xa1&height=-5", b"/" + b"x" * 9000, b"/static/js",
    b"/static/js/textual.js%00", b"/static/" + b"a/" * 3000,
)  # fmt: skip


def mutate_http(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Mutate a request: its words, its headers, what comes after them; or as bytes."""
    if rng.random() < 0.25:
        return mutate_bytes(rng, data, other)
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    for _ in range(rng.choice((1, 1, 2, 3))):
        at = rng.randrange(len(lines))
        match rng.randrange(6):
            case 0 | 1:
                words = lines[0].split(b" ")
                words[rng.randrange(len(words))] = rng.choice(_WORDS)
                lines[0] = b" ".join(words)
            case 2:
                lines.insert(at + 1, rng.choice(_HEADERS))
            case 3:
                lines[at] = lines[at] * rng.choice((0, 2)) if at else lines[at]
            case 4:
                lines = lines + lines[1:] * (rng.choice((1, 300)) if len(lines) < 100 else 1)
            case _:
                body = mutate_bytes(rng, body or b"x", other)
    return b"\r\n".join(lines) + rng.choice((b"\r\n\r\n", b"\r\n\r\n", b"\r\n\r\n", b"\n\n", b"")) + body


FORMS = {".http": mutate_http}


def make_requests(_folder: Path) -> list[Files]:
    upgrade = (
        b"Host: localhost\r\nOrigin: http://localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    sent = b"".join(
        b"\x81" + bytes([0x80 | len(text)]) + b"\0\0\0\0" + text
        for text in (b'["stdin", "f"]', b'["resize", {"width": 100, "height": 30}]', b'["ping", 1]', b'["focus"]')
    )
    heads = (
        b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n",
        b"GET /static/js/textual.js HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes=0-99\r\n\r\n",
        b"POST /ws HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        b"GET /ws?width=100&height=30 HTTP/1.1\r\n" + upgrade + sent,
        b"GET /ws HTTP/1.1\r\n" + upgrade + sent + b"\x88\x80\0\0\0\0",
    )
    return [{"in.http": data} for data in heads]


def make_page_requests(_folder: Path) -> list[Files]:
    """Requests to the page, with `TOKEN` where its token is to stand."""
    host = b"Host: localhost\r\nConnection: close\r\n"
    upgrade = (
        b"Host: localhost\r\nOrigin: http://localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    text = b'{"section": 1, "frame": 9, "playing": true}'
    sent = b"\x81" + bytes([0x80 | len(text)]) + b"\0\0\0\0" + text
    heads = (
        b"GET /TOKEN/ HTTP/1.1\r\n" + host + b"\r\n",
        b"GET /TOKEN/page.js HTTP/1.1\r\n" + host + b"Range: bytes=0-9\r\n\r\n",
        b"GET /TOKEN/sound/" + b"0" * 24 + b"/bass/0.flac HTTP/1.1\r\n" + host + b"Range: bytes=0-1\r\n\r\n",
        b"GET /TOKEN/keep/" + b"0" * 16 + b"/mix HTTP/1.1\r\n" + host + b"\r\n",
        b"GET /TOKEN/line HTTP/1.1\r\n" + upgrade + sent + b"\x88\x80\0\0\0\0",
    )
    return [{"in.http": data} for data in heads]


@functools.cache
def _server(what: str) -> "tuple[subprocess.Popen[bytes], int, bytes]":
    """A server of the app or the page in a process of its own, started once, its port and its token."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.mutations.server", what],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=2,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert server.stdout is not None
    port, _, token = server.stdout.readline().strip().partition(b" ")
    return server, int(port), token


def use_requests(folder: Path, _rng: random.Random) -> None:
    """Send a request to the server of the app, and one more: whoever comes next is served."""
    _use("app", folder)


def use_page_requests(folder: Path, _rng: random.Random) -> None:
    """The same to the listening page."""
    _use("page", folder)


def _use(what: str, folder: Path) -> None:
    server, port, token = _server(what)
    assert server.poll() is None, "the server has ended"
    with socket.create_connection(("127.0.0.1", port), timeout=MOST_SECONDS) as line:
        answer = b""
        with contextlib.suppress(OSError):
            line.sendall((folder / "in.http").read_bytes().replace(b"TOKEN", token))
            line.shutdown(socket.SHUT_WR)
            while chunk := line.recv(1 << 16):
                answer = (answer + chunk)[:4096]
    assert not answer or re.match(rb"HTTP/1\.[01] ([1-4]\d\d|503) ", answer), answer[:300]
    with socket.create_connection(("127.0.0.1", port), timeout=MOST_SECONDS) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert line.recv(15).startswith(b"HTTP/1.1 "), "nobody else is served"
    peak = peak_bytes(server.pid)
    assert peak < MOST_BYTES, f"the server has taken {peak} bytes"


async def _serve_page() -> None:
    stage = Stage(lambda line: None, lambda: None)
    host = PageHost(stage, own_socket(ports=(0,)), Gate("127.0.0.1", always_token=True), tell=say_error)
    await host.start()
    print(host.port, host.gate.token, flush=True)
    await asyncio.Event().wait()


def _serve(what: str) -> None:
    """Serve the page, or an app of a few bytes, which greets and listens, until whoever started this has ended."""
    if what == "page":
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        asyncio.run(_serve_page())
    listening = socket.create_server(("127.0.0.1", 0))
    server = AppServer([], "127.0.0.1", listening.getsockname()[1], tabs=32)
    server.command = "sh -c 'echo __GANGLION__; exec cat >/dev/null'"
    print(listening.getsockname()[1], flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    asyncio.run(server.run(listening))


if __name__ == "__main__":
    _serve(sys.argv[1])
