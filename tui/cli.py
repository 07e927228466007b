"""The `dropsmith` command: its arguments, and handing on to the app, the composer, the corpus or the model."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from song.arrangements import ARRANGEMENTS
from song.command_line import OneLineParser, add_force, collect_seldom
from song.errors import UserError
from song.export.formats import DEFAULT_FORMAT, chosen_formats, formats_text, kind_of, read_keys, write_song
from song.files import MUSIC_SUFFIXES, SONG_SUFFIX
from song.layout import draw_layout
from song.limits import MAX_SEED, MAX_TAKES
from song.outputs import FIGURES, SONG_FILE, Output, check_apart, check_output
from song.plan import load_plan
from song.seeds import fresh_seed
from song.store import save_song
from song.terminal_text import end_quietly, inert, say, say_error
from song.variation import KEPT_SHARE
from tui.files.paths import patch_folder
from tui.shutdown import is_served

if TYPE_CHECKING:
    from tui.files.locks import FileLock
    from tui.settings import Settings

HELP = """\
usage: dropsmith [SONG.drop]          open the app, on a song or a new track
       dropsmith open FILE            open MIDI, or a project of FL Studio, LMMS
                                      or DAWproject; --quantize and
                                      --tracks "Vox=lead,3=none" say how
       dropsmith --plain [SONG.drop]  the app without a screen, in lines of text
       dropsmith serve [SONG.drop]    the app in a browser on this machine
       dropsmith compose [PLAN.toml]  compose a whole track without the app
       dropsmith render SONG.drop     a song as sound, and its stems
       dropsmith listen SONG.drop     hear a song in a browser, here or over SSH
       dropsmith patches              the sounds that parts can have
       dropsmith export SONG.drop     a folder for FL Studio and other programs
       dropsmith train PATH...        learn from your own MIDI
       dropsmith evaluate PATH...     judge the model on MIDI it has not seen
       dropsmith corpus ...           see the music that the model learns from
       dropsmith engine               serve fills on stdin and stdout
       dropsmith doctor               see what works on this machine

Each command says more with --help. An error is one line; --debug shows where it
comes from. The app and compose take --weights FILE.safetensors, the weights of
your own training.

