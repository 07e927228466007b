"""The command lines of train and engine, and the running of every command here: arguments in, progress out."""

import argparse
import math
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from model import ablate_command, evaluate_command
from model.command_parts import check_paths, positive, print_refusals
from song.command_line import OneLineParser
from song.errors import UserError
from song.files import check_writable
from song.parts import PARTS, Part

CONTEXT_OF_CELL: dict[str, Literal["bilstm", "none"]] = {"bilstm": "bilstm", "lstm": "none"}
"""What reads the music around in the network that `--cell` names: an LSTM both ways over it, or nothing at all."""


def main(arguments: Sequence[str]) -> int:
    """Run a command; returns the exit code: 0, or 2 after a one-line error."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        code: int = options.run(options)
        return code
    except UserError as error:
        if options.debug:
            raise
        print(f"dropsmith: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("dropsmith: stopped", file=sys.stderr)
        return 130


def _parser() -> OneLineParser:
    parser = OneLineParser(prog="dropsmith")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    train = commands.add_parser(
        "train",
        usage="dropsmith train [PATH ...] --out FILE [options]",
        help="learn from the library or from MIDI folders",
        description="Learn from the library, or from what is named. A stopped run goes on.",
    )
    train.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="MIDI files, LMMS projects, folders of them")
    train.add_argument("--out", type=Path, required=True, metavar="FILE", help="NAME.safetensors, where the weights go")
    train.add_argument("--from", dest="start", metavar="FILE", help="begin with these weights, or with `shipped`")
    train.add_argument("--steps", type=positive, default=6000, metavar="N", help="optimizer steps in all (6000)")
    train.add_argument(
        "--minutes", type=float, default=math.inf, metavar="M", help="stop after so long; start again to go on"
    )
    train.add_argument("--events", type=positive, default=8192, metavar="N", help="events in a batch (8192)")
    train.add_argument("--rate", type=_rate, metavar="R", help="the highest learning rate (0.002; 0.0005 with --from)")
    train.add_argument("--hidden", type=positive, default=256, metavar="N", help="units of an LSTM layer (256)")
    train.add_argument(
        "--cell",
        choices=tuple(CONTEXT_OF_CELL),
        metavar="CELL",
        help="bilstm, which hears the other parts, or lstm (bilstm)",
    )
    train.add_argument("--seed", type=int, default=0, metavar="N", help="of weights and batches (0)")
    train.add_argument("--no-starter", action="store_true", help="leave the starter set out")
    train.add_argument("--library", type=Path, metavar="DIR", help="another library than your own")
    train.add_argument(
        "--parts", type=_parts, default=PARTS, metavar="PARTS", help="learn these alone: drums, or bass,lead (all)"
    )
    train.add_argument("--artist", default="", metavar="NAME", help="of the library, this artist's music alone")
    train.add_argument("--critic", action="store_true", help="train the critic of the weights FILE instead")
    train.set_defaults(run=_train)

    evaluate = evaluate_command.add_parser(commands)

    ablate = ablate_command.add_parser(commands)

    engine = commands.add_parser(
        "engine",
        help="serve fills on stdin and stdout",
        description="Serve fills, one JSON message a line, on stdin and stdout. The app starts this by itself.",
    )
    engine.add_argument("--weights", type=Path, metavar="FILE.safetensors", help="other weights than the shipped ones")
    engine.set_defaults(run=_engine)

    for command in (train, evaluate, ablate, engine):
        command.add_argument("--debug", action="store_true", help="show where an error comes from")
    return parser


def _rate(text: str) -> float:
    value = float(text)
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is no learning rate: give a number above 0")
    return value


def _parts(text: str) -> tuple[Part, ...]:
    names = [name.strip() for name in text.split(",")]
    known = {part.value: part for part in PARTS}
    for name in names:
        if name not in known:
            raise argparse.ArgumentTypeError(f"{name} is no part: choose from {', '.join(known)}")
    return tuple(part for part in PARTS if part.value in names)


def _engine(options: argparse.Namespace) -> int:
    from model.checkpoint import SHIPPED
    from model.engine import serve

    serve(options.weights or SHIPPED)
    return 0


def _train(options: argparse.Namespace) -> int:
    from corpus.library import default_library
    from model.baselines import fit_baselines, save_baselines
    from model.checkpoint import SHIPPED, Card, load_weights, save_weights
    from model.copy_index import build_index, index_path, join_indexes, load_index, save_index
    from model.devices import keep_compiled_programs, keep_freed_memory
    from model.evaluate import typical_nats
    from model.material import SOURCE_WEIGHTS, feels_of, forms_of, gather, separate_windows
    from model.network import NetworkConfig
    from model.selection import hold_out_enough, notes_by_source, of_parts
    from model.train import Report, TrainSettings, train
    from model.windows import cut_windows

    if options.out.suffix != ".safetensors":
        raise UserError(f"--out {options.out}: the name of weights ends in .safetensors")
    if options.critic:
        from model.critic_command import train as train_the_critic

        return train_the_critic(options)
    check_writable(options.out)
    check_paths(options.paths)
    keep_freed_memory()
    console = Console(stderr=True)
    with _progress(console, "{task.fields[note]}") as progress:
        reading = progress.add_task("reading", total=None, note="")

        def on_read(done: int, total: int) -> None:
            progress.update(reading, completed=done, total=total)

        library = options.library or (default_library() if options.artist or not options.paths else None)
        material = gather(options.paths, not options.no_starter, on_read, library, options.artist)
    print_refusals(console, material.refusals)
    if not options.paths and set(material.notes_by_source()) <= {"starter"}:
        console.print("the library is empty: put your own music into it with dropsmith corpus add PATH")

    begun, heard = None, None
    if options.start is not None:
        start = SHIPPED if options.start == "shipped" else Path(options.start)
        begun = load_weights(start)
        heard = load_index(index_path(start)) if index_path(start).exists() else None
    material = hold_out_enough(material, begun.card.trained_on if begun else ())
    windows = of_parts(list(cut_windows(material.train)), options.parts)
    held_out = of_parts(separate_windows(material.validation), options.parts)
    sources = notes_by_source(material.train, options.parts)
    console.print(
        f"{sum(sources.values())} notes in {len(windows)} windows to learn from, {len(held_out)} windows to judge by"
    )
    network = NetworkConfig(hidden=options.hidden, context=CONTEXT_OF_CELL[options.cell or "bilstm"])
    if begun is not None:
        network = begun.card.network
        if options.cell is not None and CONTEXT_OF_CELL[options.cell] != network.context:
            raise UserError(f"{options.start} is no {options.cell}: leave --cell out, or --from")
    settings = TrainSettings(
        network=network,
        train_steps=options.steps,
        events_a_batch=options.events,
        learning_rate=options.rate if options.rate is not None else 2e-3 if begun is None else 5e-4,
        # Some twenty looks at what is held out: a small folder is learned by heart soon.
        checkpoint_every=min(500, max(25, options.steps // 20 // 25 * 25)),
        seed=options.seed,
        source_weights=SOURCE_WEIGHTS,
    )
    keep_compiled_programs()
    until = time.monotonic() + options.minutes * 60
    with _progress(console, "{task.fields[note]}") as progress:
        training = progress.add_task("training", total=options.steps, note="compiling")

        def on_report(report: Report) -> None:
            note = f"loss {report.train_nats:.3f}, {report.events_a_second:.0f} events/s"
            if not console.is_terminal and report.train_step % 100 == 0:
                console.print(f"step {report.train_step}: {note}")
            if report.held_out_nats is not None:
                console.print(f"step {report.train_step}: held-out loss {report.held_out_nats:.4f} nats an event")
            progress.update(training, completed=report.train_step, note=note)

        trained, taken, held_out_nats = train(
            windows,
            held_out,
            settings,
            options.out.with_suffix(".training"),
            start_from=begun.network if begun else None,
            on_report=on_report,
            until=until,
        )
    trained.eval()
    card = Card(
        settings.network,
        train_steps=taken,
        sources=sources,
        held_out_nats=None if math.isnan(held_out_nats) else round(held_out_nats, 4),
        typical_nats={part: round(nats, 3) for part, nats in typical_nats(trained, held_out).items()},
        # What the weights begun with have heard, these have heard too.
        trained_on=tuple(sorted({*material.digests(), *(begun.card.trained_on if begun else ())})),
        # A folder of loose MIDI knows little of sections: what it does not know stays as the first weights had it.
        forms={**(begun.card.forms if begun else {}), **forms_of(windows)},
        feels={**(begun.card.feels if begun else {}), **feels_of(windows)},
    )
    save_weights(options.out, trained, card)
    baselines = options.out.with_name(f"{options.out.stem}.baselines.safetensors")
    save_baselines(baselines, fit_baselines(of_parts(separate_windows(material.train), options.parts)))
    index = build_index(material.train)
    # What the weights begun with have heard may be copied too.
    save_index(index_path(options.out), join_indexes(heard, index) if heard else index)
    judged = "nothing held out to judge by" if math.isnan(held_out_nats) else f"held-out loss {held_out_nats:.4f}"
    console.print(f"{options.out}: {taken} steps, {judged}; {len(material.refusals)} files left out, named above")
    return 0


def _progress(console: Console, note: str) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total}"),
        TimeRemainingColumn(),
        TextColumn(note),
        console=console,
        disable=not console.is_terminal,
    )
