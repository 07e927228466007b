"""Helpers that the commands of this package share: checks of what was named, telling of refusals, and an end."""

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from corpus.pieces import Refusal
from model.nn.sizes import MOST_UNITS
from song.errors import UserError
from song.limits import MAX_SEED
from song.terminal_text import inert

_MOST_DIGITS = 20


def positive(text: str) -> int:
    """An argument that is a whole number, 1 to 2**31 - 1.

    Raises:
        argparse.ArgumentTypeError: where it is not.
    """
    return _within(text, 1)


def seed(text: str) -> int:
    """An argument that is a seed, 0 to 2**31 - 1.

    Raises:
        argparse.ArgumentTypeError: where it is not.
    """
    return _within(text, 0)


def units(text: str) -> int:
    """An argument that is a number of units of a layer, 1 to `MOST_UNITS`: larger weights could not be loaded again.

    Raises:
        argparse.ArgumentTypeError: where it is not.
    """
    return _within(text, 1, MOST_UNITS)


def _within(text: str, least: int, most: int = MAX_SEED) -> int:
    # JAX and NumPy count in no more bits; of thousands of digits Python makes no number.
    value = int(text) if len(text) <= _MOST_DIGITS else most + 1
    if value < least:
        raise argparse.ArgumentTypeError(f"{text} is not {least} or more")
    if value > most:
        raise argparse.ArgumentTypeError(f"{text[:_MOST_DIGITS]} is more than {most}")
    return value


def check_paths(paths: Sequence[Path]) -> None:
    """See that files and folders are there.

    Raises:
        UserError: naming the first that is not.
    """
    for path in paths:
        if not path.exists():
            raise UserError(f"there is no file or folder {path}: check its name")


def print_refusals(console: Console, refusals: Sequence[Refusal]) -> None:
    """Name every file that was left out, and why."""
    tell = teller(console)
    for refusal in refusals:
        tell(f"left out {refusal.name}: {refusal.reason}")


def teller(console: Console) -> Callable[[str], None]:
    """A function that prints a line, as it is and inert."""
    return lambda line: console.print(inert(line), markup=False, highlight=False, soft_wrap=True)


def leave(code: int) -> None:
    """End this process at once: what libraries do at their end may wait for threads or other processes, or abort."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
