"""Client of the engine: starts it and talks to it. Imports no JAX, so that the app may import it.

The engine is started by a command, so that `["ssh", "gpubox", "dropsmith", "engine"]` puts it on another machine.
"""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from model.protocol import MOST_LINE_BYTES, PROTOCOL_VERSION, Answer, Ready, Request, decode_answer, encode
from song.errors import UserError

LOCAL_ENGINE = (sys.executable, "-m", "model", "engine")
"""The command that starts an engine on this machine."""


def local_engine(weights: Path | None = None) -> tuple[str, ...]:
    """The command that starts an engine on this machine, with other weights than the shipped ones if any are given."""
    return LOCAL_ENGINE if weights is None else (*LOCAL_ENGINE, "--weights", str(weights.absolute()))


def watched(command: Sequence[str]) -> tuple[str, ...]:
    """A command; one over ssh asks every few seconds whether the line still holds, which ssh else never does.

    A command that says something of its own about that (`-o ServerAliveInterval=...`) stays as it is.
    """
    name, *rest = command
    if Path(name).name != "ssh" or any("serveralive" in word.lower() for word in rest):
        return tuple(command)
    return (name, "-o", f"ServerAliveInterval={_ASK_SECONDS}", *rest)


_ASK_SECONDS = 5
_STDERR_CHUNK = 1 << 14
_STDERR_BYTES = 1 << 15
"""Of what the engine writes there, the last is kept."""
_MOST_WORDS = 500
_LOOK_SECONDS, _PATIENCE_AFTER_KILL_SECONDS = 0.01, 10.0
PATIENCE_SECONDS = 300.0
"""For an answer, where nobody is there to look whether there will be one: some fills compile for a minute."""


class EngineDiedError(UserError):
    """The engine ended, or spoke another language. A new client starts a new one; nothing the caller holds is lost."""


class EngineClient:
    """One engine process. Make it with `start`, send requests, read `answers` until it dies or is closed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._stderr_tail = b""
        self._stderr_reader = asyncio.create_task(self._read_stderr())
        self.ready: Ready | None = None

    @classmethod
    async def start(cls, command: Sequence[str] = LOCAL_ENGINE) -> "EngineClient":
        """Start an engine; it is warming until `answers` yields Ready.

        Raises:
            EngineDiedError: where the command cannot be started.
        """
        is_local = tuple(command[: len(LOCAL_ENGINE)]) == LOCAL_ENGINE
        environment = os.environ | {"PYTHONPATH": _import_path()} if is_local else None
        try:
            process = await asyncio.create_subprocess_exec(
                *watched(command),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=MOST_LINE_BYTES,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            raise EngineDiedError(f"the engine does not start: {command[0]}: {error.strerror}") from error
        return cls(process)

    @property
    def pid(self) -> int:
        """The process id of the engine, or of the command that reaches it."""
        return self._process.pid

    async def send(self, request: Request) -> None:
        """Send a request.

        Raises:
            UserError: where it is larger than the engine takes.
            EngineDiedError: where the engine has ended.
        """
        assert self._process.stdin is not None
        line = encode(request)
        if len(line) > MOST_LINE_BYTES + 1:
            raise UserError(
                f"the song is too large for the engine ({len(line)} bytes, {MOST_LINE_BYTES} are the most): drop takes"
            )
        try:
            self._process.stdin.write(line)
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise await self._death() from error

    async def answers(self, patience: float | None = None) -> AsyncIterator[Answer]:
        """The engine's messages as they come, Ready first.

        Args:
            patience: seconds to wait for each, above 0; None for ever.

        Raises:
            EngineDiedError: when the engine ends, greets with another protocol version, writes what is no message or
                is too long for one, or lets wait for too long.
        """
        while line := await self._line(patience):
            try:
                answer = decode_answer(line)
            except UserError as error:
                raise EngineDiedError(str(error)) from error
            if isinstance(answer, Ready):
                if answer.protocol != PROTOCOL_VERSION:
                    raise EngineDiedError(
                        f"the engine speaks protocol {answer.protocol}, this program {PROTOCOL_VERSION}: "
                        "install the same version of Dropsmith on both machines"
                    )
                self.ready = answer
            yield answer
        raise await self._death()

    async def _line(self, patience: float | None) -> bytes:
        assert self._process.stdout is not None
        try:
            return await asyncio.wait_for(self._process.stdout.readline(), patience)
        except TimeoutError as error:
            raise EngineDiedError(f"the engine has said nothing for {patience:g} s: try again") from error
        # What asyncio makes of a line above its limit.
        except ValueError as error:
            raise EngineDiedError(f"the engine sends a line of more than {MOST_LINE_BYTES} bytes") from error

    async def close(self) -> None:
        """End the engine: its stdin closes, and it is killed if it has not gone within two seconds."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        if not await self._ends_within(2):
            self.kill()
            await self._ends_within(_PATIENCE_AFTER_KILL_SECONDS)
        self._stderr_reader.cancel()

    async def _ends_within(self, seconds: float) -> bool:
        # Not by waiting for the process: asyncio has it end only once all is read that it has written.
        late = time.monotonic() + seconds
        while self._process.returncode is None and time.monotonic() < late:
            await asyncio.sleep(_LOOK_SECONDS)
        return self._process.returncode is not None

    def kill(self) -> None:
        """End the engine at once, with all that its command has started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self._process.returncode is None and hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    async def _read_stderr(self) -> None:
        assert self._process.stderr is not None
        # By the piece: a line without an end would be held for ever.
        while chunk := await self._process.stderr.read(_STDERR_CHUNK):
            self._stderr_tail = (self._stderr_tail + chunk)[-_STDERR_BYTES:]

    async def _death(self) -> EngineDiedError:
        code = await self._process.wait()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._stderr_reader), 0.5)
        lines = self._stderr_tail.decode(errors="replace").splitlines()
        last_words = next((line.strip()[-_MOST_WORDS:] for line in reversed(lines) if line.strip()), "")
        if self.ready is None and last_words:
            return EngineDiedError(f"the engine does not start: {last_words}")
        return EngineDiedError(f"the engine ended (exit code {code}){': ' if last_words else ''}{last_words}")


def _import_path() -> str:
    """Where this program's packages lie, so that the engine imports the same ones."""
    here = str(Path(__file__).resolve().parents[1])
    return os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH", "")]))
