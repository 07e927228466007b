"""The settings of a training run: what the command asks for by default, and their way through a record."""

import argparse

import msgspec

from model.commands.train import add_train
from model.training.batches import HideRates
from model.training.settings import TrainSettings


def test_the_commands_defaults_are_those_of_the_settings() -> None:
    options = add_train(argparse.ArgumentParser().add_subparsers()).parse_args(["--out", "own.safetensors"])
    settings = TrainSettings()
    assert options.steps == settings.train_steps
    assert options.events == settings.events_a_batch
    assert options.seed == settings.seed
    assert options.hidden == settings.network.hidden


def test_settings_come_back_out_of_a_record() -> None:
    network = msgspec.structs.replace(TrainSettings().network, hidden=12, context="none")
    settings = TrainSettings(
        network=network, learning_rate=1e-3, source_weights={"starter": 0.5}, hide=HideRates(style=1)
    )
    again = msgspec.json.decode(msgspec.json.encode(settings), type=TrainSettings)
    assert again == settings
    assert again != TrainSettings()


def test_shares_lie_between_none_and_all_and_a_run_warms_up_before_it_is_over() -> None:
    settings = TrainSettings()
    assert all(0 <= rate <= 1 for rate in msgspec.structs.astuple(settings.hide))
    assert 0 < settings.average < 1
    assert settings.warmup_steps < settings.train_steps
    assert settings.checkpoint_every <= settings.train_steps