Compose a track right now:  dropsmith compose --seed 7 --out song.mid
"""

MODEL_COMMANDS = ("train", "evaluate", "ablate", "engine")
"""Commands that need JAX: this process becomes `python -m model`, so that nothing here has to import it."""

LISTING = ("doctor", "patches", "corpus", "help", "--help", "-h", "--version")
"""Commands that are for reading: whoever reads no further has seen enough."""

NO_TERMINAL = "the app needs a terminal; compose without one: dropsmith compose --seed 7 --out song.mid"
MAX_PORT = 65535
MAX_TABS = 32


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code: 0, or 2 after a one-line error."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    try:
        return _run(words)
    except UserError as error:
        say_error(error, debug=debug)
        return 2
    except BrokenPipeError:
        end_quietly()
        return 0 if words[:1] and words[0] in LISTING else 1
    except OSError as error:
        say_error(error.strerror or error, debug=debug)
        return 2
    except KeyboardInterrupt:
        say_error("stopped")
        return 130


def _run(words: list[str]) -> int:
    command = words[0] if words else ""
    if command in ("-h", "--help", "help"):
        say(HELP.removesuffix("\n"))
        return 0
    if command == "--version":
        from importlib.metadata import version

        say(f"dropsmith {version('dropsmith')}")
        return 0
    if command in MODEL_COMMANDS:
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "model", *words])
    if command == "corpus":
        collect_seldom()
        from corpus.commands import main as corpus_main

        return corpus_main(words[1:])
    if command == "render":
        collect_seldom()
        from sound.commands import render_main

        return render_main(words[1:], patch_folder())
    if command == "listen":
        from sound.listening.command import listen_main

        return listen_main(words[1:], patch_folder())
    if command == "patches":
        from sound.commands import patches_main

        return patches_main(words[1:], patch_folder())
    if command == "doctor":
        _doctor_parser().parse_args(words[1:])
        from tui.doctor import doctor

        return doctor()
    if command == "export":
        from tui.export.command import export

        return export(words[1:])
    if command == "serve":
        return _serve(_serve_parser().parse_args(words[1:]))
    if command == "compose":
        return _compose(_compose_parser().parse_args(words[1:]))
    options = _app_parser().parse_args(words[1:] if command == "open" else words)
    if options.help:
        say(HELP.removesuffix("\n"))
        return 0
    return _open_app(options)


def _app_parser() -> OneLineParser:
    parser = OneLineParser(prog="dropsmith", add_help=False)
    parser.add_argument("song", nargs="?", type=Path)
    parser.add_argument("--help", "-h", action="store_true")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--tracks")
    parser.add_argument("--quantize", action="store_true")
    parser.add_argument("--debug", action="store_true")
    return parser


def _doctor_parser() -> OneLineParser:
    parser = OneLineParser(
        prog="dropsmith doctor", description="See what works on this machine, and what to do about what does not."
    )
    parser.add_argument("--debug", action="store_true", help="show where an error comes from")
    return parser


def _check_song(path: Path | None) -> None:
    if path is not None and path.suffix.lower() not in (SONG_SUFFIX, *MUSIC_SUFFIXES):
        raise UserError(f"{path} is neither a command nor a song: songs end in {SONG_SUFFIX}; see dropsmith --help")


def _serve_parser() -> OneLineParser:
    parser = OneLineParser(
        prog="dropsmith serve",
        description="The app in a browser, on this machine's files. Each tab is an app of its own, of up to 650 MB.",
    )
    parser.add_argument("song", nargs="?", type=Path, metavar="SONG.drop", help="a song, or a MIDI file")
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (127.0.0.1: for this machine alone)")
    parser.add_argument("--port", type=int, default=8000, help="0-65535 (8000); 0 takes one that is free")
    parser.add_argument(
        "--name",
        action="append",
        default=[],
        help="a name or an address by which others reach this machine; they need the token that is told, too",
    )
    parser.add_argument("--tabs", type=int, default=4, help=f"1-{MAX_TABS} apps at a time (4)")
    parser.add_argument("--weights", type=Path, metavar="FILE.safetensors", help="weights of your own training")
    parser.add_argument("--debug", action="store_true", help="show where an error comes from")
    return parser


def _serve(options: argparse.Namespace) -> int:
    _check_song(options.song)
    _check_weights(options.weights)
    if not 0 <= options.port <= MAX_PORT:
        raise UserError(f"--port {options.port} is outside 0-{MAX_PORT}")
    if not 1 <= options.tabs <= MAX_TABS:
        raise UserError(f"--tabs {options.tabs} is outside 1-{MAX_TABS}")
    # Here and not at the top: it imports a web server.
    from tui.serve import serve

    weights = ["--weights", str(options.weights)] if options.weights is not None else []
    song = [str(options.song)] if options.song is not None else []
    return serve([*weights, *song], options.host, options.port, names=options.name, tabs=options.tabs)


def _open_app(options: argparse.Namespace) -> int:
    path: Path | None = options.song
    _check_song(path)
    _check_weights(options.weights)
    if not options.plain and not is_served() and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UserError(NO_TERMINAL)
    # What a start makes stays: to look for garbage in it over and over takes a tenth of the time until the first frame.
    # The main screen has it looked for again from there on.
    gc.disable()
    from tui.app import run
    from tui.midi_import import ImportChoices, read_choices
    from tui.settings import load_settings

    choices: ImportChoices | None = None
    if options.tracks is not None or options.quantize:
        if path is None or path.suffix.lower() not in MUSIC_SUFFIXES:
            raise UserError("--tracks and --quantize are for a MIDI file or an LMMS project: name one")
        choices = ImportChoices(read_choices(path, options.tracks or ""), options.quantize)
    settings = load_settings()
    engine_command = _engine_command(options.weights, settings)
    if options.plain:
        from tui.plain.app import PlainApp

        return run(path, engine_command=engine_command, settings=settings, kind=PlainApp, choices=choices)
    return run(path, engine_command=engine_command, settings=settings, choices=choices)


def _engine_command(weights: Path | None, settings: "Settings") -> tuple[str, ...]:
    """The command that starts the engine: the user's own, or this machine's where none is set or weights lie here."""
    from model.engine_client import local_engine

    return (settings.engine if weights is None else ()) or local_engine(weights)


def _compose_parser() -> OneLineParser:
    from tui.export.command import add_only

    parser = OneLineParser(
        prog="dropsmith compose",
        usage=f"dropsmith compose [PLAN.toml] --out FILE{DEFAULT_FORMAT.suffix} or --bundle DIR [options]",
        description="Compose a whole track. Without a plan: dubstep, laid out by the seed.",
    )
    parser.add_argument("plan", nargs="?", type=Path, metavar="PLAN.toml", help="sections and what is asked of them")
    parser.add_argument(
        "--out",
        type=Path,
        metavar=f"FILE{DEFAULT_FORMAT.suffix}",
        help=f"the file to write: {formats_text()}",
    )
    parser.add_argument("--seed", type=int, help="0 or more; the same plan and seed give the same file")
    parser.add_argument("--takes", type=int, default=1, help="candidates for each cell, the best is kept (1)")
    parser.add_argument(
        "--keep", type=float, default=KEPT_SHARE, metavar="SHARE", help="what later drops keep of the first, 0-1 (0.5)"
    )
    parser.add_argument("--bundle", type=Path, metavar="DIR", help="write a folder with files for other programs")
    add_only(parser)
    parser.add_argument("--song", type=Path, metavar="FILE.drop", help="write the song too, to go on with in the app")
    parser.add_argument("--report", type=Path, metavar="FILE.json", help="write what was asked and what came out")
    parser.add_argument("--weights", type=Path, metavar="FILE", help="weights of your own training")
    parser.add_argument("--wav", type=Path, metavar="FILE.wav", help="render it too: .wav, .flac or .ogg")
    add_force(parser)
    parser.add_argument("--plain", action="store_true", help="tell how far it is in lines of text")
    parser.add_argument("--debug", action="store_true", help="show where an error comes from")
    return parser


def _check_weights(path: Path | None) -> None:
    if path is not None and not path.is_file():
        raise UserError(f"there are no weights at {path}: `dropsmith train` makes some")


def _compose(options: argparse.Namespace) -> int:
    import msgspec
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from song.export.bundle import check_bundle, write_bundle
    from song.parts import PARTS
    from tui.compose import compose, in_tenths
    from tui.export.command import told
    from tui.export.credits import training_credits
    from tui.export.sounds import samples_for
    from tui.files.kept import keep_apart
    from tui.settings import load_settings

    if options.out is None and options.bundle is None and options.wav is None:
        raise UserError("say where the song goes: --out FILE.mid, --bundle DIR, --wav FILE.wav or several of them")
    formats = chosen_formats(read_keys(options.only))
    engine_command = _engine_command(options.weights, load_settings())
    seed = fresh_seed() if options.seed is None else options.seed
    if options.seed is not None and not 0 <= options.seed <= MAX_SEED:
        raise UserError(f"--seed {options.seed} is outside 0-{MAX_SEED}")
    song = draw_layout(ARRANGEMENTS[0], seed) if options.plan is None else load_plan(options.plan, seed, options.seed)
    if not 1 <= options.takes <= MAX_TAKES:
        raise UserError(f"--takes {options.takes} is outside 1-{MAX_TAKES}")
    if not 0 <= options.keep <= 1:
        raise UserError(f"--keep {options.keep:g} is outside 0-1")
    _check_weights(options.weights)
    lock = _check_outputs(options)
    if options.bundle is not None:
        check_bundle(song, options.bundle, force=options.force)
    named = {"--out": options.out, "--song": options.song, "--report": options.report, "--wav": options.wav}
    outputs = {option: Output(path) for option, path in named.items() if path is not None}

    console = Console(stderr=True)
    columns = (TextColumn("composing"), BarColumn(), TextColumn("{task.completed}/{task.total} bars"))
    drawn = console.is_terminal and not options.plain
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not drawn) as progress:
        total = song.bars * len(PARTS)
        task = progress.add_task("composing", total=total)
        in_lines = in_tenths(total, lambda line: console.print(line, markup=False, highlight=False))
        on_progress = in_lines if options.plain else lambda bars: progress.update(task, completed=bars)
        composed = compose(song, options.takes, on_progress, engine_command, options.keep)

    def tell(line: str) -> None:
        console.print(inert(line), markup=False, highlight=False, soft_wrap=True)

    out = None
    if options.out is not None:
        out = outputs["--out"].place(tell)
        write_song(composed.song, out)
    if options.song is not None:
        save_song(outputs["--song"].place(tell), composed.song)
    if lock is not None:
        lock.release()
    if options.report is not None:
        figures = msgspec.json.format(msgspec.json.encode(composed.report()), indent=1) + b"\n"
        outputs["--report"].write(figures, tell)
    if options.bundle is not None:
        try:
            written = write_bundle(
                composed.song,
                options.bundle,
                formats,
                force=options.force,
                elsewhere=True,
                credits=training_credits(),
                samples=samples_for(composed.song, formats),
            )
        except UserError as error:
            # Nothing that was composed is lost to a full disk, where another has room.
            raise UserError(f"{error}; the song is kept as {keep_apart(composed.song, '')}") from error
        out = out or written.folder
        for line in told(written):
            tell(line)
    if options.wav is not None:
        from sound.commands import write_sound

        sound_file = outputs["--wav"].place(tell)
        write_sound(composed.song, sound_file, force=True, patch_folder=patch_folder())
        out = out or sound_file
    tell(f"{out}: {song.bars} bars in {composed.seconds:.1f} s, seed {song.seed}")
    return 0


def _check_outputs(options: argparse.Namespace) -> "FileLock | None":
    """See that every file may be written; the lock of the song's, so that no app opens it meanwhile."""
    named = {"--out": options.out, "--song": options.song, "--report": options.report, "--wav": options.wav}
    check_apart({**named, "the plan": options.plan})
    if options.wav is not None:
        # Here and not at the top: it imports NumPy.
        from sound import audio_files

        check_output(options.wav, audio_files.kind_of(options.wav).kind, force=options.force)
    if options.out is not None:
        check_output(options.out, kind_of(options.out), force=options.force)
    if options.report is not None:
        check_output(options.report, FIGURES, force=options.force)
    if options.song is None:
        return None
    from tui.files.locks import take_lock

    check_output(options.song, SONG_FILE, force=options.force)
    return take_lock(options.song)
