"""The command line of `dropsmith evaluate`: arguments in, tables out."""

import argparse
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from model.commands.arguments import check_paths, positive, print_refusals, seed, teller
from song.command_line import add_force
from song.errors import UserError
from song.outputs import FIGURES, Output, check_output


def add_evaluate(commands: Any) -> argparse.ArgumentParser:
    """Add the command to the subparsers of `dropsmith`, and return its parser."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "evaluate",
        usage="dropsmith evaluate [PATH ...] [options]",
        help="judge the weights on music",
        description="Print held-out nats a note for each part, beside a unigram, an interpolated 5-gram, and a 5-gram "
        "that also copies the bar 1, 2 or 4 back. "
        "Files that the weights were trained on are left out. With --benchmark, train on a public benchmark instead, "
        "and print its figures beside published ones.",
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="MIDI files and folders")
    parser.add_argument("--weights", type=Path, metavar="FILE", help="other weights than the shipped ones")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures as JSON too")
    parser.add_argument(
        "--benchmark", choices=("jsb", "nottingham"), metavar="NAME", help="jsb or nottingham; PATH is its folder"
    )
    parser.add_argument("--steps", type=positive, metavar="N", help="of --benchmark: other than its own number")
    parser.add_argument("--seed", type=seed, default=0, metavar="N", help="of --benchmark and --report (0)")
    parser.add_argument("--report", type=Path, metavar="FILE", help="measure all that docs/EVALUATION.md holds")
    parser.add_argument("--critic", action="store_true", help="of --report: the chapter on the critic")
    parser.add_argument("--measure", metavar="NAMES", help="of --report: these chapters, with commas; or none")
    parser.add_argument("--songs", type=positive, metavar="N", help="of --report: few songs of each kind, for a look")
    add_force(parser)
    parser.set_defaults(run=_evaluate)
    return parser


def _evaluate(options: argparse.Namespace) -> int:
    if options.benchmark:
        from model.commands.benchmark import run

        if options.json is not None:
            check_output(options.json, FIGURES, force=options.force)
        return run(options.benchmark, options.paths, steps=options.steps, seed=options.seed, json=options.json)

    from corpus.readers.sources import read_paths
    from model.checkpoint import SHIPPED, load_weights
    from model.evaluation.baselines import baselines_path, load_baselines
    from model.evaluation.likelihood import score_parts
    from model.nn.devices import describe_machine
    from model.training.dataset import separate_windows
    from model.training.mirrored_songs import unheard

    check_paths(options.paths)
    if options.critic:
        from model.commands.critic import evaluate as judge_critic

        return judge_critic(options)
    if options.report is not None:
        from model.commands.report import run as make_report

        return make_report(options)
    if not options.paths:
        raise UserError("name a PATH to judge by: MIDI files or folders")
    output = None
    if options.json is not None:
        check_output(options.json, FIGURES, force=options.force)
        output = Output(options.json)
    path = options.weights or SHIPPED
    weights, baselines = load_weights(path), load_baselines(baselines_path(path))
    console, errors = Console(), Console(stderr=True)
    pieces, refusals = read_paths(options.paths)
    if not pieces and len(refusals) == 1:
        raise UserError(f"{refusals[0].name}: {refusals[0].reason}")
    print_refusals(errors, refusals)
    # Half-time copies are what was played, written another way: only what was played is judged.
    pieces = [piece for piece in pieces if not piece.renotated]
    unseen = unheard(pieces, frozenset(weights.card.trained_on))
    if len(unseen) < len(pieces):
        errors.print(f"{len(pieces) - len(unseen)} pieces are left out: the weights were trained on them")
    scores = score_parts(weights.network, baselines, separate_windows(unseen))
    if not scores:
        raise UserError("there is nothing to judge by: no unseen bars with notes were found; see the reasons above")
    table = Table(title="Nats a note, held out (lower is better)")
    for column in ("part", "model", "5-gram + copying", "5-gram", "unigram", "notes", "model told density and form"):
        table.add_column(column, justify="left" if column == "part" else "right")
    for part, score in scores.items():
        figures = (score.model, score.copying, score.ngram5, score.unigram)
        table.add_row(part, *(f"{figure:.3f}" for figure in figures), str(score.notes), f"{score.model_told:.3f}")
    console.print(table)
    if output is not None:
        report: dict[str, Any] = {
            "weights": weights.digest,
            "machine": describe_machine(),
            "parts": msgspec.to_builtins(scores),
        }
        output.write(msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n", teller(errors))
    return 0
