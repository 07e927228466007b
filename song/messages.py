"""Messages between our processes, a JSON object a line: reading lines that may be too long, and a clean way out.

What the messages are is told by `model.protocol` and `sound.playing.protocol`.
"""

import os
from collections.abc import Callable, Iterator
from typing import BinaryIO


def split_lines(read: Callable[[], bytes], most: int) -> Iterator[bytes | None]:
    """Lines without their ends, as they come; None for one that is longer than may be, of which no more is held.

    Args:
        read: gives more bytes, none at the end.
        most: bytes of a line, inclusive.
    """
    line, skipping = bytearray(), False
    while chunk := read():
        *ended, rest = chunk.split(b"\n")
        for piece in ended:
            line += piece
            yield None if skipping or len(line) > most else bytes(line)
            line, skipping = bytearray(), False
        line += rest
        if len(line) > most:
            line, skipping = bytearray(), True


def private_stdout() -> BinaryIO:
    """A stream for messages alone: what libraries print on stdout goes to stderr from here on."""
    messages = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return messages
