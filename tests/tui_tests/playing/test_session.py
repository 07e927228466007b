"""The session with the sound process, on miniaudio's null card: what it sends, what comes back, and deaths."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from textual.message import Message

from song.edits.takes import add_takes
from song.parts import Part
from song.sections import Take
from sound.playing.protocol import Play, Scope
from tests.sound_tests.played_songs import DROP, growl, played_song
from tui.messages import SoundChanged, Trouble
from tui.playing.session import SoundSession, sound_command

_PATIENCE_SECONDS = 60


class Watched:
    """A session and what it posts."""

    def __init__(self, command: tuple[str, ...], log: Path) -> None:
        self.posted: list[Message] = []
        self.changed = asyncio.Event()
        self.session = SoundSession(self.post, command, log)

    def post(self, message: Message) -> None:
        self.posted.append(message)
        self.changed.set()

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not condition():
                self.changed.clear()
                await self.changed.wait()

    def troubles(self) -> list[str]:
        return [one.reason for one in self.posted if isinstance(one, Trouble)]


@asynccontextmanager
async def session(tmp_path: Path, *command: str) -> AsyncIterator[Watched]:
    if not command:
        pytest.importorskip("miniaudio", reason="miniaudio has no wheel for this machine")
    watched = Watched(command or sound_command("null"), tmp_path / "sound.log")
    try:
        yield watched
    finally:
        await watched.session.close()


async def test_nothing_is_started_until_something_is_played(tmp_path: Path) -> None:
    async with session(tmp_path) as watched:
        watched.session.follow(played_song())
        watched.session.render_ahead(0, Part.BASS, ())
        assert not watched.session.stop()
        assert watched.session.pid is None
        watched.session.play(played_song(), Play(Scope.SECTION, DROP))
        status = watched.session.status
        assert (status.running, status.playing) == (True, Play(Scope.SECTION, DROP, loop=True))
        await watched.until(lambda: watched.session.status.position)
        assert watched.session.pid is not None
        assert "Null" in watched.session.status.output
        await watched.until(lambda: watched.session.status.position.tick > 0)  # type: ignore[union-attr]
        assert watched.session.stop()
        assert watched.session.status.position is None
    assert not watched.troubles()
    assert all(isinstance(one, SoundChanged) for one in watched.posted)


async def test_what_is_not_looped_ends_by_itself(tmp_path: Path) -> None:
    async with session(tmp_path) as watched:
        assert not watched.session.toggle_loop()
        watched.session.play(played_song(), Play(Scope.CELL, DROP, Part.BASS))
        await watched.until(lambda: watched.session.status.position)
        await watched.until(lambda: watched.session.status.playing is None)
        assert watched.session.status.position is None


async def test_trouble_leaves_nothing_playing(tmp_path: Path) -> None:
    async with session(tmp_path) as watched:
        watched.session.play(played_song(), Play(Scope.CELL, DROP, Part.LEAD))
        await watched.until(watched.troubles)
        assert watched.troubles() == ["there is nothing to hear there yet: write it first"]
        assert watched.session.status.playing is None


async def test_the_song_goes_once_and_without_takes_that_do_not_sound(tmp_path: Path) -> None:
    listens = 'import sys\nprint(\'{"type":"ready","protocol":1,"output":"x"}\', flush=True)\n'
    listens += f"open({str(tmp_path / 'heard')!r}, 'wb').write(sys.stdin.buffer.read())"
    song = add_takes(played_song(), DROP, Part.BASS, (Take(growl(2, 44)), Take(growl(2, 45))))
    async with session(tmp_path, sys.executable, "-c", listens) as watched:
        watched.session.play(song, Play(Scope.SECTION, DROP))
        watched.session.follow(song)
        await watched.until(lambda: watched.session.status.output)
        watched.session.render_ahead(DROP, Part.BASS, [growl(2, pitch) for pitch in range(40, 60)])
        watched.session.render_ahead(DROP, Part.BASS, [growl(2, pitch) for pitch in range(40, 60)])
        watched.session.toggle_loop()
    told = [msgspec.json.decode(line) for line in (tmp_path / "heard").read_bytes().splitlines()]
    assert [one["type"] for one in told] == ["song", "play", "ahead", "loop"]
    assert len(told[0]["song"]["sections"][DROP]["cells"]["bass"]["takes"]) == 1
    assert len(told[2]["phrases"]) == 8
    assert told[1]["loop"] is True
    assert told[3]["on"] is False


async def test_a_death_is_told_and_the_next_play_starts_another(tmp_path: Path) -> None:
    async with session(tmp_path) as watched:
        watched.session.play(played_song(), Play(Scope.SECTION, DROP))
        await watched.until(lambda: watched.session.status.position)
        first = watched.session.pid
        assert watched.session._client is not None
        watched.session._client.kill()
        await watched.until(watched.troubles)
        assert "play again to start it anew" in watched.troubles()[0]
        assert "sound.log has its last words" in watched.troubles()[0]
        assert (watched.session.status.running, watched.session.status.playing) == (False, None)
        watched.session.play(played_song(), Play(Scope.SECTION, DROP))
        await watched.until(lambda: watched.session.status.position)
        assert watched.session.pid not in (None, first)


async def test_a_command_that_is_not_there_is_told(tmp_path: Path) -> None:
    async with session(tmp_path, "no-such-program") as watched:
        watched.session.play(played_song(), Play(Scope.SECTION, DROP))
        await watched.until(watched.troubles)
        assert watched.troubles()[0].startswith("the sound does not start: no-such-program")


def test_the_command_names_the_output_and_the_users_patches(tmp_path: Path) -> None:
    assert sound_command("page")[-2:] == ("--output", "page")
    assert sound_command("page", tmp_path)[-2:] == ("--patches", str(tmp_path))
    assert sound_command("page", midi_out="-x")[-1] == "--midi-out=-x"
