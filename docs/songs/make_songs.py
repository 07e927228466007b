"""Composes the songs of this folder again: every plan from some seeds, and of these the one that the critic likes best.

Run from the repository's root: `.venv/bin/python docs/songs/make_songs.py`.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SEEDS = range(1, 7)
TAKES = 8


def liking(report: Path) -> float:
    """Mean of the critic's scores over a song's cells that have notes, 0-1."""
    cells = json.loads(report.read_text())["cells"]
    return statistics.fmean(cell["take"]["critic"] for cell in cells if cell["onsets_per_bar"]["achieved"] > 0)


def main() -> None:
    """Compose, choose, and write the song, its report and the table of what was chosen from."""
    lines = [
        "# Songs",
        "",
        f"Each plan was composed from seeds {SEEDS[0]} to {SEEDS[-1]} with {TAKES} takes a cell, and of these songs",
        "the one was kept that the critic holds likeliest to be real, by the mean over its cells. Nobody listened",
        "before.",
        "`docs/songs/make_songs.py` does all of it again. What was kept is read bar by bar in",
        "[READINGS.md](READINGS.md).",
        "",
        "| plan | " + " | ".join(f"seed {seed}" for seed in SEEDS) + " | kept |",
        "| --- |" + " ---: |" * (len(SEEDS) + 1),
    ]
    for plan in sorted(HERE.glob("*.toml")):
        with tempfile.TemporaryDirectory() as scratch:
            scores = {}
            for seed in SEEDS:
                out = Path(scratch) / f"{seed}.mid"
                command = [sys.executable, "-m", "tui", "compose", str(plan), "--seed", str(seed)]
                command += ["--takes", str(TAKES), "--out", str(out), "--report", str(out.with_suffix(".json"))]
                subprocess.run(command, check=True)
                scores[seed] = liking(out.with_suffix(".json"))
            best = max(scores, key=lambda seed: scores[seed])
            for suffix in (".mid", ".json"):
                (HERE / f"{plan.stem}{suffix}").write_bytes((Path(scratch) / f"{best}{suffix}").read_bytes())
        figures = " | ".join(f"{score:.3f}" for score in scores.values())
        lines.append(f"| [{plan.stem}]({plan.name}) | {figures} | [seed {best}]({plan.stem}.mid) |")
    (HERE / "README.md").write_text("\n".join([*lines, ""]))


if __name__ == "__main__":
    main()
