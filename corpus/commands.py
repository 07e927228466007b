"""`dropsmith corpus ...`: arguments in, the library's answers out. `tui.cli`, which calls it, prints its errors."""

import argparse
import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from corpus.pieces import Refusal
from song.command_line import OneLineParser, add_force
from song.errors import UserError
from song.terminal_text import inert, say
from song.text_width import tabulate

SHOWN_REASONS = 12


def main(arguments: Sequence[str]) -> int:
    """Run a command; returns the exit code: 0.

    Raises:
        UserError: one line that says what is wrong and what to do.
        BrokenPipeError: where whoever read the lines, such as head, has seen enough.
    """
    options = _parser().parse_args(arguments)
    code: int = options.run(options)
    return code


def _parser() -> argparse.ArgumentParser:
    from corpus.starter.commands import add_commands

    parser: argparse.ArgumentParser = OneLineParser(
        prog="dropsmith corpus",
        description="The music that the model learns from: your own in the library, and the hand-written starter set.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    add = commands.add_parser(
        "add",
        help="take MIDI files, LMMS projects and folders of them into the library",
        description="Take music into the library. What did not change is left alone; stopped, it goes on where it was.",
    )
    add.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="files, folders, or music21:NAME such as music21:bach"
    )
    add.add_argument(
        "--style", metavar="NAME", help="its style where nothing tells it: dubstep, or any name of your own"
    )
    add.add_argument("--artist", metavar="NAME", help="whose music it is, for train --artist")
    add.add_argument(
        "--again", action="store_true", help="read anew what did not change; without PATH, the whole library"
    )
    add.set_defaults(run=_add)

    listed = commands.add_parser("list", help="what is in the library, a line a collection")
    listed.set_defaults(run=_list)

    remove = commands.add_parser("remove", help="take files out of the library; the files themselves stay")
    remove.add_argument(
        "names", nargs="+", metavar="PATH|NAME", help="a file, a folder, or a collection as list names it"
    )
    remove.set_defaults(run=_remove)

    doctor = commands.add_parser("doctor", help="what came of every file, and why some gave nothing")
    doctor.add_argument("names", nargs="*", metavar="PATH|NAME", help="these files, folders or collections alone")
    doctor.add_argument("--trouble", action="store_true", help="only what was not taken whole")
    doctor.set_defaults(run=_doctor)

    report = commands.add_parser(
        "report", help="a page of counts: by part, style and section kind, and what was refused"
    )
    report.add_argument("--out", type=Path, metavar="FILE.md", help="write it there instead of printing it")
    add_force(report)
    report.set_defaults(run=_report)

    for command in (add, listed, remove, doctor, report):
        command.add_argument("--library", type=Path, metavar="DIR", help="another library than your own")
        command.add_argument("--debug", action="store_true", help="show where an error comes from")
    add_commands(commands)
    return parser


def _folder(options: argparse.Namespace) -> Path:
    from corpus.library.store import default_library

    folder: Path = options.library or default_library()
    return folder


def _add(options: argparse.Namespace) -> int:
    from corpus.library.intake import IntakeOptions, IntakeResult, RecordChange, add

    if not options.paths and not options.again:
        raise UserError("corpus add needs a PATH, or --again for the whole library; see dropsmith corpus add --help")
    wish = IntakeOptions(_style(options.style), options.artist, options.again)
    folder = _folder(options)
    changes: Counter[RecordChange] = Counter()
    pieces = refused = partly = 0
    trouble: list[Refusal] = []
    console = Console(stderr=True)
    started = time.monotonic()
    columns = (TextColumn("reading"), BarColumn(), TextColumn("{task.completed:.0f}/{task.total} files"))
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as progress:
        reading = progress.add_task("reading", total=None)

        def on_taken(taken: IntakeResult, total: int) -> None:
            nonlocal pieces, refused, partly
            progress.update(reading, advance=1, total=total)
            changes[taken.change] += 1
            pieces += taken.pieces
            refused += not taken.pieces
            partly += bool(taken.pieces and taken.reason)
            if not taken.pieces and taken.change is not RecordChange.SAME:
                trouble.append(Refusal(taken.name, taken.reason))

        missing = add(folder, options.paths, wish, on_taken)
    told = ", ".join(f"{changes[change]} {change.value}" for change in RecordChange)
    # At once: whether head reads on must not decide how this ends.
    lines = [
        *_own_styles(wish.style),
        *_reasons([*missing, *trouble]),
        f"{changes.total()} files in {time.monotonic() - started:.1f} s: {told}",
        f"{pieces} pieces of music; {refused} files refused, {partly} partly used: corpus doctor --trouble says why",
    ]
    say("\n".join(map(inert, lines)))
    if not pieces:
        raise UserError("nothing to learn from was found; see the reasons above and dropsmith corpus doctor")
    return 0


