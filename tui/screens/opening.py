"""Opening of a song in a thread: keys wait for it, so that those typed ahead reach the song they are meant for.

A large MIDI file takes seconds to read. Meanwhile the app draws and answers, and esc leaves it: all is as it was.
"""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from song.errors import UserError
from tui.screens.key_order import KeysInOrder
from tui.workspace import Workspace

WORD_SECONDS = 0.3
"""The time after which it is said what takes so long."""


class Opening:
    """A song on its way; to be made, and awaited, where the app's loop runs.

    Attributes:
        path: the file that it is read from.
    """

    def __init__(self, app: KeysInOrder, path: Path, read: Callable[[], Workspace]) -> None:
        """Begin, and let keys wait.

        Args:
            app: whose keys.
            path: names the file.
            read: reads it, in a thread; may raise a `UserError`.
        """
        self._app, self.path = app, path
        self._loop = asyncio.get_running_loop()
        self._read: asyncio.Future[Workspace] = self._loop.create_future()
        self._left: asyncio.Future[None] = self._loop.create_future()
        app.hold_keys()
        # Not one of a pool: the end of the app would wait for it.
        threading.Thread(target=self._work, args=(read,), daemon=True).start()

    def leave(self) -> None:
        """Want it no more."""
        if not self._left.done():
            self._left.set_result(None)

    async def result(self, say: Callable[[str], object]) -> Workspace:
        """The song, and its file, which is ours then.

        Args:
            say: tells what takes long.

        Raises:
            UserError: where it cannot be opened, or was left.
        """
        either: set[asyncio.Future[Any]] = {self._read, self._left}
        try:
            await asyncio.wait(either, timeout=WORD_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if not any(one.done() for one in either):
                say(f"opening {self.path.name}; esc leaves it")
                self._app.offer_leaving(self.leave)
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not self._read.done():
                raise UserError(f"{self.path.name} is not opened: you left it")
            return self._read.result()
        finally:
            self.leave()
            self._app.release_keys()

    def _work(self, read: Callable[[], Workspace]) -> None:
        found: Workspace | BaseException
        try:
            found = read()
        except BaseException as error:
            found = error
        try:
            self._loop.call_soon_threadsafe(self._deliver, found)
        except RuntimeError:
            # The app has ended.
            _close(found)

    def _deliver(self, found: Workspace | BaseException) -> None:
        if self._left.done():
            _close(found)
        elif isinstance(found, BaseException):
            self._read.set_exception(found)
        else:
            self._read.set_result(found)


def _close(found: Workspace | BaseException) -> None:
    if isinstance(found, Workspace):
        found.file.close()
