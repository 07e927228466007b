"""The speed chapter of the evaluation: what the model's benchmarks print, one after another on a machine left alone.

`python tests/benchmarks/speed_chapter.py [NAME ...]` runs the benchmarks of `NAMES`, or those named, and writes
`docs/evaluation/speed.json`; what it does not run stays as it was. `dropsmith evaluate --report docs/EVALUATION.md
--measure none` puts it on the page. With PyTorch to compare with: see README.md here.
"""

import os
import platform
import subprocess
import sys
from pathlib import Path

import msgspec
from timing import CORES

from model.checkpoint import SHIPPED, load_weights
from model.evaluation.results import Results, Table, load_results, save_results

HERE = Path(__file__).parent
CHAPTER = HERE.parents[1] / "docs" / "evaluation" / "speed.json"
NAMES = ("bench_sampling", "bench_training", "bench_section", "bench_engine_start")


def printed(name: str) -> Table:
    """Run a benchmark and make a table of what it prints, a row a line.

    Raises:
        subprocess.CalledProcessError: where it fails.
    """
    load = os.getloadavg()[0]
    done = subprocess.run([sys.executable, HERE / f"{name}.py"], check=True, text=True, stdout=subprocess.PIPE)
    rows = tuple((" ".join(line.split()),) for line in done.stdout.splitlines() if line.strip())
    return Table(f"{name}.py", ("what it prints",), rows, note=f"The machine's load when it began: {load:.1f}.")


def main() -> None:
    """Run the benchmarks and write the chapter."""
    names = sys.argv[1:] or NAMES
    before = {table.title: table for table in load_results(CHAPTER).tables} if CHAPTER.exists() else {}
    for name in names:
        table = printed(name)
        before[table.title] = table
        print(msgspec.json.format(msgspec.json.encode(table)).decode(), flush=True)
    text = (
        "Contenders take turns in one run, so that ratios say more than seconds; everything is held to "
        f"{CORES} cores ({platform.machine()}, Python {platform.python_version()}). Each script says in its first "
        "lines what it times and what it leaves out.",
    )
    order = {f"{name}.py": place for place, name in enumerate(NAMES)}
    tables = tuple(sorted(before.values(), key=lambda table: order.get(table.title, len(order))))
    command = "python tests/benchmarks/speed_chapter.py"
    save_results(CHAPTER, Results(command, load_weights(SHIPPED).digest, text, tables))


if __name__ == "__main__":
    main()
