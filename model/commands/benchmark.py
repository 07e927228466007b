"""`dropsmith evaluate --benchmark`: trains on a public polyphony benchmark, prints its figures beside published ones.

The settings here are the default runs. No weights are kept.
"""

import math
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from model.benchmark.data import FILES, read_benchmark
from model.benchmark.network import PolyphonyConfig
from model.benchmark.train import PolyphonyReport, PolyphonyResult, PolyphonySettings, run_benchmark
from model.commands.arguments import teller
from model.nn.devices import describe_machine, keep_compiled_programs
from song.errors import UserError
from song.outputs import Output

NAMES = tuple(FILES)
"""The benchmarks that can be named."""

SETTINGS = {
    "jsb": PolyphonySettings(
        PolyphonyConfig(lags=(1, 2, 4, 8, 16), input_dropout=0.1, dropout=0.25, head_dropout=0.1),
        train_steps=3000,
        judge_every=250,
        windows=16,
        length=64,
        places=5,
        learning_rate=3e-3,
    ),
    "nottingham": PolyphonySettings(
        PolyphonyConfig(lags=(1, 2, 4, 8, 16, 24, 32, 48, 64, 96), input_dropout=0.1, dropout=0.3, head_dropout=0.1),
        train_steps=1000,
        judge_every=250,
        windows=16,
        length=128,
        places=6,
    ),
}
"""The run of each benchmark."""

PUBLISHED = {
    "LSTM": {"jsb": 8.45, "nottingham": 3.29},
    "GRU": {"jsb": 8.43, "nottingham": 3.46},
    "TCN": {"jsb": 8.10, "nottingham": 3.07},
    "best quoted": {"jsb": 3.47, "nottingham": 1.32},
}
"""Test nats a frame. Source: arXiv 1803.01271, table 1 and the best results that it quotes from others."""


def run(name: str, paths: Sequence[Path], *, steps: int | None, seed: int, json: Path | None) -> int:
    """Train, judge and print; returns the exit code.

    Args:
        name: one of `NAMES`.
        paths: the folder that holds the benchmark's MATLAB file, and no other.
        steps: optimizer steps in place of those of `SETTINGS`.
        seed: of the weights and the batches.
        json: where the figures go as JSON.

    Raises:
        UserError: where the arguments make no run, the data cannot be read, or the figures not be written.
    """
    if len(paths) != 1 or not paths[0].is_dir():
        raise UserError(f"--benchmark {name}: name one folder, the one that holds {FILES[name]}")
    if steps is not None and steps < 1:
        raise UserError(f"--steps {steps}: give 1 or more")
    output = Output(json) if json is not None else None
    pieces = read_benchmark(paths[0], name)
    settings = msgspec.structs.replace(SETTINGS[name], seed=seed)
    if steps is not None:
        settings = msgspec.structs.replace(
            settings,
            train_steps=steps,
            judge_every=min(steps, settings.judge_every),
            warmup_steps=min(steps, settings.warmup_steps),
        )
    keep_compiled_programs()
    errors = Console(stderr=True)
    with Progress(console=errors, disable=not errors.is_terminal) as progress:
        training = progress.add_task(f"training on {name}", total=settings.train_steps)

        def on_report(report: PolyphonyReport) -> None:
            if not math.isnan(report.validation_nats):
                figures = f"training {report.train_nats:.3f}, validation {report.validation_nats:.3f} nats a frame"
                errors.print(f"step {report.train_step}: {figures}; {report.seconds / 60:.1f} minutes")
            progress.update(training, completed=report.train_step)

        result = run_benchmark(pieces, settings, on_report=on_report)
    Console().print(_table(name, result))
    if output is not None:
        run_of = {"benchmark": name, "result": result, "machine": describe_machine()}
        report = {**run_of, "settings": settings, "published": PUBLISHED}
        output.write(msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n", teller(errors))
    return 0


def _table(name: str, result: PolyphonyResult) -> Table:
    table = Table(
        title=f"Nats a frame on {name} (lower is better)",
        caption=f"{result.frames} test frames; weights of step {result.best_step} of {result.train_steps}, chosen by "
        f"validation; seed {result.seed}; {result.parameters:,} parameters; {result.minutes:.1f} minutes",
    )
    table.add_column("network")
    table.add_column("validation", justify="right")
    table.add_column("test", justify="right")
    table.add_row("ours", f"{result.validation:.3f}", f"{result.test:.3f}")
    table.add_row(
        "ours, probabilities averaged over transpositions", f"{result.validation_mixed:.3f}", f"{result.test_mixed:.3f}"
    )
    for network, figures in PUBLISHED.items():
        table.add_row(f"{network} (published)", "", f"{figures[name]:.2f}")
    return table
