"""`docs/EVALUATION.md`, made of the results that lie in the folder beside it; it measures nothing."""

from collections.abc import Mapping
from pathlib import Path

from model.evaluation.benchmark_chapter import benchmark_results
from model.evaluation.results import Results, load_results, table_markdown

CHAPTERS: dict[str, tuple[str, str]] = {
    "likelihood": ("How likely held-out music is", "dropsmith evaluate --report docs/EVALUATION.md"),
    "ablations": ("What each part of the network is worth", "dropsmith ablate"),
    "benchmark": (
        "A public benchmark: polyphonic music",
        "dropsmith evaluate --benchmark jsb|nottingham --json docs/evaluation/jsb.json|nottingham.json",
    ),
    "control": ("Whether it does what is asked", "dropsmith evaluate --report docs/EVALUATION.md"),
    "asking": ("Whether asking matters", "dropsmith evaluate --report docs/EVALUATION.md"),
    "drops": ("Drops, read by measure", "dropsmith evaluate --report docs/EVALUATION.md --measure drops"),
    "mirrored": (
        "Told from real, mirrored",
        "dropsmith evaluate lmms freedoom piano --report docs/EVALUATION.md --measure mirrored",
    ),
    "distribution": ("How near it comes to real music", "dropsmith evaluate --report docs/EVALUATION.md"),
    "critic": ("The critic", "dropsmith evaluate --critic"),
    "originality": ("Whether it copies", "dropsmith evaluate --report docs/EVALUATION.md"),
    "fine_tuning": (
        "Learning from thirty files",
        "dropsmith evaluate --report docs/EVALUATION.md --measure fine_tuning",
    ),
    "speed": ("Speed", "python tests/benchmarks/speed_chapter.py"),
}
"""The chapters in their order: the name of each one's file, its heading, and the command that makes it."""


def results_folder(report: Path) -> Path:
    """Where the results of a report lie: `docs/evaluation/` for `docs/EVALUATION.md`."""
    return report.parent / report.stem.lower()


def gather_results(folder: Path) -> dict[str, Results]:
    """The results in a folder, by chapter.

    Raises:
        UserError: where one of them cannot be read.
    """
    paths = {name: folder / f"{name}.json" for name in CHAPTERS}
    found = {name: load_results(path) for name, path in paths.items() if path.exists()}
    benchmark = benchmark_results(folder)
    return found if benchmark is None else {**found, "benchmark": benchmark}


def report_markdown(chapters: Mapping[str, Results]) -> str:
    """The whole report."""
    lines = [
        "# How good the model is",
        "",
        "Every figure here was written by a command, and none by hand: a chapter names the command that made it and",
        "the weights that were judged. The figures lie in `evaluation/` beside this page;",
        "`dropsmith evaluate --report docs/EVALUATION.md --measure none --force` makes the page of them again.",
        "",
    ]
    for name, (heading, _) in CHAPTERS.items():
        if name in chapters:
            lines += _chapter(heading, chapters[name])
    missing = [(heading, command) for name, (heading, command) in CHAPTERS.items() if name not in chapters]
    if missing:
        lines += ["## Not measured yet", ""]
        lines += [f"- {heading}: `{command}`" for heading, command in missing]
        lines.append("")
    return "\n".join(lines)


def _chapter(heading: str, results: Results) -> list[str]:
    judged = f", weights `{results.weights}`" if results.weights else ""
    machine = f", on {results.machine}" if results.machine else ""
    lines = [f"## {heading}", "", f"Measured by `{results.command}`{judged}{machine}.", ""]
    for paragraph in results.text:
        lines += [paragraph, ""]
    for table in results.tables:
        lines += table_markdown(table)
    return lines
