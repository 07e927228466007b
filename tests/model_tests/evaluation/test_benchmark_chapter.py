"""The chapter on the public benchmark, made of what its command wrote."""

import json
from pathlib import Path

from model.evaluation.report import CHAPTERS, gather_results, report_markdown


def test_a_benchmark_that_was_run_is_a_chapter_beside_what_was_published(tmp_path: Path) -> None:
    result = {
        "validation": 4.51, "test": 4.42, "validation_mixed": 4.33, "test_mixed": 4.24, "frames": 1234, "best_step": 9,
        "train_steps": 10, "seed": 3, "parameters": 5678, "minutes": 1.6, "curve": [1.0],
    }  # fmt: skip
    report = {"benchmark": "jsb", "result": result, "settings": {}, "published": {"LSTM": {"jsb": 8.45}}}
    (tmp_path / "jsb.json").write_text(json.dumps(report))
    chapter = report_markdown(gather_results(tmp_path)).split(f"## {CHAPTERS['benchmark'][0]}\n")[1].split("\n## ")[0]
    assert (
        "`dropsmith evaluate polyphony --benchmark jsb --steps 10 --seed 3 --json docs/evaluation/jsb.json`" in chapter
    )
    assert "| ours | 4.510 | 4.420 |" in chapter
    assert "| LSTM (published) | – | 8.450 |" in chapter
    assert "1,234 test frames" in chapter
    for name in ("jsb", "nottingham"):
        told = {**report, "benchmark": name, "published": {}, "machine": "cpu, 2 cores"}
        (tmp_path / f"{name}.json").write_text(json.dumps(told))
    assert "docs/evaluation/nottingham.json`, on cpu, 2 cores.\n" in report_markdown(gather_results(tmp_path))
