"""The sound process: it plays on the null card, takes what is no request, and ends with its app."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sound.playing.protocol import (
    MOST_LINE_BYTES,
    Play,
    Position,
    Ready,
    Scope,
    SetSong,
    Trouble,
    decode_answer,
    encode,
)
from tests.places import ROOT
from tests.sound_tests.played_songs import DROP, played_song

_PATIENCE_SECONDS = 60


def start(folder: Path, output: str = "null") -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "sound.playing", "--output", output],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=(folder / "log").open("wb"),
        env=os.environ | {"PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(folder / "cache")},
    )


def test_it_plays_through_its_pipes_and_ends_with_them(tmp_path: Path) -> None:
    pytest.importorskip("miniaudio", reason="miniaudio has no wheel for this machine")
    process = start(tmp_path)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert isinstance(decode_answer(process.stdout.readline()), Ready)
        process.stdin.write(b"dance\n" + encode(SetSong(played_song())) + encode(Play(Scope.SECTION, DROP, loop=True)))
        process.stdin.flush()
        refused = decode_answer(process.stdout.readline())
        assert isinstance(refused, Trouble)
        assert refused.reason.startswith("not a request")
        while True:
            answer = decode_answer(process.stdout.readline())
            if isinstance(answer, Position) and answer.tick and not answer.waiting:
                break
        process.stdin.close()
        assert process.wait(_PATIENCE_SECONDS) == 0
    finally:
        process.kill()
        process.wait()
    # What is kept while it runs has no name.
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


def test_what_a_driver_prints_is_not_among_the_answers(tmp_path: Path) -> None:
    process = start(tmp_path, "card")
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        ready = decode_answer(process.stdout.readline())
        assert isinstance(ready, Ready)
        assert bool(ready.output) != bool(ready.reason)
        process.stdin.close()
        assert process.stdout.read() == b""
        assert process.wait(_PATIENCE_SECONDS) == 0
    finally:
        process.kill()
        process.wait()


def test_a_line_without_an_end_is_refused_and_not_held(tmp_path: Path) -> None:
    process = start(tmp_path, "page")
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdout.readline()
        for _ in range(0, MOST_LINE_BYTES + (1 << 20), 1 << 20):
            process.stdin.write(b"x" * (1 << 20))
        process.stdin.write(b"\n")
        process.stdin.flush()
        refused = decode_answer(process.stdout.readline())
        assert isinstance(refused, Trouble)
        assert "longer than" in refused.reason
    finally:
        process.kill()
        process.wait()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing is killed like that here")
async def test_it_does_not_outlive_an_app_that_is_killed(tmp_path: Path) -> None:
    program = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-m", "sound.playing", "--output", "page"], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
child.stdout.readline()
print(child.pid, flush=True)
child.wait()
"""
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path)},
    )  # fmt: skip
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    parent.kill()
    await parent.wait()
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while _is_alive(child):
            await asyncio.sleep(0.05)


def _is_alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        # One that nobody has taken leave of is dead all the same.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return not Path("/proc").exists()
