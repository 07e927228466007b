"""TOML, in which plans and settings are written: read with a one-line error for whatever is none."""

from typing import Any

from song.errors import UserError

MAX_TOML_BYTES = 1_000_000
"""The largest file of TOML that is read."""


def parse_toml(text: str) -> dict[str, Any]:
    """The table that a text holds.

    Raises:
        UserError: with the line where it is no TOML, nests too deeply or holds a number of thousands of digits.
    """
    # Here and not at the top: the app starts without a plan, and mostly without settings.
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(str(error)) from error
    except (RecursionError, ValueError) as error:
        raise UserError("hundreds of brackets in one another, or a number of thousands of digits") from error
