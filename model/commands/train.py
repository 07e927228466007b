"""`dropsmith train`: music in, weights, baselines and copy index out. Training itself is `model.training.train`'s."""

import argparse
import math
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from model.commands.arguments import check_paths, leave, positive, print_refusals, seed, teller, units
from model.training.machines import MEET_SECONDS, SILENCE_SECONDS, Machines, parse_place
from song.command_line import add_force
from song.errors import UserError, in_one_line
from song.outputs import CARD, WEIGHTS, Output, check_output
from song.parts import PARTS, Part
from song.terminal_text import say, say_error

if TYPE_CHECKING:
    from model.checkpoint import Weights
    from model.training.dataset import Dataset
    from model.training.settings import TrainSettings
    from model.training.train import TrainResult
    from model.training.windows import Window

_LAST_WORDS_SECONDS = 5.0
CONTEXT_OF_CELL: dict[str, Literal["bilstm", "none"]] = {"bilstm": "bilstm", "lstm": "none"}
"""Reader of the music around in the network that `--cell` names: an LSTM both ways over it, or none at all."""


def add_train(commands: Any) -> argparse.ArgumentParser:
    """Add the command to a parser's commands."""
    train: argparse.ArgumentParser = commands.add_parser(
        "train",
        usage="dropsmith train [PATH ...] --out FILE [options]",
        help="learn from the library or from MIDI folders",
    )
    train.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="MIDI, LMMS projects, folders of them (the library)"
    )
    train.add_argument("--out", type=Path, required=True, metavar="FILE", help="NAME.safetensors, where the weights go")
    train.add_argument("--from", dest="start", metavar="FILE", help="begin with these weights, or with `shipped`")
    train.add_argument("--steps", type=positive, default=6000, metavar="N", help="optimizer steps in all (6000)")
    train.add_argument(
        "--minutes", type=float, default=math.inf, metavar="M", help="stop after so long; start again to go on"
    )
    train.add_argument("--events", type=positive, default=8192, metavar="N", help="events in a batch (8192)")
    train.add_argument("--rate", type=_rate, metavar="R", help="the highest learning rate (0.002; 0.0005 with --from)")
    train.add_argument("--hidden", type=units, default=256, metavar="N", help="units of an LSTM layer (256)")
    train.add_argument(
        "--cell",
        choices=tuple(CONTEXT_OF_CELL),
        metavar="CELL",
        help="bilstm, which hears the other parts, or lstm (bilstm)",
    )
    train.add_argument("--seed", type=seed, default=0, metavar="N", help="of weights and batches (0)")
    train.add_argument("--no-starter", action="store_true", help="leave the starter set out")
    train.add_argument("--library", type=Path, metavar="DIR", help="another library than your own")
    train.add_argument(
        "--parts", type=_parts, default=PARTS, metavar="PARTS", help="learn these alone: drums, or bass,lead (all)"
    )
    train.add_argument("--artist", default="", metavar="NAME", help="of the library, this artist's music alone")
    train.add_argument("--critic", action="store_true", help="train the critic of the weights FILE instead")
    train.add_argument(
        "--join", nargs=2, metavar=("HOST:PORT", "N/M"), help="train as machine N of M; HOST is the first's"
    )
    add_force(train)
    train.set_defaults(run=_train)
    return train


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


class _Task(NamedTuple):
    """Music to learn from, music to judge by, and the weights begun with."""

    dataset: "Dataset"
    windows: "Sequence[Window]"
    held_out: "Sequence[Window]"
    begun: "Weights | None"


def _train(options: argparse.Namespace) -> int:
    if options.out.suffix != ".safetensors":
        raise UserError(f"--out {options.out}: the name of weights ends in .safetensors")
    if options.critic:
        if options.join is not None:
            raise UserError("--critic trains on one machine alone: leave --join out")
        from model.commands.critic import train as train_the_critic

        return train_the_critic(options)

    from model.nn.devices import keep_freed_memory, use_every_core

    keep_freed_memory()
    use_every_core()
    place = parse_place(*options.join) if options.join is not None else None
    folder: Path = options.out.with_suffix(".training")
    if place is None or place.number == 0:
        _check_out(options.out, folder, force=options.force)
    output = Output(options.out, _files_of)
    check_paths(options.paths)
    if place is None:
        return _run(options, folder, output)
    others = f"{place.count - 1} other machines" if place.number == 0 else f"the first of {place.count} machines"
    say(f"waiting for {others} at {place.host}:{place.port}, {MEET_SECONDS:g} s at most", sys.stderr)
    return _run_joined(options, folder, output, Machines.meet(place, _to_agree_on(options)))


