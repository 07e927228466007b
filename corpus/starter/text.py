"""The text of the starter notation: lines, words and bars with their places, and mistakes that point at them.

What the words mean is read by `corpus.starter.lanes`, `corpus.starter.phrases` and `corpus.starter.tracks`.
"""

import re
from collections.abc import Iterator

import msgspec


class Mistake(msgspec.Struct, frozen=True):
    """Something in a file of the notation that cannot be read.

    Attributes:
        line: counted from 1.
        column: counted from 1.
        message: what is wrong and what is allowed.
    """

    line: int
    column: int
    message: str


class NotationError(Exception):
    """Carries one `Mistake` to where they are gathered."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(message)
        self.mistake = Mistake(line, column, message)


class Word(msgspec.Struct, frozen=True):
    """A run of signs without a space, and where it stands (both counted from 1)."""

    text: str
    line: int
    column: int

    def error(self, message: str) -> NotationError:
        """A mistake at this place."""
        return NotationError(self.line, self.column, message)


class Bar(msgspec.Struct, frozen=True):
    """The words of one bar of a lane, and where it begins."""

    words: tuple[Word, ...]
    line: int
    column: int

    def error(self, message: str) -> NotationError:
        """A mistake of the bar as a whole."""
        return NotationError(self.line, self.column, message)


def words_of(text: str, line: int, column: int) -> tuple[Word, ...]:
    """The words of a text that starts at a place."""
    return tuple(Word(match[0], line, column + match.start()) for match in re.finditer(r"\S+", text))


def split_bars(text: str, line: int, column: int, before: Bar | None) -> list[Bar]:
    """The bars of a lane's line, with `%` written out.

    Args:
        text: what follows the lane's name, from the first `|` on.
        line: the line it stands on, from 1.
        column: the column of the first `|`, from 1.
        before: the lane's last bar so far.

    Raises:
        NotationError: where the last bar is not closed, a bar is blank, or `%` has no bar before it.
    """
    if not text.rstrip().endswith("|"):
        raise NotationError(line, column + len(text.rstrip()), "the last bar is not closed: end the line with |")
    bars: list[Bar] = []
    at = 1
    for inside in text.rstrip()[1:-1].split("|"):
        words = words_of(inside, line, column + at)
        place = words[0].column if words else column + at
        if not words:
            raise NotationError(line, place, "nothing between two | signs: write . for an empty bar")
        if [word.text for word in words] == ["%"]:
            previous = bars[-1] if bars else before
            if previous is None:
                raise words[0].error("% repeats the bar before, and there is none")
            words = previous.words
        bars.append(Bar(words, line, place))
        at += len(inside) + 1
    return bars


def is_empty(bar: Bar) -> bool:
    """True where a bar is written `.`."""
    return [word.text for word in bar.words] == ["."]


def content_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are neither blank nor a comment, with their numbers from 1."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line


def setting_of(line: str, number: int) -> tuple[Word, Word]:
    """The name and the value of a line `name = value`.

    Raises:
        NotationError: where it is not of that form.
    """
    name, equals, value = line.partition("=")
    if not equals or not name.strip() or not value.strip():
        column = len(line) - len(line.lstrip()) + 1
        raise NotationError(number, column, f'"{line.strip()}" cannot be read: write name = value')
    value_column = len(name) + 2 + len(value) - len(value.lstrip())
    return (
        Word(name.strip(), number, len(name) - len(name.lstrip()) + 1),
        Word(value.strip(), number, value_column),
    )
