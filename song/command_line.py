"""Parts of every command: the argument parser, by which a mistake is one line on stderr and exit code 2; memory."""

import argparse
import gc
import sys
from typing import NoReturn

from song.terminal_text import say_error

_OBJECTS_BETWEEN_COLLECTIONS = 20_000


def add_force(parser: argparse.ArgumentParser) -> None:
    """Add the option that lets a command write over files of its kind; `song.outputs` holds to it."""
    parser.add_argument("--force", action="store_true", help="write over files that are there")


class OneLineParser(argparse.ArgumentParser):
    """An argument parser that says what is wrong in one line, without the usage before it."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        say_error(f"{message}; see {self.prog} --help")
        sys.exit(2)


def collect_seldom() -> None:
    """Let this process look for garbage seldom: of what a command imports, reads and compiles nearly all stays.

    At Python's own pace a sixth of the processor time of a short command goes into looking through it.
    """
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
