"""Helpers that the commands of this package share: checks of what was named, telling of refusals, and an end."""

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from corpus.pieces import Refusal
from song.errors import UserError
from song.terminal_text import inert


def positive(text: str) -> int:
    """An argument that is a whole number from 1 on.

    Raises:
        argparse.ArgumentTypeError: where it is not.
    """
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
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
    for refusal in refusals:
        console.print(
            inert(f"left out {refusal.name}: {refusal.reason}"), markup=False, highlight=False, soft_wrap=True
        )


def leave(code: int) -> None:
    """End this process at once: what libraries do at their end may wait for threads or other processes, or abort."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