def _run_joined(options: argparse.Namespace, folder: Path, output: Output, machines: Machines) -> int:
    """Train with other machines: an error of one ends all, with one line; jaxlib would wait or abort as it ends."""
    from model.nn import data_parallel

    def on_end(line: str) -> None:
        Console(stderr=True).show_cursor(True)
        say_error(line)
        leave(2)

    def give_up(reason: str, patience: float = 0.0) -> None:
        if machines.end(reason, patience):
            on_end(reason)
        # Another ended first: the thread that heard it is about to say so and to end this process.
        time.sleep(_LAST_WORDS_SECONDS)
        leave(2)

    machines.watch(on_end)
    mine = f"machine {machines.place.number + 1} of {machines.place.count}"
    try:
        data_parallel.join(machines.coordinator, machines.place.number, machines.place.count)
        code = _run(options, folder, output, machines)
    except UserError as error:
        if options.debug:
            traceback.print_exc()
        give_up(str(error))
    except KeyboardInterrupt:
        give_up(f"{mine} was stopped by hand: start all machines again as before to go on")
    # JAX raises one of these where another process is gone; then it is that which has to be told.
    except Exception as error:
        if options.debug:
            traceback.print_exc()
        give_up(f"{mine} broke down: {in_one_line(error)}", SILENCE_SECONDS)
    machines.close()
    return code


def _to_agree_on(options: argparse.Namespace) -> dict[str, str]:
    """Texts that machines which train together have to have in common, by what the user calls them."""
    versions = {f"{name} version": _version_of(name) for name in ("dropsmith", "jax", "jaxlib")}
    texts = {f"--{name}": str(getattr(options, name) or "left out") for name in ("rate", "hidden", "cell", "artist")}
    texts |= {f"--{name}": str(getattr(options, name)) for name in ("steps", "events", "seed")}
    starter = "left out" if options.no_starter else "with it"
    return versions | texts | {"--parts": ",".join(options.parts), "the starter set": starter}


