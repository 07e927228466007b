"""Piano rolls for the benchmark, a small network with every weight drawn, and what frames cost under it."""

from collections.abc import Sequence
from pathlib import Path

import jax
import numpy as np
from scipy.io import savemat

from model.benchmark.batches import collate
from model.benchmark.data import Frames, look_back
from model.benchmark.network import PolyphonyConfig, PolyphonyNetwork
from tests.model_tests.drawn_networks import drawn

LAGS = (1, 2, 4)
TINY = PolyphonyConfig(keys=3, lags=LAGS, hidden=8, head=8, seen=4)


def network(config: PolyphonyConfig = TINY) -> PolyphonyNetwork:
    """A network in which nothing is zero, as biases and some tables are at first."""
    return drawn(PolyphonyNetwork, config, scale=1.0)


def piece(length: int, keys: int, seed: int) -> Frames:
    """Random frames in which every second one is held from the one before."""
    random = np.random.default_rng(seed)
    frames = (random.random((length, keys)) < 0.4).astype(np.uint8)
    frames[1::2] = frames[: length - 1 : 2][: len(frames[1::2])]
    return frames


def nats(pieces: Sequence[Frames], with_network: PolyphonyNetwork) -> list[np.ndarray]:
    config = with_network.config
    looks = [look_back(frames, config.lags, config.keys + 1) for frames in pieces]
    batch = collate([(look, 0, 0) for look in looks], max(len(look.tokens) for look in looks))
    found = np.asarray(jax.jit(lambda batch: with_network.frame_nats(batch))(batch))
    return [found[: len(look.tokens), b] for b, look in enumerate(looks)]


def scales(count: int, keys: int) -> list[Frames]:
    """Broken chords that go round: what comes next is certain once one round is heard."""
    pieces = []
    for n in range(count):
        frames = np.zeros((24, keys), np.uint8)
        for t in range(24):
            frames[t, [(n % 3) + (0, 2, 4, 2)[t % 4], keys - 2]] = 1
        pieces.append(frames)
    return pieces


def write_benchmark(folder: Path, pieces: list[Frames]) -> None:
    cells = np.empty((1, len(pieces)), object)
    cells[0] = pieces
    savemat(folder / "JSB_Chorales.mat", {"traindata": cells, "validdata": cells, "testdata": cells})
