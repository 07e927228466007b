"""`dropsmith listen`: the page of a file, which it follows; and what it refuses in one line."""

import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import msgspec
import pytest

from song.store import save_song
from tests.places import ROOT
from tests.sound_tests.played_songs import played_song

_PATIENCE_SECONDS = 60


@contextlib.asynccontextmanager
async def listened(path: Path, *words: str) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """The command on a file; the page's address, and the process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tui", "listen", str(path), *words,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(path.parent)},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), _PATIENCE_SECONDS)
        address = re.search(rb"http://127\.0\.0\.1:\d+/\S+/", line)
        assert address, line
        yield address[0].decode(), process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def test_it_follows_the_file_and_keeps_the_song_where_that_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    song = msgspec.structs.replace(played_song(), title="One")
    save_song(path, song)
    async with (
        listened(path, "--port", "0") as (address, process),
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{address}line") as line,
        asyncio.timeout(_PATIENCE_SECONDS),
    ):
        assert process.stdout is not None
        assert b"ssh -L" in await process.stdout.readline()
        while (await line.receive_json()).get("title") != "One":
            pass
        path.write_bytes(b"damaged")
        while (told := await line.receive_json())["type"] != "trouble":
            pass
        assert "night.drop" in told["text"]
        save_song(path, msgspec.structs.replace(song, title="Two"))
        while (await line.receive_json()).get("title") != "Two":
            pass
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 0


def run(*words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tui", "listen", *words], capture_output=True, text=True, timeout=_PATIENCE_SECONDS,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


def test_what_cannot_be_served_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "night.drop"
    save_song(path, played_song())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, told = run(str(path), "--port", str(taken.getsockname()[1]))
    assert code == 2
    assert re.fullmatch(r"dropsmith: cannot serve at .*; choose another with --port\n", told)
    for words, told_ in (
        ((str(path), "--port", "70000"), "--port 70000 is outside 0-65535"),
        ((str(path), "--host", "0.0.0.0"), "say by which name it is reached"),
        ((str(tmp_path / "gone.drop"),), "gone.drop"),
    ):
        code, told = run(*words)
        assert code == 2
        assert told_ in told
        assert told.count("\n") == 1


@pytest.mark.parametrize("words", [("--help",)])
def test_it_says_how_it_is_used(words: tuple[str, ...]) -> None:
    code, told = run(*words)
    assert (code, told) == (0, "")
