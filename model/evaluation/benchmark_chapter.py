"""The chapter on the public polyphony benchmark, made of what `dropsmith evaluate --benchmark NAME --json` wrote.

Those files lie beside the other results as `jsb.json` and `nottingham.json`.
"""

from pathlib import Path

import msgspec

from model.evaluation.results import Results, Table, Value
from song.errors import UserError

BENCHMARKS = {"jsb": "JSB Chorales", "nottingham": "Nottingham"}
"""The benchmarks by the name of their file."""


class Figures(msgspec.Struct, frozen=True):
    """Results of one benchmark, in nats a frame; mixed ones have probabilities averaged over transpositions."""

    validation: float
    test: float
    validation_mixed: float
    test_mixed: float
    frames: int
    best_step: int
    train_steps: int
    seed: int
    parameters: int
    minutes: float


class Benchmark(msgspec.Struct, frozen=True):
    """A file that the command wrote: its figures, and by network and benchmark the published ones.

    Older ones name no machine.
    """

    benchmark: str
    result: Figures
    published: dict[str, dict[str, float]]
    machine: str = ""


def benchmark_results(folder: Path) -> Results | None:
    """The chapter, or None where no benchmark was run.

    Raises:
        UserError: where a file holds something else.
    """
    runs = [_load(folder / f"{name}.json") for name in BENCHMARKS if (folder / f"{name}.json").exists()]
    if not runs:
        return None
    return Results(
        " and ".join(
            f"dropsmith evaluate polyphony --benchmark {run.benchmark} --steps {run.result.train_steps} "
            f"--seed {run.result.seed} --json docs/evaluation/{run.benchmark}.json"
            for run in runs
        ),
        "",
        (
            "Frame-level negative log-likelihood: every frame of a piece is told from the frames before it, over 88 "
            "keys, pooled over all frames, the first of each piece not scored; the weights are those of the best "
            "validation check. The layers and the training are the network's own, the heads are for piano rolls. "
            "Published figures are those of arXiv 1803.01271.",
        ),
        tuple(_table(run) for run in runs),
        " and ".join(dict.fromkeys(run.machine for run in runs if run.machine)),
    )


def _load(path: Path) -> Benchmark:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Benchmark)
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UserError(f"{path}: {error}; measure it anew") from error


def _table(run: Benchmark) -> Table:
    one = run.result
    rows: list[tuple[Value, ...]] = [
        ("ours", one.validation, one.test),
        ("ours, probabilities averaged over transpositions", one.validation_mixed, one.test_mixed),
        *((f"{network} (published)", None, figures[run.benchmark]) for network, figures in run.published.items()),
    ]
    note = (
        f"{one.frames:,} test frames; weights of step {one.best_step} of {one.train_steps}; "
        f"{one.parameters:,} parameters; trained in {one.minutes:.0f} minutes."
    )
    title = f"{BENCHMARKS.get(run.benchmark, run.benchmark)}: nats a frame, lower is better"
    return Table(title, ("network", "validation", "test"), tuple(rows), note)
