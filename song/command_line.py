"""The argument parser of every command: a mistake is one line on stderr and exit code 2."""

import argparse
import sys
from typing import NoReturn


class OneLineParser(argparse.ArgumentParser):
    """An argument parser that says what is wrong in one line, without the usage before it."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        print(f"dropsmith: {message}; see {self.prog} --help", file=sys.stderr)
        sys.exit(2)
