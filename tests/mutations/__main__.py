"""The command line of the mutations."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.mutations.kinds import KINDS
from tests.mutations.run import run_in_turn, run_kind, tell_outcome


def main() -> int:
    """Run kinds for some minutes, or so many inputs of each; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description="Random mutations of every input.")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--only", choices=KINDS, action="append", help="this kind alone; may be given again")
    parser.add_argument("--seed", type=int, default=0, help="of the first input of each kind")
    parser.add_argument("--count", type=int, help="try so many of each kind, however long it takes")
    parser.add_argument("--scratch", type=Path, help="a folder to work in")
    options = parser.parse_args()
    scratch = options.scratch or Path(tempfile.mkdtemp(prefix="mutations-"))
    names = options.only or list(KINDS)
    if options.count is None:
        return 0 if run_in_turn(names, options.minutes, options.seed, scratch) else 1
    good = True
    for name in names:
        outcome = run_kind(name, scratch / name, first=options.seed, count=options.count)
        good &= tell_outcome(name, outcome)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
