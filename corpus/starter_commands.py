"""`dropsmith corpus starter` and `dropsmith corpus density`: a look at the starter set, and at how busy music is.

The parser that these are added to is `corpus.commands`; an error is a `song.errors.UserError` there.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_commands(subparsers: "Subparsers") -> None:
    """Add `starter` and `density`; each sets `run`, a function of the parsed options that returns an exit code."""
    density = subparsers.add_parser(
        "density",
        help="onsets a bar by part and by section kind: what density means",
        description="Measure onsets a bar of the starter set and of MIDI and LMMS files, training pieces only.",
    )
    density.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="MIDI or LMMS files, or folders of them")
    density.add_argument("--no-starter", action="store_true", help="leave the starter set out")
    density.set_defaults(run=_density)


def _density(options: argparse.Namespace) -> int:
    from corpus.density import density_table, onset_counts, section_onsets, section_table
    from corpus.sources import read_paths
    from corpus.starter_pieces import starter_pieces

    pieces, _ = read_paths(options.paths)
    pieces = [*([] if options.no_starter else starter_pieces()), *pieces]
    training = [piece for piece in pieces if piece.split == "train"]
    console = Console()
    console.print(density_table(onset_counts(training)))
    console.print(section_table(section_onsets(pieces, "dubstep"), "dubstep"))
    return 0
