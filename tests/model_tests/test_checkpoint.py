"""Weights on the disk: the shipped ones, round trips, and files that are damaged or do not fit."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from model.checkpoint import (
    SHIPPED,
    Card,
    load_weights,
    named_parameters,
    parameter_shapes,
    put_parameters,
    save_weights,
)
from model.network import Network, NetworkConfig
from model.nn.draws import shapes_of
from model.tensors import save_tensors
from song.errors import UserError

CONFIG = NetworkConfig(hidden=8, head=6, context="none", layers=1)


def network(config: NetworkConfig = CONFIG) -> Network:
    """A network whose parameters are drawn by NumPy, so that nothing is compiled."""
    made = shapes_of(lambda rngs: Network(config, rngs=rngs))
    dice = np.random.default_rng(0)
    put_parameters(made, {name: dice.normal(size=shape) for name, shape in parameter_shapes(made).items()})
    return made


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "own.safetensors"
    save_weights(path, network(), Card(CONFIG, train_steps=7))
    return path


def test_the_shipped_weights_are_small_and_say_what_they_are() -> None:
    weights = load_weights(SHIPPED)
    files = [SHIPPED, SHIPPED.with_suffix(".json"), SHIPPED.with_name("shipped.baselines.safetensors")]
    assert sum(file.stat().st_size for file in files) <= 16_000_000
    assert {"groove", "starter"} <= weights.card.sources.keys()
    assert weights.card.typical_nats.keys() == {"drums", "bass", "chords", "lead"}


def test_parameters_are_put_and_named_alike() -> None:
    made = network()
    assert {name: value.shape for name, value in named_parameters(made).items()} == parameter_shapes(made)
    assert {value.dtype for value in named_parameters(made).values()} == {np.dtype(np.float32)}
    doubled = {name: value * 2 for name, value in named_parameters(made).items()}
    put_parameters(made, doubled)
    for name, value in named_parameters(made).items():
        np.testing.assert_array_equal(value, doubled[name])


def test_weights_come_back_in_half_precision_with_their_card_and_digest(tmp_path: Path) -> None:
    path, made = tmp_path / "own.safetensors", network()
    card = Card(
        CONFIG,
        train_steps=7,
        sources={"mine": 12},
        typical_nats={"bass": 1.5},
        trained_on=("ab",),
        feels={"house drop": (0.0, 9.0, 1.0)},
        drum_prior={"house": ("1", "2")},
    )
    save_weights(path, made, card)
    again = load_weights(path)
    assert again.card == card
    assert again.digest == hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    for name, value in named_parameters(again.network).items():
        np.testing.assert_array_equal(value, named_parameters(made)[name].astype(np.float16))
    assert path.stat().st_size < sum(2 * value.size for value in named_parameters(made).values()) + 10_000


def test_the_card_is_plain_json_under_the_names_that_it_has_had_from_the_start(saved: Path) -> None:
    card = json.loads(saved.with_suffix(".json").read_text())
    assert {"network", "sources", "forms", "feels", "kicks", "grooves", "licence"} <= card.keys()
    assert card["network"]["hidden"] == CONFIG.hidden
    # A card of earlier weights says less.
    saved.with_suffix(".json").write_text(json.dumps({"network": card["network"]}))
    assert load_weights(saved).card == Card(CONFIG)


@pytest.mark.parametrize(
    ("name", "damage", "words"),
    [
        ("own.safetensors", None, "cannot read the weights .*: No such file"),
        ("own.json", None, "cannot read the card of the weights .*: No such file"),
        ("own.safetensors", b"", "is damaged"),
        ("own.safetensors", b"\xff" * 64, "is damaged"),
        ("own.json", b"{", "is damaged"),
        ("own.json", b"\xff", "is damaged"),
        ("own.json", b'{"network": {"hidden": "wide"}}', "is damaged"),
        ("own.json", b'{"network": {"hidden": 3000}}', "is damaged: .*<= 2048"),
        ("own.json", b'{"network": {}, "feels": {"house": [1]}}', "is damaged"),
        ("own.json", b'{"network": {}, "grooves": {"house": ["nan"]}}', "is damaged"),
    ],
)
def test_missing_and_damaged_files_are_told_in_one_line(
    saved: Path, name: str, damage: bytes | None, words: str
) -> None:
    path = saved.with_name(name)
    path.unlink() if damage is None else path.write_bytes(damage)
    with pytest.raises(UserError, match=words) as told:
        load_weights(saved)
    assert "\n" not in str(told.value)


def test_a_card_of_another_network_does_not_fit(saved: Path) -> None:
    other = saved.with_name("other.safetensors")
    config = NetworkConfig(hidden=9, head=6, context="none", layers=1)
    save_weights(other, network(config), Card(config))
    other.with_suffix(".json").replace(saved.with_suffix(".json"))
    with pytest.raises(UserError, match="of another version of the network"):
        load_weights(saved)


def test_weights_of_whole_numbers_are_not_of_this_network(saved: Path) -> None:
    save_tensors(saved, {name: value.astype(np.int32) for name, value in named_parameters(network()).items()})
    with pytest.raises(UserError, match="of another version of the network"):
        load_weights(saved)


def test_weights_that_half_precision_does_not_hold_are_not_written(saved: Path) -> None:
    before, made = saved.read_bytes(), network()
    put_parameters(made, {name: np.full(value.shape, 1e6) for name, value in named_parameters(made).items()})
    with np.errstate(over="ignore"), pytest.raises(UserError, match=r"no number.*is as it was"):
        save_weights(saved, made, Card(CONFIG))
    assert saved.read_bytes() == before
