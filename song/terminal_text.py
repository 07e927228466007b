"""Text for terminals: whatever stands in a file, nothing of it moves a cursor, hides or turns round what is read.

Names of files, songs, sections, tracks, markers and styles come from anywhere. Everything that shows one, on the screen
or in a line of output, passes it through `inert`, or prints by `say`.
"""

import os
import sys
import traceback
from typing import TextIO

MARK = "\N{REPLACEMENT CHARACTER}"
"""The sign in place of a character that is not shown."""

_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | {
    chr(selector) for selector in (*range(0xFE00, 0xFE0E), *range(0xE0100, 0xE01F0))
}
"""Letters and marks that nothing is seen of, though they count as printable; not the two that emoji are chosen by."""


def inert(text: str) -> str:
    """A text with a mark in place of each control character, line break, override of direction, invisible character or
    byte of a file name that is no text."""
    if text.isprintable() and (text.isascii() or _INVISIBLE.isdisjoint(text)):
        return text
    return "".join(one if one.isprintable() and one not in _INVISIBLE else MARK for one in text)


def inert_lines(text: str) -> str:
    """The same for a text of several lines: its line breaks stay."""
    return "\n".join(inert(line) for line in text.split("\n"))


def say(text: str, file: TextIO | None = None) -> None:
    """Print lines of text, inert; where the output knows no such character, in ASCII.

    Args:
        text: may have line breaks.
        file: None for standard output.

    Raises:
        OSError: where nobody listens any more.
    """
    out, shown = sys.stdout if file is None else file, inert_lines(text)
    # In one piece: where a reader leaves after the first line, the rest must not decide whether that is an error.
    try:
        out.write(f"{shown}\n")
    except UnicodeEncodeError:
        out.write(f"{shown.encode('ascii', 'replace').decode()}\n")
    out.flush()


def say_error(error: object, *, debug: bool = False) -> None:
    """Print what went wrong as the one line that commands end with; to debug, where it comes from before that."""
    if debug and isinstance(error, BaseException):
        say("".join(traceback.format_exception(error)), sys.stderr)
    say(f"dropsmith: {inert(str(error))}", sys.stderr)


def end_quietly() -> None:
    """Let what is left of the output go nowhere: its reader, such as head, has seen enough."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ is not None else 1)