def _version_of(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "source"


def _run(options: argparse.Namespace, folder: Path, output: Output, machines: Machines | None = None) -> int:
    from model.nn.devices import keep_compiled_programs
    from model.training.checkpoints import mark_finished
    from model.training.train import Report, train

    console = Console(stderr=True)
    tell = teller(console)
    task = _gather(options, console)
    settings = _settings(options, task)
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

        trained = train(
            task.windows,
            task.held_out,
            settings,
            folder,
            start_from=task.begun.network if task.begun else None,
            on_report=on_report,
            tell=tell,
            on_saved=machines.keep if machines is not None else lambda step: None,
            until=until,
        )
    if machines is not None and machines.place.number:
        console.print(f"{trained.train_steps} steps; the first machine writes the weights")
        return 0
    written = _write(options, task, trained, settings, lambda: output.place(tell))
    if trained.train_steps == settings.train_steps:
        mark_finished(folder)
    judged = "nothing held out to judge by"
    if not math.isnan(trained.held_out_nats):
        judged = f"held-out loss {trained.held_out_nats:.4f}, the best of the run, of step {trained.best_step}"
    left_out = len(task.dataset.refusals)
    tell(f"{written}: {trained.train_steps} steps, {judged}; {left_out} files left out, named above")
    return 0


def _files_of(weights: Path) -> tuple[Path, ...]:
    """All that is written for weights: themselves, their card, the baselines and the copy index."""
    from model.evaluation.baselines import baselines_path
    from model.originality.copy_index import index_path

    return weights, weights.with_suffix(".json"), baselines_path(weights), index_path(weights)


def _check_out(out: Path, folder: Path, *, force: bool) -> None:
    """See that there is something left to train, and that it can be written.

    Raises:
        UserError: where it is not so.
    """
    from model.training.checkpoints import read_record

    record = read_record(folder)
    # A run that goes on writes over what it has written itself.
    force = force or record is not None
    for path in _files_of(out):
        check_output(path, CARD if path.suffix == ".json" else WEIGHTS, force=force)
    if record is not None and record.finished and out.exists():
        raise UserError(
            f"{out} is finished ({record.settings.train_steps} steps): choose another --out, or delete the folder "
            f"{folder} to train it anew"
        )


def _gather(options: argparse.Namespace, console: Console) -> _Task:
    from corpus.library.store import default_library
    from model.checkpoint import SHIPPED, load_weights
    from model.training.dataset import gather, separate_windows
    from model.training.hold_out import hold_out_enough, notes_by_source, of_parts, own_first
    from model.training.windows import cut_windows

    with _progress(console, "{task.fields[note]}") as progress:
        reading = progress.add_task("reading", total=None, note="")

        def on_read(done: int, total: int) -> None:
            progress.update(reading, completed=done, total=total)

        library = options.library or (default_library() if options.artist or not options.paths else None)
        dataset = gather(options.paths, not options.no_starter, on_read, library, options.artist)
    print_refusals(console, dataset.refusals)
    if not options.paths and set(dataset.notes_by_source()) <= {"starter"}:
        console.print("the library is empty: put your own music into it with dropsmith corpus add PATH")
    begun = None
    if options.start is not None:
        begun = load_weights(SHIPPED if options.start == "shipped" else Path(options.start))
    dataset = hold_out_enough(dataset, begun.card.trained_on if begun else ())
    windows = of_parts(list(cut_windows(dataset.train)), options.parts)
    held_out = of_parts(separate_windows(dataset.validation), options.parts)
    if begun is not None:
        held_out = own_first(held_out)
    notes = sum(notes_by_source(dataset.train, options.parts).values())
    console.print(f"{notes} notes in {len(windows)} windows to learn from, {len(held_out)} windows to judge by")
    return _Task(dataset, windows, held_out, begun)


def _settings(options: argparse.Namespace, task: _Task) -> "TrainSettings":
    from model.network import NetworkConfig
    from model.training.dataset import SOURCE_WEIGHTS
    from model.training.hold_out import starter_half
    from model.training.settings import TrainSettings

    begun, source_weights = task.begun, SOURCE_WEIGHTS
    network = NetworkConfig(hidden=options.hidden, context=CONTEXT_OF_CELL[options.cell or "bilstm"])
    if begun is not None:
        network = begun.card.network
        if options.cell is not None and CONTEXT_OF_CELL[options.cell] != network.context:
            raise UserError(f"{options.start} is no {options.cell}: leave --cell out, or --from")
        source_weights = starter_half(task.windows)
    return TrainSettings(
        network=network,
        train_steps=options.steps,
        events_a_batch=options.events,
        learning_rate=options.rate if options.rate is not None else 2e-3 if begun is None else 5e-4,
        # Some twenty looks at what is held out: a small folder is learned by heart soon.
        checkpoint_every=min(500, max(25, options.steps // 20 // 25 * 25)),
        seed=options.seed,
        source_weights=source_weights,
    )


def _write(
    options: argparse.Namespace,
    task: _Task,
    trained: "TrainResult",
    settings: "TrainSettings",
    place: Callable[[], Path],
) -> Path:
    """Write the weights with their card, the baselines and the copy index, where there is a place for all; returned."""
    from model.checkpoint import SHIPPED, Card, save_weights
    from model.evaluation.baselines import baselines_path, fit_baselines, save_baselines
    from model.evaluation.likelihood import typical_nats
    from model.nn.devices import describe_machine
    from model.originality.copy_index import build_index, index_path, join_indexes, load_index, save_index
    from model.training.dataset import drum_prior_of, feels_of, forms_of, kicks_of, separate_windows
    from model.training.hold_out import notes_by_source, of_parts
    from model.writing.drum_feel import join_counts

    trained.network.eval()
    begun, dataset = task.begun, task.dataset
    separate = of_parts(separate_windows(dataset.train), options.parts)
    card = Card(
        trained.network.config,
        train_steps=trained.best_step,
        sources=notes_by_source(dataset.train, options.parts),
        held_out_nats=None if math.isnan(trained.held_out_nats) else round(trained.held_out_nats, 4),
        typical_nats={part: round(nats, 3) for part, nats in typical_nats(trained.network, task.held_out).items()},
        # What the weights begun with have heard, these have heard too.
        trained_on=tuple(sorted({*dataset.digests(), *(begun.card.trained_on if begun else ())})),
        # A folder of loose MIDI knows little of sections: what it does not know stays as the first weights had it.
        forms={**(begun.card.forms if begun else {}), **forms_of(task.windows)},
        feels=join_counts(begun.card.feels if begun else {}, feels_of(separate), sum),
        kicks=join_counts(begun.card.kicks if begun else {}, kicks_of(separate), max),
        drum_prior=drum_prior_of(task.windows, settings.source_weights, begun.card.drum_prior if begun else None),
        machine=describe_machine(),
    )
    baselines, index = fit_baselines(separate), build_index(dataset.train)
    start = index_path(SHIPPED if options.start == "shipped" else Path(options.start)) if options.start else None
    if start is not None and start.exists():
        # What the weights begun with have heard may be copied too.
        index = join_indexes(load_index(start), index)
    out = place()
    save_weights(out, trained.network, card)
    save_baselines(baselines_path(out), baselines)
    save_index(index_path(out), index)
    return out


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
