"""What the commands of this package share: checks of what was named, and how refusals are told."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from corpus.pieces import Refusal
from song.errors import UserError


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
        console.print(f"left out {refusal.name}: {refusal.reason}", markup=False, highlight=False, soft_wrap=True)
