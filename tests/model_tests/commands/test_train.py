"""`dropsmith train`: its options, the settings that follow from them, and errors of one line."""

import argparse
import math
import sys
from pathlib import Path

import pytest

from model.checkpoint import SHIPPED, Weights, load_weights
from model.commands import train
from model.commands.cli import main
from model.commands.train import _files_of, _settings, _Task, _to_agree_on, add_train
from model.network import Network, NetworkConfig
from model.nn import data_parallel
from model.training.dataset import SOURCE_WEIGHTS, Dataset
from model.training.machines import Place
from model.training.train import TrainResult
from song.errors import UserError
from song.outputs import Output
from song.parts import PARTS, Part
from tests.bass_lines import write_bass_lines
from tests.model_tests.drawn_networks import drawn


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--parts", "kazoo"), "kazoo is no part"),
        (("--rate", "0"), "no learning rate"),
        (("--cell", "gru"), "gru"),
    ],
)
def test_what_cannot_be_trained_is_said(
    words: tuple[str, str], what: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    try:
        code: object = main(["train", *words, "--out", str(tmp_path / "x.safetensors")])
    except SystemExit as end:
        code = end.code
    assert code == 2
    assert what in capsys.readouterr().err


def parsed(*words: str) -> argparse.Namespace:
    return add_train(argparse.ArgumentParser().add_subparsers()).parse_args(["--out", "own.safetensors", *words])


def task(begun: Weights | None = None) -> _Task:
    return _Task(Dataset((), (), ()), [], [], begun)


def test_parts_are_taken_in_their_own_order_and_all_of_them_unless_named() -> None:
    assert parsed().parts == PARTS
    assert parsed("--parts", "lead, drums").parts == (Part.DRUMS, Part.LEAD)


def test_weights_have_a_name_that_says_what_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--out", "own.mid"]) == 2
    assert "the name of weights ends in .safetensors" in capsys.readouterr().err


def test_a_critic_is_trained_on_one_machine(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ("--out", str(tmp_path / "own.safetensors"), "--critic", "--join", "gpubox:1234", "1/2")
    assert main(["train", *words]) == 2
    assert capsys.readouterr().err == "dropsmith: --critic trains on one machine alone: leave --join out\n"


@pytest.mark.parametrize("there", ["own.safetensors", "own.json", "own.originality.safetensors"])
def test_what_comes_to_stand_there_while_it_trains_stays(
    there: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def meanwhile(*_: object, **__: object) -> TrainResult:
        (tmp_path / there).write_bytes(b"of somebody else")
        config = NetworkConfig(hidden=8, layers=1, head=8, context="none")
        return TrainResult(drawn(Network, config), 25, math.nan, 25)

    write_bass_lines(tmp_path / "midi", bars=2)
    monkeypatch.setattr("model.training.train.train", meanwhile)
    monkeypatch.setattr("model.evaluation.likelihood.typical_nats", lambda *_: {})
    out = tmp_path / "own.safetensors"
    words = [str(tmp_path / "midi"), "--out", str(out), "--no-starter", "--steps", "25", "--force"]
    assert main(["train", *words]) == 0
    beside = tmp_path / "own-2.safetensors"
    told = capsys.readouterr().err
    assert f"{out} has changed meanwhile, and stays: {beside} is written in its place" in told
    assert f"{beside}: 25 steps" in told
    assert (tmp_path / there).read_bytes() == b"of somebody else"
    written = {path.name for path in tmp_path.glob("own*") if path.is_file()}
    assert written == {there, *(path.name for path in _files_of(beside))}
    assert load_weights(beside).card.train_steps == 25


@pytest.mark.parametrize(("steps", "every"), [(1, 25), (999, 25), (1000, 50), (1500, 75), (6000, 300), (100_000, 500)])
def test_a_run_is_judged_some_twenty_times(steps: int, every: int) -> None:
    assert _settings(parsed("--steps", str(steps)), task()).checkpoint_every == every


def test_settings_follow_the_options() -> None:
    settings = _settings(parsed("--cell", "lstm", "--hidden", "12", "--seed", "4", "--events", "77"), task())
    assert (settings.network.hidden, settings.network.context) == (12, "none")
    assert (settings.seed, settings.events_a_batch, settings.learning_rate) == (4, 77, 2e-3)
    assert settings.source_weights == SOURCE_WEIGHTS
    assert _settings(parsed("--rate", "0.01"), task()).learning_rate == 0.01


def test_weights_to_begin_with_bring_their_network_and_a_lower_rate() -> None:
    begun = load_weights(SHIPPED)
    settings = _settings(parsed("--from", "shipped", "--hidden", "12"), task(begun))
    assert settings.network == begun.card.network
    assert settings.learning_rate == 5e-4
    assert settings.source_weights == {}
    assert _settings(parsed("--from", "shipped", "--rate", "0.01"), task(begun)).learning_rate == 0.01
    with pytest.raises(UserError, match="shipped is no lstm: leave --cell out"):
        _settings(parsed("--from", "shipped", "--cell", "lstm"), task(begun))


def test_machines_agree_on_what_decides_the_run(tmp_path: Path) -> None:
    same, other = _to_agree_on(parsed("--out", str(tmp_path))), _to_agree_on(parsed("--minutes", "3"))
    assert same == other, "where the weights go and how long it takes may differ"
    for words in (("--steps", "7"), ("--seed", "7"), ("--parts", "bass"), ("--no-starter",), ("--rate", "0.1")):
        assert len(_to_agree_on(parsed(*words)).items() - same.items()) == 1
    assert all(same[f"{name} version"] for name in ("dropsmith", "jax", "jaxlib"))


def test_a_meeting_that_makes_no_sense_is_told_before_anything_else(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = ("--out", str(tmp_path / "x.safetensors"), "--join", "gpubox:99999", "1/2")
    assert main(["train", *words]) == 2
    assert "HOST:PORT 1/2" in capsys.readouterr().err


OUTPUT = Output(Path("own.safetensors"))


class Met:
    """Machines that have met, as far as the command knows them."""

    def __init__(self, *, ended: bool = False) -> None:
        self.place, self.coordinator = Place("gpubox", 1234, 1, 2), "gpubox:2"
        self.told: list[str] = []
        self._ended = ended

    def watch(self, on_end: object) -> None: ...

    def close(self) -> None:
        self.told.append("done")

    def end(self, reason: str, patience: float = 0.0) -> bool:
        self.told.append(reason)
        return not self._ended


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (UserError("the disk is full"), "the disk is full"),
        (RuntimeError("peer\nlost"), "machine 2 of 2 broke down: RuntimeError: peer lost"),
        (KeyboardInterrupt(), "machine 2 of 2 was stopped by hand: start all machines again as before to go on"),
    ],
)
@pytest.mark.parametrize("another_ended_first", [False, True])
def test_an_error_of_a_machine_ends_the_others_with_the_same_line(
    error: BaseException,
    reason: str,
    another_ended_first: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr(data_parallel, "join", lambda *_: None)
    monkeypatch.setattr(train, "_run", fail)
    monkeypatch.setattr(train, "leave", sys.exit)
    monkeypatch.setattr(train, "_LAST_WORDS_SECONDS", 0.0)
    met = Met(ended=another_ended_first)
    with pytest.raises(SystemExit) as left:
        train._run_joined(argparse.Namespace(debug=False), Path("run"), OUTPUT, met)  # type: ignore[arg-type]
    assert left.value.code == 2
    assert met.told == [reason]
    assert capsys.readouterr().err == ("" if another_ended_first else f"dropsmith: {reason}\n")


def test_a_machine_that_is_done_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_parallel, "join", lambda *_: None)
    monkeypatch.setattr(train, "_run", lambda *_: 0)
    met = Met()
    assert train._run_joined(parsed(), Path("run"), OUTPUT, met) == 0  # type: ignore[arg-type]
    assert met.told == ["done"]
