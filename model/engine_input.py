"""The engine's ear: a thread that reads requests from the process's first moment on, and ends it once nobody is left.

Loading JAX, weights and programs takes long and cannot be interrupted, so whoever hears that the app is gone ends the
process from here. Imports no JAX.
"""

import os
import queue
import threading
from collections.abc import Callable

from model.protocol import MOST_LINE_BYTES, Failed, Request, decode_request
from song.errors import UserError
from song.messages import split_lines

GRACE_SECONDS = 2.0
"""From the end of the input until the process is ended, whatever it does."""
MOST_HELD = 64
"""Requests that wait while nobody takes them, inclusive; more are not heard. A client waits for the greeting first."""
_CHUNK_BYTES = 1 << 16


class EngineInput:
    """Requests from a descriptor. Make it and `start` it first of all; what comes waits for whoever will `listen`."""

    def __init__(
        self, descriptor: int = 0, leave: Callable[[int], object] = os._exit, grace: float = GRACE_SECONDS
    ) -> None:
        """Set up.

        Args:
            descriptor: what is read.
            leave: ends the process with an exit code.
            grace: seconds that the rest of it is given to end by itself, 0 or more.
        """
        self._descriptor, self._leave, self._grace = descriptor, leave, grace
        self._heard: queue.SimpleQueue[Request | Failed | None] = queue.SimpleQueue()
        self._ended = threading.Event()

    def start(self) -> None:
        """Begin to read."""
        threading.Thread(target=self._read, daemon=True).start()

    def listen(
        self, receive: Callable[[Request], None], refuse: Callable[[Failed], None], close: Callable[[], None]
    ) -> None:
        """Hand on what comes, from a thread of its own.

        Args:
            receive: takes requests.
            refuse: takes answers to lines that are no request.
            close: told of the end.
        """

        def hand_on() -> None:
            while (one := self._heard.get()) is not None:
                receive(one) if not isinstance(one, Failed) else refuse(one)

        def until_the_end() -> None:
            try:
                hand_on()
            except BrokenPipeError:
                # Nobody hears the answers any more.
                self._end()
            finally:
                close()

        threading.Thread(target=until_the_end, daemon=True).start()

    def _read(self) -> None:
        try:
            # Not sys.stdin: a thread that holds its lock makes Python abort as it ends.
            for line in split_lines(lambda: os.read(self._descriptor, _CHUNK_BYTES), MOST_LINE_BYTES):
                # Never wait here: the end of the input would not be seen.
                if self._heard.qsize() < MOST_HELD:
                    self._heard.put(_request_of(line))
        except OSError:
            pass
        self._end()

    def _end(self) -> None:
        if self._ended.is_set():
            return
        self._ended.set()
        timer = threading.Timer(self._grace, self._leave, (0,))
        timer.daemon = True
        timer.start()
        self._heard.put(None)


def _request_of(line: bytes | None) -> Request | Failed:
    try:
        if line is None:
            raise UserError(f"a request is longer than {MOST_LINE_BYTES} bytes, the most that the engine takes")
        return decode_request(line)
    except UserError as error:
        return Failed(None, str(error))
