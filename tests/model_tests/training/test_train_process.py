"""Training as a process: killed and resumed it ends as if undisturbed, bit for bit; devices and machines share it."""

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from model.checkpoint import Card, save_weights
from model.commands.cli import main
from model.network import Network, NetworkConfig
from tests.bass_lines import write_bass_lines
from tests.model_tests.drawn_networks import drawn
from tests.model_tests.training_process import STEPS, Training, checkpoint, end_forks, held_out_curve, words_of

ALONE = ("--from", "alone.safetensors", "--rate", "0.002")
"""Small weights to begin with, of a network that hears no other part: drawn and compiled sooner."""
TRIES = 5
"""A kill that comes too late, on a busy machine, is tried again with a new run."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("training")
    write_bass_lines(path / "midi", bars=2)
    config = NetworkConfig(hidden=8, layers=1, head=8, context="none", look_back=False, copy_gates=False)
    save_weights(path / "alone.safetensors", drawn(Network, config), Card(config))
    yield path
    end_forks()


@pytest.fixture(scope="module")
def undisturbed(folder: Path) -> str:
    """The messages of a run that nothing disturbs; its weights are `whole`."""
    training = Training(folder, "whole", *ALONE, as_typed=True)
    said = training.finish()
    assert training.code == 0, said
    assert list(held_out_curve(said)) == [25, 50]
    return said


@pytest.mark.slow
def test_kills_and_a_full_disk_change_nothing_in_the_end(folder: Path, undisturbed: str) -> None:
    for _ in range(TRIES):
        training = Training(folder, "killed", *ALONE)
        training.wait_for(training.steps_kept, "a checkpoint")
        if training.kill_while_writing():
            break
        training.forget()
    assert training.is_writing()
    assert 0 < training.steps_kept()[-1] < STEPS
    training.mark_half_written()
    assert training.marked()

    training = Training(folder, "killed", *ALONE, full_disk=True)
    training.wait_for(training.has_begun, "a record of this run")
    assert not training.marked(), "what the kill left half written is still there"
    said = training.finish()
    assert training.code == 2, said
    errors = [line for line in said.splitlines() if line.startswith("dropsmith:")]
    assert len(errors) == 1
    assert "File too large" in errors[0]
    kept = training.steps_kept()[-1]
    assert f"that of step {kept} is kept" in errors[0]
    assert "Traceback" not in said
    assert not (folder / "killed.safetensors").exists()

    training = Training(folder, "killed", *ALONE)
    said = training.finish()
    assert training.code == 0, said
    assert min(held_out_curve(said)) == kept + 25
    for a, b in zip(checkpoint(folder / "whole.training", STEPS), checkpoint(training.state, STEPS), strict=True):
        np.testing.assert_array_equal(a, b)
    for suffix in ("safetensors", "json"):
        assert (folder / f"whole.{suffix}").read_bytes() == (folder / f"killed.{suffix}").read_bytes()


def test_a_finished_run_is_not_trained_again(
    folder: Path, undisturbed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    for name in ("use_every_core", "keep_freed_memory"):
        monkeypatch.setattr(f"model.nn.devices.{name}", lambda: None)
    assert main(words_of("whole", *ALONE)) == 2
    said = capsys.readouterr().err
    assert re.fullmatch(rf"dropsmith: whole\.safetensors is finished \({STEPS} steps\): choose another --out.*\n", said)


def test_four_devices_have_the_loss_curve_of_one(folder: Path) -> None:
    config = NetworkConfig(hidden=8, layers=1, head=8, context_hidden=4, look_back=False, copy_gates=False)
    save_weights(folder / "hears_the_others.safetensors", drawn(Network, config), Card(config))
    words = ("--from", "hears_the_others.safetensors", "--rate", "0.002")
    one = Training(folder, "one", *words).finish()
    assert list(held_out_curve(one)) == [25, 50]
    assert_same_curve(Training(folder, "four", *words, devices=4), one)
    assert (folder / "four.safetensors").exists()


def test_two_machines_have_the_loss_curve_of_one_device_also_after_the_death_of_one(
    folder: Path, undisturbed: str
) -> None:
    def both() -> tuple[Training, Training]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        return tuple(
            Training(folder, name, *ALONE, "--join", address, number)
            for name, number in (("joined", "1/2"), ("other", "2/2"))
        )

    for _ in range(TRIES):
        first, second = both()
        # It says so when it knows that what it has written is whole.
        second.wait_for(lambda first=first: held_out_curve(first.said()), "a checkpoint of the first machine")
        killed_at = time.monotonic()
        second.kill()
        said = first.finish()
        if first.steps_kept()[-1] < STEPS:
            break
        first.forget()
    assert time.monotonic() - killed_at < 60
    assert first.code == 2, said
    kept = first.steps_kept()[-1]
    gone = f"dropsmith: machine 2 of 2 is gone; what was learned until step {kept} is kept here: start all machines"
    assert said.splitlines()[-1].startswith(gone)
    assert "Traceback" not in said

    first, second = both()
    assert_same_curve(first, undisturbed, kept)
    assert_same_curve(second, undisturbed, kept)
    assert (folder / "joined.safetensors").exists()
    assert not list(folder.glob("other*"))


def assert_same_curve(training: Training, undisturbed: str, after: int = 0) -> None:
    said = training.finish()
    expected = {step: nats for step, nats in held_out_curve(undisturbed).items() if step > after}
    assert training.code == 0, said
    curve = held_out_curve(said)
    assert list(curve) == list(expected)
    np.testing.assert_allclose(list(curve.values()), list(expected.values()), atol=2e-3)
