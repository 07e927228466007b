"""TOML, in which plans and settings are written: read with a one-line error for whatever is none."""

import re
from typing import Any

from song.errors import UserError

MAX_TOML_BYTES = 1_000_000
"""The largest file of TOML that is read."""
_NAME = r"(?:(?<![\w-])[\w-]++|\"[^\"\n]*\"|'[^'\n]*')"
_LONG_NAME = re.compile(rf"{_NAME}(?:[ \t]*\.[ \t]*{_NAME}){{16,}}")
"""A name of more parts, with dots between, than are read: Python's reader takes minutes for one of thousands."""
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
"""The whole numbers that there are in TOML, inclusive; Python's reader takes any, which nothing can do with."""


def parse_toml(text: str) -> dict[str, Any]:
    """The table that a text holds.

    Raises:
        UserError: with the line where it is no TOML, nests too deeply or holds a number beyond those of TOML.
    """
    # Here and not at the top: the app starts without a plan, and mostly without settings.
    import tomllib

    if _LONG_NAME.search(text) is not None:
        raise UserError("a name has more than 16 parts with dots between: write it shorter")
    try:
        table = tomllib.loads(text)
        _check_numbers(table)
    except tomllib.TOMLDecodeError as error:
        raise UserError(str(error)) from error
    except (RecursionError, ValueError) as error:
        raise UserError("hundreds of brackets in one another, or a number of thousands of digits") from error
    return table


def _check_numbers(value: Any) -> None:
    if isinstance(value, int) and not _LOWEST <= value <= _HIGHEST:
        raise UserError("a whole number is too large: TOML has none above 9223372036854775807; write a smaller one")
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _check_numbers(one)
