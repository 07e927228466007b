"""`dropsmith ablate`: trains networks that lack a part each, and writes what the parts are worth."""

import argparse
from pathlib import Path
from typing import Any

from rich.console import Console

from model.commands.arguments import check_paths, positive, print_refusals, teller, units
from song.command_line import add_force
from song.errors import UserError
from song.outputs import FIGURES, Output, check_output


def add_ablate(commands: Any) -> argparse.ArgumentParser:
    """Add the command to the subparsers of `dropsmith`, and return its parser."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "ablate",
        help="measure what each part of the network is worth",
        description="Train the network whole and with a part left out each time, with one budget and several seeds, "
        "and write a chapter of the evaluation. A stopped study goes on when started again.",
    )
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="MIDI files, LMMS projects, folders of them"
    )
    parser.add_argument("--folder", type=Path, required=True, metavar="DIR", help="where the study lies while it runs")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.json", help="the chapter, docs/evaluation/...")
    parser.add_argument("--steps", type=positive, default=800, metavar="N", help="optimizer steps a network (800)")
    parser.add_argument("--events", type=positive, default=8192, metavar="N", help="events in a batch (8192)")
    parser.add_argument("--hidden", type=units, default=256, metavar="N", help="units of an LSTM layer (256)")
    parser.add_argument("--seeds", type=positive, default=3, metavar="N", help="networks of each kind (3)")
    parser.add_argument(
        "--only",
        action="append",
        metavar="NETWORK",
        help="train this network alone, by its name in the chapter; may be given again",
    )
    add_force(parser)
    parser.set_defaults(run=_ablate)
    return parser


def _ablate(options: argparse.Namespace) -> int:
    from model.evaluation.ablation import VARIANTS, run_study, study_results
    from model.evaluation.results import save_results
    from model.network import NetworkConfig
    from model.nn.devices import keep_compiled_programs
    from model.training.dataset import SOURCE_WEIGHTS, gather, separate_windows
    from model.training.settings import TrainSettings
    from model.training.windows import cut_windows

    check_paths(options.paths)
    names = [variant.name for variant in VARIANTS]
    for name in options.only or ():
        if name not in names:
            raise UserError(f"--only {name}: the networks are {', '.join(names)}")
    check_output(options.out, FIGURES, force=options.force)
    output = Output(options.out)
    options.folder.mkdir(parents=True, exist_ok=True)
    console = Console(stderr=True)
    dataset = gather(options.paths)
    print_refusals(console, dataset.refusals)
    # Half-time copies are what was played, written another way: only what was played is judged.
    held_out = separate_windows([piece for piece in dataset.validation if not piece.renotated])
    if not held_out:
        raise UserError("nothing is held out to judge by: name more music")
    settings = TrainSettings(
        network=NetworkConfig(hidden=options.hidden),
        train_steps=options.steps,
        events_a_batch=options.events,
        source_weights=SOURCE_WEIGHTS,
        checkpoint_every=max(options.steps // 4, 1),
    )
    keep_compiled_programs()
    study = run_study(
        list(cut_windows(dataset.train)),
        held_out,
        settings,
        options.seeds,
        options.folder,
        lambda score: console.print(f"{score.variant}, seed {score.seed}: {score.hidden}", highlight=False),
        [variant for variant in VARIANTS if variant.name in (options.only or names)],
    )
    folder, out = (path.name if path.is_absolute() else path.as_posix() for path in (options.folder, options.out))
    command = (
        f"dropsmith ablate {' '.join(path.name for path in options.paths)} --folder {folder} "
        f"--out {out} --steps {options.steps} --events {options.events} --hidden {options.hidden} "
        f"--seeds {options.seeds}"
    )
    tell = teller(console)
    written = output.place(tell)
    save_results(written, study_results(study, command))
    tell(f"{written}: {len(study.scores)} networks")
    return 0
