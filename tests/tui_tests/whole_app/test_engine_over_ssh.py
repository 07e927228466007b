"""The engine over an SSH line: it writes as one here does, and a line that breaks is an engine's death."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from model.engine_client import watched
from tests.tui_tests import pressing
from tests.tui_tests.driving import FAKE_ENGINE, Driver, running, short_song
from tests.tui_tests.loopback_ssh import LoopbackSsh, loopback_ssh, missing
from tui.settings import load_settings
from tui.view import EngineState

_ABSENT = missing()
needs_ssh = pytest.mark.skipif(bool(_ABSENT), reason=_ABSENT)


@pytest.fixture
def ssh(tmp_path: Path) -> Iterator[LoopbackSsh]:
    (tmp_path / "ssh").mkdir()
    with loopback_ssh(tmp_path / "ssh") as started:
        yield started


def from_settings(folder: Path, *command: str) -> tuple[str, ...]:
    """The command as the app gets it: out of a settings file."""
    path = folder / "settings.toml"
    path.write_text(f"engine = {msgspec.json.encode(command).decode()}\n")
    return load_settings(path).engine


def kill_client(app: Driver, ssh: LoopbackSsh) -> None:
    assert app.main.session.pid is not None
    os.kill(app.main.session.pid, signal.SIGKILL)


def kill_session(app: Driver, ssh: LoopbackSsh) -> None:
    for pid in ssh.sessions():
        os.kill(pid, signal.SIGKILL)


def silence_session(app: Driver, ssh: LoopbackSsh) -> None:
    """As where a cable is pulled: nobody says anything any more, and nothing ends."""
    for pid in ssh.sessions():
        os.kill(pid, signal.SIGSTOP)


@needs_ssh
async def test_the_real_engine_there_writes_and_comes_back_after_the_line_broke(
    ssh: LoopbackSsh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A machine that has never run the engine compiles first.
    monkeypatch.setattr(pressing, "PATIENCE_SECONDS", 240)
    command = from_settings(tmp_path, *ssh.client(), "dropsmith", "engine")
    async with running(song=short_song(), command=command) as app:
        await app.press("f")
        await app.until_ready()
        await app.until_written()
        take = app.cell().take
        assert take is not None
        kill_client(app, ssh)
        await app.until(lambda: "engine restart" in app.main.note)
        await app.press("right", "f")
        await app.until_ready()
        await app.until_written()
        assert app.cell().take is not None
        assert app.song.sections[0].cells.drums.take == take


@needs_ssh
@pytest.mark.parametrize("break_line", [kill_client, kill_session, silence_session])
async def test_a_line_that_breaks_in_a_fill_is_told_and_costs_nothing(
    break_line: Callable[[Driver, LoopbackSsh], None], ssh: LoopbackSsh, tmp_path: Path
) -> None:
    fake = (sys.executable, str(FAKE_ENGINE), "--hold-after", "6", "--once", str(tmp_path / "held"))
    alert = ("-o", "ServerAliveInterval=1", "-o", "ServerAliveCountMax=1")
    async with running(song=short_song(), command=from_settings(tmp_path, *ssh.client(*alert), *fake)) as app:
        await app.press("f", "+")
        await app.until(lambda: app.taken() == 1)
        await app.press("A")
        await app.until(lambda: (tmp_path / "held").exists() and app.view.writing.busy)
        before = app.song
        break_line(app, ssh)
        await app.until(lambda: "engine restart" in app.main.note)
        assert app.song == before
        await app.until_ready()
        await app.press("A")
        await app.until_written()
        assert app.work.empty_cells() == 0


@needs_ssh
@pytest.mark.parametrize(
    ("options", "key", "command", "reason"),
    [
        ((), "stranger_key", "dropsmith engine", "Permission denied (publickey)"),
        (("-o", "HostKeyAlias=other"), "user_key", "dropsmith engine", "Host key verification failed"),
        ((), "user_key", "dropsmith-of-old engine", "dropsmith-of-old: command not found"),
    ],
)
async def test_what_keeps_it_from_starting_is_told_in_a_line_and_not_tried_for_ever(
    options: tuple[str, ...], key: str, command: str, reason: str, ssh: LoopbackSsh
) -> None:
    async with running(song=short_song(), command=(*ssh.client(*options, key=key), command)) as app:
        await app.press("f")
        await app.until(lambda: app.engine is EngineState.DEAD)
        await app.until(lambda: not app.view.writing.busy)
        assert app.main.note.startswith("engine down, ^e starts it again: the engine does not start: ")
        assert reason in app.main.note
        assert "\n" not in app.main.note


def test_a_line_is_watched_unless_the_command_says_how() -> None:
    assert watched(["ssh", "gpubox", "dropsmith", "engine"]) == (
        *("ssh", "-o", "ServerAliveInterval=5"),
        *("gpubox", "dropsmith", "engine"),
    )
    own = ("/usr/bin/ssh", "-oServerAliveInterval=60", "gpubox", "dropsmith", "engine")
    assert watched(own) == own
    assert watched(["dropsmith", "engine"]) == ("dropsmith", "engine")
