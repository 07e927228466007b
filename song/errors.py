"""The one error that a user is meant to read, and words for all others. Every package raises it; the command line and
the app print it.
"""

_MOST_LETTERS = 1000
_LAST_LETTERS = 300
_MOST_WORDS = 300


def readable_line(message: str) -> str:
    """A message as one line; of one too long to be read the middle is left out. Files may hold names of any length."""
    line = " ".join(message.split())
    return (
        line if len(line) <= _MOST_LETTERS else f"{line[: _MOST_LETTERS - _LAST_LETTERS]} ... {line[-_LAST_LETTERS:]}"
    )


class UserError(Exception):
    """Something the user can put right. Its text is one line that says what is wrong and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(readable_line(message))


def in_one_line(error: BaseException) -> str:
    """An error of any kind in one line: its kind, and its text as far as that can be read at once."""
    text = " ".join(str(error).split())[:_MOST_WORDS]
    return str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {text}" if text else repr(error)
