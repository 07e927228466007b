"""Client of the sound process: starts it and talks to it. It needs neither NumPy nor an audio library."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from song.errors import UserError
from sound.playing.protocol import MOST_LINE_BYTES, PROTOCOL_VERSION, Answer, Ready, Request, decode_answer, encode

LOCAL_SOUND = (sys.executable, "-m", "sound.playing")
"""The command that starts the sound on this machine."""
MOST_LOG_BYTES = 1 << 20
"""A log that is longer begins anew with the next start."""
_PATIENCE_SECONDS = 2.0


class SoundDiedError(UserError):
    """The sound ended, or spoke another language. A new client starts a new one."""


class SoundClient:
    """One sound process. Make it with `start`, send requests, read `answers` until it dies or is closed."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path | None) -> None:
        self._process, self._log = process, log

    @classmethod
    async def start(cls, command: Sequence[str] = LOCAL_SOUND, log: Path | None = None) -> "SoundClient":
        """Start it.

        Args:
            command: what starts it.
            log: where what it and its libraries print goes; None for nowhere.

        Raises:
            SoundDiedError: where the command cannot be started.
        """
        errors = _opened(log)
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                limit=MOST_LINE_BYTES,
                env=os.environ | {"PYTHONPATH": _import_path()},
                start_new_session=True,
            )
        except OSError as error:
            raise SoundDiedError(f"the sound does not start: {command[0]}: {error.strerror}") from error
        finally:
            if errors >= 0:
                os.close(errors)
        return cls(process, log)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def send(self, request: Request) -> None:
        """Send a request, without waiting for it to be taken.

        Raises:
            UserError: where it is larger than may be.
        """
        assert self._process.stdin is not None
        line = encode(request)
        if len(line) > MOST_LINE_BYTES + 1:
            raise UserError(f"the song is too large to be played ({len(line)} bytes, {MOST_LINE_BYTES} are the most)")
        # Of one that has ended the answers tell.
        with contextlib.suppress(ConnectionError, RuntimeError):
            self._process.stdin.write(line)

    async def answers(self) -> AsyncIterator[Answer]:
        """The messages as they come, Ready first.

        Raises:
            SoundDiedError: when the sound ends, greets with another protocol version, or writes what is no message.
        """
        assert self._process.stdout is not None
        while True:
            try:
                line = await self._process.stdout.readline()
            # What asyncio makes of a line above its limit.
            except ValueError as error:
                raise SoundDiedError(f"the sound sends a line of more than {MOST_LINE_BYTES} bytes") from error
            if not line:
                break
            try:
                answer = decode_answer(line)
            except UserError as error:
                raise SoundDiedError(str(error)) from error
            if isinstance(answer, Ready) and answer.protocol != PROTOCOL_VERSION:
                raise SoundDiedError(f"the sound speaks protocol {answer.protocol}, this program {PROTOCOL_VERSION}")
            yield answer
        code = await self._process.wait()
        where = f"; {self._log} has its last words" if self._log is not None else ""
        raise SoundDiedError(f"the sound ended (exit code {code}){where}")

    async def close(self) -> None:
        """End it: its stdin closes, and it is killed if it has not gone within two seconds."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), _PATIENCE_SECONDS)
        self.kill()
        await self._process.wait()

    def kill(self) -> None:
        """End it at once."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if hasattr(os, "killpg"):
                    os.killpg(self._process.pid, signal.SIGKILL)
                else:
                    self._process.kill()


def _opened(log: Path | None) -> int:
    """A descriptor that the log is written by, or that of nowhere."""
    if log is None:
        return asyncio.subprocess.DEVNULL
    try:
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        anew = os.O_TRUNC if log.exists() and log.stat().st_size > MOST_LOG_BYTES else 0
        return os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | anew, 0o600)
    except OSError:
        return asyncio.subprocess.DEVNULL


def _import_path() -> str:
    """Where this program's packages lie, so that the sound imports the same ones."""
    here = str(Path(__file__).resolve().parents[2])
    return os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH", "")]))
