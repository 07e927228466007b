"""The client of the sound process: greeting, deaths, the log, and how it is ended."""

import asyncio
import sys
from pathlib import Path

import pytest

from sound.playing.client import MOST_LOG_BYTES, SoundClient, SoundDiedError
from sound.playing.protocol import Ready, Stop

_PATIENCE_SECONDS = 60


def program(text: str) -> tuple[str, ...]:
    return (sys.executable, "-c", text)


GREETS = 'print(\'{"type":"ready","protocol":%d,"output":"none"}\', flush=True)\n'


async def first(client: SoundClient) -> object:
    async for answer in client.answers():
        return answer
    return None


async def test_it_greets_and_ends_when_its_input_does(tmp_path: Path) -> None:
    log = tmp_path / "state" / "sound.log"
    text = "import sys; print('ALSA lib', file=sys.stderr, flush=True)\n" + GREETS % 1 + "sys.stdin.read()"
    client = await SoundClient.start(program(text), log)
    assert await first(client) == Ready(1, "none")
    client.send(Stop())
    await asyncio.wait_for(client.close(), _PATIENCE_SECONDS)
    assert log.read_text() == "ALSA lib\n"


async def test_one_that_does_not_end_is_killed() -> None:
    text = GREETS % 1 + "import time\nwhile True: time.sleep(1)"
    client = await SoundClient.start(program(text))
    await first(client)
    await asyncio.wait_for(client.close(), _PATIENCE_SECONDS)
    client.send(Stop())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GREETS % 99, "speaks protocol 99"),
        ("print('hello')", "not an answer of the sound"),
        ("import sys; sys.exit(3)", r"the sound ended \(exit code 3\)"),
        ("print('x' * (70 << 20))", "a line of more than"),
    ],
)
async def test_a_death_or_nonsense_is_one_line(text: str, words: str) -> None:
    client = await SoundClient.start(program(text))
    with pytest.raises(SoundDiedError, match=words):
        async for _ in client.answers():
            pass
    client.kill()
    await client.close()


async def test_a_command_that_is_not_there_is_one_line() -> None:
    with pytest.raises(SoundDiedError, match="does not start: no-such-program"):
        await SoundClient.start(("no-such-program",))


async def test_a_log_grows_to_a_size_and_begins_anew(tmp_path: Path) -> None:
    log = tmp_path / "sound.log"
    log.write_text("x" * (MOST_LOG_BYTES + 1))
    client = await SoundClient.start(program("import sys; print('new', file=sys.stderr)"), log)
    with pytest.raises(SoundDiedError, match=r"sound\.log has its last words"):
        await first(client)
    await client.close()
    assert log.read_text() == "new\n"
