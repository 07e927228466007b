"""`dropsmith evaluate --benchmark`: figures beside published ones, and errors for arguments that make no run."""

import json
from pathlib import Path

import msgspec
import pytest

from model.benchmark.network import PolyphonyConfig
from model.commands.benchmark import NAMES, PUBLISHED, SETTINGS
from model.commands.cli import main
from model.nn.devices import describe_machine
from tests.model_tests.benchmark_pieces import LAGS, network, scales, write_benchmark


def test_the_command_prints_published_figures_beside_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = PolyphonyConfig(lags=LAGS, hidden=8, head=8, seen=4)
    settings = msgspec.structs.replace(SETTINGS["jsb"], network=small, windows=2, length=16, widest=1)
    monkeypatch.setitem(SETTINGS, "jsb", settings)
    # Weights that cost no compiling.
    monkeypatch.setattr("model.benchmark.train.PolyphonyNetwork", lambda config, rngs: network(config))
    write_benchmark(tmp_path, scales(2, 88))
    report = tmp_path / "report.json"
    words = ["evaluate", "--benchmark", "jsb", str(tmp_path), "--steps", "2", "--seed", "3", "--json", str(report)]
    assert main(words) == 0
    shown = capsys.readouterr().out
    assert "LSTM (published)" in shown
    assert "8.45" in shown
    written = json.loads(report.read_text())
    assert written["machine"] == describe_machine()
    assert written["published"]["TCN"]["nottingham"] == 3.07
    assert (written["result"]["seed"], written["result"]["train_steps"], written["result"]["frames"]) == (3, 2, 2 * 23)
    assert f"{written['result']['test']:.3f}" in shown


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ((), "name one folder, the one that holds JSB_Chorales.mat"),
        ((".", "."), "name one folder"),
        ((".", "--steps", "0"), "argument --steps: 0 is not 1 or more"),
    ],
)
def test_arguments_that_make_no_run_are_told(
    words: tuple[str, ...], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code: object = main(["evaluate", "--benchmark", "jsb", *words])
    except SystemExit as end:
        code = end.code
    assert code == 2
    assert what in capsys.readouterr().err


def test_every_benchmark_has_a_run_and_figures_to_be_held_against() -> None:
    assert set(NAMES) == SETTINGS.keys()
    for name, settings in SETTINGS.items():
        assert settings.train_steps % settings.judge_every == 0
        assert all(figures[name] > 0 for figures in PUBLISHED.values())
        assert PUBLISHED["best quoted"][name] == min(figures[name] for figures in PUBLISHED.values())
