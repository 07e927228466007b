"""The one error that a user is meant to read. Every package raises it; the command line and the app print it."""


class UserError(Exception):
    """Something the user can put right. Its text is one line that says what is wrong and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))
