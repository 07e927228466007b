"""The command line of the engine, and the running of every command here."""

import argparse
import traceback
from collections.abc import Sequence
from pathlib import Path

from model.commands.ablate import add_ablate
from model.commands.arguments import leave
from model.commands.evaluate import add_evaluate
from model.commands.train import add_train
from song.command_line import OneLineParser
from song.errors import UserError, in_one_line
from song.terminal_text import end_quietly, say_error


def main(arguments: Sequence[str]) -> int:
    """Run a command; returns the exit code: 0, or 2 after a one-line error."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        code: int = options.run(options)
        return code
    except UserError as error:
        say_error(error, debug=options.debug)
        return 2
    except BrokenPipeError:
        end_quietly()
        return 1
    except KeyboardInterrupt:
        say_error("stopped")
        return 130


def _parser() -> OneLineParser:
    parser = OneLineParser(prog="dropsmith")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    train = add_train(commands)
    evaluate = add_evaluate(commands)
    ablate = add_ablate(commands)

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


def _engine(options: argparse.Namespace) -> int:
    from model.engine_input import EngineInput

    # Before JAX is there: an app that dies meanwhile is noticed.
    requests = EngineInput()
    requests.start()
    try:
        from model.checkpoint import SHIPPED
        from model.engine import serve

        serve(requests, options.weights or SHIPPED)
    except UserError:
        raise
    except Exception as error:
        if options.debug:
            traceback.print_exc()
        say_error(f"the engine broke down: {in_one_line(error)}")
        leave(1)
    leave(0)
    return 0
