"""The engine's client: commands that start an engine, and errors for those that do not."""

import asyncio
import sys
from pathlib import Path

import pytest

from model import engine_client
from model.engine_client import LOCAL_ENGINE, EngineClient, EngineDiedError, local_engine, watched
from model.protocol import PROTOCOL_VERSION, Warm
from song.errors import UserError
from song.templates import song_from_form


async def test_missing_weights_are_said_in_the_error(tmp_path: Path) -> None:
    client = await EngineClient.start(
        (sys.executable, "-m", "model", "engine", "--weights", str(tmp_path / "no.safetensors"))
    )
    with pytest.raises(EngineDiedError, match="cannot read the weights"):
        await anext(client.answers())
    await client.close()


async def test_a_command_that_is_not_there_is_said() -> None:
    with pytest.raises(EngineDiedError, match="does not start"):
        await EngineClient.start(("no-such-engine-command",))


async def test_another_protocol_is_refused() -> None:
    greeting = '{"type":"ready","protocol":99,"engine":"x","weights":"y","device":"z"}'
    client = await EngineClient.start((sys.executable, "-c", f"print('{greeting}', flush=True); input()"))
    with pytest.raises(EngineDiedError, match="same version"):
        await anext(client.answers())
    await client.close()


async def test_a_line_that_is_no_answer_ends_the_talk() -> None:
    client = await EngineClient.start((sys.executable, "-c", "print('hello', flush=True); input()"))
    with pytest.raises(EngineDiedError, match='not an answer of the engine, but "hello": its command must'):
        await anext(client.answers())
    await client.close()


async def test_an_engine_that_never_stops_talking_is_ended_all_the_same() -> None:
    client = await EngineClient.start(("sh", "-c", "while :; do echo 0123456789012345678901234567890123456789; done"))
    with pytest.raises(EngineDiedError, match="not an answer of the engine"):
        await anext(client.answers())
    await asyncio.wait_for(client.close(), 60)
    assert client._process.returncode is not None


async def test_the_last_words_of_an_engine_that_greeted_are_told_with_its_exit_code() -> None:
    greeting = f'{{"type":"ready","protocol":{PROTOCOL_VERSION},"engine":"x","weights":"y","device":"z"}}'
    script = f"import sys; print('{greeting}', flush=True); print('out of memory', file=sys.stderr); sys.exit(3)"
    client = await EngineClient.start((sys.executable, "-c", script))
    answers = client.answers()
    await anext(answers)
    assert client.ready is not None
    with pytest.raises(EngineDiedError, match=r"the engine ended \(exit code 3\): out of memory"):
        await anext(answers)
    await client.close()


def test_a_command_over_ssh_is_watched_unless_it_says_so_itself() -> None:
    ssh = ("ssh", "gpubox", "dropsmith", "engine")
    assert watched(ssh)[0] == "ssh"
    assert watched(ssh)[1] == "-o"
    assert watched(ssh)[2].startswith("ServerAliveInterval=")
    assert watched(ssh)[3:] == ssh[1:]
    assert watched(("/usr/bin/ssh", "gpubox"))[1] == "-o"
    for command in (("ssh", "-o", "serveraliveinterval=60", "gpubox"), ("sshd", "gpubox"), LOCAL_ENGINE):
        assert watched(command) == tuple(command)


def test_an_engine_of_this_machine_takes_other_weights_by_their_full_path(tmp_path: Path) -> None:
    assert local_engine() == LOCAL_ENGINE
    assert local_engine(tmp_path / "own.safetensors") == (*LOCAL_ENGINE, "--weights", str(tmp_path / "own.safetensors"))
    assert Path(local_engine(Path("own.safetensors"))[-1]).is_absolute()


async def test_a_line_without_an_end_is_told_and_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_client, "MOST_LINE_BYTES", 1000)
    client = await EngineClient.start((sys.executable, "-c", "print('x' * 5000, flush=True); input()"))
    with pytest.raises(EngineDiedError, match="a line of more than 1000 bytes"):
        await anext(client.answers())
    with pytest.raises(UserError, match="too large for the engine"):
        await client.send(Warm(song_from_form()))
    await client.close()


async def test_silence_is_told_to_whoever_waits_with_patience_and_all_that_was_started_is_ended() -> None:
    script = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
    client = await EngineClient.start((sys.executable, "-c", script))
    with pytest.raises(EngineDiedError, match=r"said nothing for 0\.1 s"):
        await anext(client.answers(0.1))
    client.kill()
    # Its child holds the pipe too: while it lived this would wait.
    with pytest.raises(EngineDiedError, match="the engine ended"):
        await asyncio.wait_for(anext(client.answers()), 10)
    await client.close()


async def test_words_without_an_end_on_stderr_hold_nobody_up() -> None:
    script = "import sys; sys.stderr.write('x' * 3_000_000 + 'out of luck'); sys.exit(3)"
    client = await EngineClient.start((sys.executable, "-c", script))
    with pytest.raises(EngineDiedError, match="xout of luck") as told:
        await asyncio.wait_for(anext(client.answers()), 10)
    assert len(str(told.value)) < 1000
    await client.close()