def _style(text: str | None) -> dict[str, float] | None:
    """The shares of styles that a name means: those that weights know, else a style of the user's own."""
    from corpus.analysis.styles import is_known_tag, style_of_tag
    from song.styles import own_style

    if text is None:
        return None
    return style_of_tag(text) if is_known_tag(text) else {own_style(text): 1.0}


def _own_styles(style: Mapping[str, float] | None) -> Iterator[str]:
    """A line on each style that no weights know."""
    from song.styles import STYLES

    for name in style or {}:
        if name not in STYLES:
            yield (
                f'"{name}" is a style of your own: corpus list names it; weights know only {", ".join(STYLES)}, '
                "so training takes its music for music of no known style"
            )


def _reasons(refusals: Sequence[Refusal]) -> Iterator[str]:
    for refusal in refusals[:SHOWN_REASONS]:
        yield f"left out {refusal.name}: {refusal.reason}"
    if len(refusals) > SHOWN_REASONS:
        yield f"… and {len(refusals) - SHOWN_REASONS} more: see dropsmith corpus doctor --trouble"


def _list(options: argparse.Namespace) -> int:
    from corpus.library.store import entries
    from corpus.library.tally import Tally

    tally = Tally()
    tally.add_entries(entries(_folder(options)))
    _check_any(tally.collections)
    rows = []
    for source, one in sorted(tally.collections.items()):
        names = [", ".join(sorted(found)) for found in (one.styles, one.artists, one.folders)]
        figures = (one.files.total(), one.files["refused"], one.pieces, one.bars, one.held_out_bars)
        rows.append([source, *map(str, figures), *names])
    heading = ("collection", "files", "refused", "pieces", "bars", "held out", "styles", "artist", "from")
    say("\n".join(tabulate(heading, rows)))
    return 0


def _check_any(found: Collection[object]) -> None:
    if not found:
        raise UserError("the library is empty: put music into it with dropsmith corpus add PATH")


def _remove(options: argparse.Namespace) -> int:
    from corpus.library.store import remove

    for name, count in remove(_folder(options), options.names).items():
        say(f"{name}: {count} files taken out")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from corpus.library.account_text import describe, verdict
    from corpus.library.store import entries, is_named

    counts: Counter[str] = Counter()
    for entry in entries(_folder(options)):
        if options.names and not any(is_named(entry.account.origin, name) for name in options.names):
            continue
        became = verdict(entry)
        counts[became] += 1
        if not options.trouble or became != "taken":
            say("\n".join(describe(entry)))
    if not counts:
        _check_any(options.names)
        names = " or ".join(f'"{name}"' for name in options.names)
        raise UserError(f"nothing in the library is called {names}: see dropsmith corpus list")
    say(f"{counts.total()} files: {', '.join(f'{count} {became}' for became, count in counts.most_common())}")
    return 0


def _report(options: argparse.Namespace) -> int:
    from corpus.analysis.repeats import repeat_statistics
    from corpus.library.report import report, starter_variety
    from corpus.library.store import entries, pieces
    from corpus.library.tally import Tally
    from corpus.starter.pieces import starter_pieces
    from song.files import write_atomically
    from song.outputs import PAGE, check_output

    if options.out is not None:
        check_output(options.out, PAGE, force=options.force)
    tally, folder, starter = Tally(), _folder(options), starter_pieces()
    tally.add_entries(entries(folder))
    tally.add_pieces(starter)
    learned = chain(pieces(folder, "train"), (piece for piece in starter if piece.split == "train"))
    page = report(tally, repeat_statistics(learned), *starter_variety())
    if options.out is None:
        say(page.removesuffix("\n"))
    else:
        write_atomically(options.out, page.encode())
    return 0
