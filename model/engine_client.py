"""Client of the engine: starts it and talks to it. Imports no JAX, so that the app may import it.

The engine is started by a command, so that `["ssh", "gpubox", "dropsmith", "engine"]` puts it on another machine.
"""

import asyncio
import contextlib
import os
import sys
from collections import deque
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from model.protocol import PROTOCOL_VERSION, Answer, Ready, Request, decode_answer, encode
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
_LINE_LIMIT = 64 * 1024 * 1024
_STDERR_LINES = 20


class EngineDiedError(UserError):
    """The engine ended, or spoke another language. A new client starts a new one; nothing the caller holds is lost."""


class EngineClient:
    """One engine process. Make it with `start`, send requests, read `answers` until it dies or is closed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._stderr_tail: deque[str] = deque(maxlen=_STDERR_LINES)
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
                limit=_LINE_LIMIT,
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
            EngineDiedError: where the engine has ended.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(encode(request))
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise await self._death() from error

    async def answers(self) -> AsyncIterator[Answer]:
        """The engine's messages as they come, Ready first.

        Raises:
            EngineDiedError: when the engine ends, greets with another protocol version or writes what is no message.
        """
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
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

    async def close(self) -> None:
        """End the engine: its stdin closes, and it is killed if it has not gone within two seconds."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), 2)
        except TimeoutError:
            self.kill()
            await self._process.wait()
        self._stderr_reader.cancel()

    def kill(self) -> None:
        """End the engine at once."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def _read_stderr(self) -> None:
        assert self._process.stderr is not None
        while line := await self._process.stderr.readline():
            self._stderr_tail.append(line.decode(errors="replace").rstrip())

    async def _death(self) -> EngineDiedError:
        code = await self._process.wait()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._stderr_reader), 0.5)
        last_words = next((line for line in reversed(self._stderr_tail) if line.strip()), "")
        if self.ready is None and last_words:
            return EngineDiedError(f"the engine does not start: {last_words}")
        return EngineDiedError(f"the engine ended (exit code {code}){': ' if last_words else ''}{last_words}")


def _import_path() -> str:
    """Where this program's packages lie, so that the engine imports the same ones."""
    here = str(Path(__file__).resolve().parents[1])
    return os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH", "")]))
