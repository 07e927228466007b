"""Process in which `training_process` trains: a fork of one that has imported this module, and no device used there."""

import atexit
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import jax

# What a run imports on its way.
import model.evaluation.baselines
import model.evaluation.likelihood
import model.originality.copy_index
import model.training.train  # noqa: F401
from model.commands.cli import main
from song.command_line import collect_seldom
from tests.fault_injection import fill_disk


def run(
    folder: Path,
    environment: Mapping[str, str],
    program: Sequence[str],
    words: Sequence[str],
    stderr: Connection,
    full_disk: bool,
) -> None:
    """Train in a folder, in this process; or, where there is a program, become that.

    Args:
        folder: where.
        environment: all variables.
        program: what the words are given to; nothing for a call of what that would call.
        words: the command.
        stderr: where what it says goes.
        full_disk: whether its files may not grow.
    """
    os.chdir(folder)
    os.dup2(stderr.fileno(), 2)
    stderr.close()
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    if full_disk:
        fill_disk()
    if program:
        os.execve(program[0], [*program, *words], dict(environment))
    os.environ.update(environment)
    # It was imported under other variables.
    jax.config.update("jax_platforms", environment["JAX_PLATFORMS"])
    collect_seldom()
    code = main(words)
    # Which `multiprocessing` leaves out.
    atexit._run_exitfuncs()
    sys.exit(code)
