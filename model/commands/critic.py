"""The command lines `dropsmith train --critic` and `dropsmith evaluate --critic`: arguments in, progress out."""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from corpus.pieces import Piece
from model.commands.arguments import check_paths, print_refusals, teller
from song.errors import UserError
from song.outputs import FIGURES, PAGE, WEIGHTS, Output, check_output

MOST_PIECES = 1000
"""Pieces of each source that the critic learns from, at most."""
MOST_WRITTEN = 70
"""Stretches of each source under whose plans takes are written for it, at most."""
TAKES = 4
"""Takes of each of their cells."""
MOST_HELD_OUT = 40
"""Unheard pieces of each source that it is judged on, at most."""


def train(options: argparse.Namespace) -> int:
    """Train the critic of the weights `--out` and write it beside them; returns the exit code.

    Raises:
        UserError: where something cannot be read or written, or there is nothing to learn from.
    """
    from corpus.library.store import default_library
    from model.checkpoint import load_weights
    from model.critic.judge import CriticCard, critic_path, save_critic
    from model.nn.devices import keep_compiled_programs, keep_freed_memory
    from model.originality.copy_meter import load_meter
    from model.training.critic_examples import generated_examples, mirror_pieces, real_examples, written_of
    from model.training.critic_train import CriticSettings, train_critic
    from model.training.critic_weighing import weigh
    from model.training.dataset import gather
    from model.training.mirrored_songs import choose
    from model.writing.fill import Filler

    check_paths(options.paths)
    path = critic_path(options.out)
    check_output(path, WEIGHTS, force=options.force)
    output = Output(path)
    weights = load_weights(options.out)
    console = Console(stderr=True)
    library = options.library or (default_library() if options.artist or not options.paths else None)
    dataset = gather(options.paths, not options.no_starter, None, library, options.artist)
    print_refusals(console, dataset.refusals)
    keep_freed_memory()
    keep_compiled_programs()
    mirrored = list(mirror_pieces(choose(dataset.train, MOST_PIECES, options.seed)))
    real = [example for one in mirrored for example in real_examples(one)]
    filler = Filler(weights, load_meter(options.out))
    generated = []
    written = written_of(mirrored, MOST_WRITTEN, options.seed)
    for number, one in enumerate(written):
        if number % 50 == 0:
            console.print(f"writing takes: {number} of {len(written)} stretches")
        # Half of the takes among real parts, so that what is beside a take does not tell that it was generated.
        for _, _, heard in generated_examples(filler, one, number, TAKES, among_real=number // 4 % 2 == 0):
            generated += heard
    settings = CriticSettings(seed=options.seed)
    console.print(f"{len(real)} real cells and {len(generated)} takes to learn from")
    network, taken = train_critic(
        [*real, *generated],
        settings,
        on_report=lambda train_step, loss: console.print(f"step {train_step}: loss {loss:.3f}"),
        until=time.monotonic() + options.minutes * 60,
    )
    card = CriticCard(settings.critic, weights.digest, taken, len(real), len(generated))
    weighing, tell = weigh([*real, *generated]), teller(console)
    path = output.place(tell)
    save_critic(path, network, card, weighing)
    tell(f"{path}: {taken} steps")
    return 0


def evaluate(options: argparse.Namespace) -> int:
    """Judge the critic on unheard songs, and write its chapter of the report; returns the exit code.

    Raises:
        UserError: where something cannot be read or written, or there is no critic.
    """
    from model.checkpoint import SHIPPED, load_weights
    from model.critic.judge import critic_path, load_critic
    from model.evaluation.critic import measure_critic
    from model.evaluation.critic_chapter import critic_results
    from model.evaluation.report import gather_results, report_markdown, results_folder
    from model.evaluation.results import save_results
    from model.nn.devices import keep_compiled_programs
    from model.training.mirrored_songs import choose, unheard
    from model.writing.fill import Filler

    if options.report is None:
        raise UserError("name the report whose chapter is to be written: --critic --report docs/EVALUATION.md")
    check_output(options.report, PAGE, force=options.force)
    folder = results_folder(options.report)
    folder.mkdir(parents=True, exist_ok=True)
    check_output(folder / "critic.json", FIGURES, force=options.force)
    page, chapter = Output(options.report), Output(folder / "critic.json")
    path = options.weights or SHIPPED
    weights, critic = load_weights(path), load_critic(path)
    if critic is None:
        raise UserError(f"there is no critic {critic_path(path)}: train one with `dropsmith train --critic`")
    keep_compiled_programs()
    console = Console(stderr=True)
    pieces = unheard(_pieces(options.paths, console), frozenset(weights.card.trained_on))
    chosen = choose(pieces, options.songs or MOST_HELD_OUT, options.seed)
    found = measure_critic(
        critic,
        Filler(weights, critic=critic),
        weights.card.typical_nats,
        chosen,
        options.seed,
        on_progress=lambda done, total: console.print(f"critic: {done} of {total} songs"),
    )
    results = critic_results(found, critic.card, _command(options), weights.digest)
    tell = teller(console)
    save_results(chapter.place(tell), results)
    page.write(report_markdown(gather_results(folder)).encode(), tell)
    for table in results.tables:
        console.print(f"{table.title}: {len(table.rows)} rows", markup=False, highlight=False)
    return 0


def _pieces(paths: Sequence[Path], console: Console) -> list[Piece]:
    """The real music: what was named, or the library where nothing was; with the starter set."""
    from corpus.library.store import default_library
    from corpus.library.store import pieces as library_pieces
    from corpus.readers.sources import read_paths
    from corpus.starter.pieces import starter_pieces

    if not paths:
        return [*starter_pieces(), *library_pieces(default_library())]
    pieces, refusals = read_paths(paths)
    print_refusals(console, refusals)
    return [*starter_pieces(), *pieces]


def _command(options: argparse.Namespace) -> str:
    """The command that makes the chapter again, without the folders of this machine."""
    words = ["dropsmith evaluate --critic", *(path.name for path in options.paths)]
    words += ["--weights", options.weights.name] if options.weights else []
    words += ["--songs", str(options.songs)] if options.songs is not None else []
    words += ["--seed", str(options.seed)] if options.seed else []
    report = options.report.name if options.report.is_absolute() else options.report.as_posix()
    return " ".join([*words, "--report", report])
