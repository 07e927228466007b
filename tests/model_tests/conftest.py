"""A small network that has learned nothing: rules must hold for it as for any other."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from model.checkpoint import Card, Weights, load_weights, save_weights
from model.network import Network, NetworkConfig
from model.nn.devices import keep_compiled_programs
from model.training.dataset import drum_prior_of
from model.training.windows import cut_windows
from model.writing.fill import Filler
from song.parts import Part
from tests.model_tests.drawn_networks import drawn
from tests.model_tests.starter_set import starter_pieces


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> None:
    """Programs that several tests compile are kept, as the commands keep them: most of the time goes into compiling."""
    keep_compiled_programs()


@pytest.fixture(scope="session")
def tiny_weights_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "tiny.safetensors"
    config = NetworkConfig(hidden=16, head=16, context_hidden=8)
    forms = {"drums": ("1233" * 2, "1" * 8), "bass drop": ("12344444",)}
    feels = {"dubstep drop": (90.0, 5.0, 5.0), "house drop": (5.0, 90.0, 5.0), "trap build": (90.0, 5.0, 5.0)}
    feels["house build"] = feels["house drop"]
    kicks = {
        "house drop": (90.0, 80.0, 80.0, 80.0, 80.0, 100.0),
        "house build": (90.0, 80.0, 80.0, 80.0, 80.0, 100.0),
        "trap build": (60.0, 60.0, 60.0, 60.0, 51.0, 100.0),
        "dubstep drop": (99.0, 5.0, 5.0, 5.0, 1.0, 100.0),
    }
    # It is of drums alone: windows of the other parts would be cut for nothing.
    drums = [
        replace(one, parts={Part.DRUMS: one.parts[Part.DRUMS]}) for one in starter_pieces() if Part.DRUMS in one.parts
    ]
    prior = drum_prior_of(list(cut_windows(drums)), {})
    card = Card(config, forms=forms, feels=feels, kicks=kicks, drum_prior=prior)
    save_weights(path, drawn(Network, config, 4, 0.15), card)
    return path


@pytest.fixture(scope="session")
def tiny_weights(tiny_weights_path: Path) -> Weights:
    return load_weights(tiny_weights_path)


@pytest.fixture(scope="session")
def tiny_filler(tiny_weights: Weights) -> Filler:
    return Filler(tiny_weights)
