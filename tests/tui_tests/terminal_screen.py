"""The screen of a terminal that a program writes to: characters in their places, without colours.

Only what Textual makes use of: text, placing the cursor, and sequences that change no character.
"""

import codecs
import re

_SEQUENCE = re.compile(r"\x1b(?:\[([<-?]*)([\d;]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[^\[\]])")
_TOKEN = re.compile(r"\x1b|[\x00-\x1a\x1c-\x1f]|[^\x00-\x1f]+")


class TerminalScreen:
    """A terminal of a size.

    Attributes:
        rows: what is in each row, spaces included.
    """

    def __init__(self, size: tuple[int, int] = (80, 24)) -> None:
        self._width, height = size
        self.rows = [" " * self._width for _ in range(height)]
        self._reached = [[False] * self._width for _ in range(height)]
        self._x, self._y = 0, 0
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._rest = ""

    @property
    def is_painted(self) -> bool:
        """True once something has been written to every place, be it a space."""
        return all(all(row) for row in self._reached)

    def feed(self, data: bytes) -> None:
        """Take in what was written; a character or sequence may be cut off and go on next time."""
        text = self._rest + self._decoder.decode(data)
        self._rest, at = "", 0
        while at < len(text):
            token = _TOKEN.match(text, at)
            assert token is not None, "every character is of one of three kinds"
            if token[0] != "\x1b":
                self._write(token[0])
                at = token.end()
                continue
            sequence = _SEQUENCE.match(text, at)
            if sequence is None:
                self._rest = text[at:]
                return
            if sequence[3] == "H" and not sequence[1]:
                row, _, column = sequence[2].partition(";")
                self._y, self._x = int(row or 1) - 1, int(column or 1) - 1
            at = sequence.end()

    def _write(self, text: str) -> None:
        if text == "\r":
            self._x = 0
        elif text == "\n":
            self._y += 1
        elif text >= " " and 0 <= self._y < len(self.rows):
            text = text[: max(0, self._width - self._x)]
            row, end = self.rows[self._y], self._x + len(text)
            self.rows[self._y] = row[: self._x] + text + row[end:]
            self._reached[self._y][self._x : end] = [True] * len(text)
            self._x = end
