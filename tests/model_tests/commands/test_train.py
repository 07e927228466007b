"""`dropsmith train`: its options, the settings that follow from them, and errors of one line."""

import argparse
from pathlib import Path

import pytest

from model.checkpoint import SHIPPED, Weights, load_weights
from model.commands.cli import main
from model.commands.train import _joined, _settings, _Task, add_train
from model.training.dataset import SOURCE_WEIGHTS, Dataset
from song.errors import UserError
from song.parts import PARTS, Part


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


def test_machines_meet_at_an_address_and_are_counted_from_one() -> None:
    assert _joined("gpubox:1234", "1/2") == ("gpubox:1234", 0, 2)
    assert _joined("[::1]:1234", "3/3") == ("[::1]:1234", 2, 3)


@pytest.mark.parametrize(
    ("address", "number"),
    [("gpubox", "1/2"), (":1234", "1/2"), ("gpubox:port", "1/2"), ("gpubox:1", "0/2"), ("gpubox:1", "3/2"),
     ("gpubox:1", "1"), ("gpubox:1", "a/b")],
)  # fmt: skip
def test_a_meeting_that_makes_no_sense_is_told_with_one_that_does(address: str, number: str) -> None:
    with pytest.raises(UserError, match="HOST:PORT 1/2"):
        _joined(address, number)
