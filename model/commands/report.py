"""`dropsmith evaluate --report`: measures what is wanted, and makes the page of all results that there are."""

import argparse
from collections.abc import Sequence

import msgspec
from rich.console import Console

from corpus.pieces import Piece
from model.commands.arguments import print_refusals, teller
from model.evaluation.report import gather_results, report_markdown, results_folder
from model.evaluation.results import save_results
from song.errors import UserError
from song.outputs import FIGURES, PAGE, Output, check_output

NOTHING = "none"


def run(options: argparse.Namespace) -> int:
    """Measure, save, write the page; returns the exit code.

    Raises:
        UserError: where something cannot be read or written, or a measurement is not known.
    """
    from model.evaluation.measurements import MEASUREMENTS, Sizes, Subject
    from model.evaluation.telling.classifiers import check_classifiers
    from model.nn.devices import keep_compiled_programs

    console = Console(stderr=True)
    names = list(MEASUREMENTS) if options.measure is None else options.measure.split(",")
    for name in names:
        if name not in (*MEASUREMENTS, NOTHING):
            raise UserError(f'--measure "{name}" is not known: use {", ".join(MEASUREMENTS)} or {NOTHING}')
    if "mirrored" in names:
        check_classifiers()  # here too: not after an hour of other measurements
    check_output(options.report, PAGE, force=options.force)
    page, tell = Output(options.report), teller(console)
    folder = results_folder(options.report)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [name for name in MEASUREMENTS if name in names]
    outputs = {}
    for name in wanted:
        path = folder / f"{name}.json"
        check_output(path, FIGURES, force=options.force)
        outputs[name] = Output(path)
    if wanted:
        keep_compiled_programs()
        sizes = Sizes() if options.songs is None else Sizes.small(options.songs)
        subject = Subject(options.weights, _pieces(options, console), sizes, options.seed)

        def on_progress(what: str, done: int, total: int) -> None:
            tell(f"{what}: {done} of {total}")

        for name in wanted:
            results = MEASUREMENTS[name](subject, on_progress)
            results = msgspec.structs.replace(results, command=_command(options, name))
            save_results(outputs[name].place(tell), results)
            # What is measured stays, whatever becomes of the rest.
            page.write(report_markdown(gather_results(folder)).encode(), tell)
    chapters = gather_results(folder)
    tell(f"{page.write(report_markdown(chapters).encode(), tell)}: {len(chapters)} chapters")
    return 0


def _pieces(options: argparse.Namespace, console: Console) -> Sequence[Piece]:
    """The real music: what was named, or the library where nothing was; with the starter set."""
    from corpus.library.store import default_library
    from corpus.library.store import pieces as library_pieces
    from corpus.readers.sources import read_paths
    from corpus.starter.pieces import starter_pieces

    if options.paths:
        pieces, refusals = read_paths(options.paths)
        print_refusals(console, refusals)
        return [*starter_pieces(), *pieces]
    return [*starter_pieces(), *library_pieces(default_library())]


def _command(options: argparse.Namespace, name: str) -> str:
    """The command that makes a chapter again, without the folders of this machine."""
    report = options.report.name if options.report.is_absolute() else options.report.as_posix()
    words = ["dropsmith evaluate", *(path.name for path in options.paths)]
    words += ["--weights", options.weights.name] if options.weights else []
    words += ["--songs", str(options.songs)] if options.songs is not None else []
    words += ["--seed", str(options.seed)] if options.seed else []
    return " ".join([*words, "--report", report, "--measure", name])
