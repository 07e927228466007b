"""The checkpoints of a training run."""

import random
import shutil
from pathlib import Path

import numpy as np

from model.network import NetworkConfig
from model.nn.optimizer import TrainState
from model.training.checkpoints import CHECKSUMS, Best, Checkpoints, RunRecord, read_record
from model.training.settings import TrainSettings
from tests.mutations.mutate import Files, files_below
from tests.mutations.reading import check_line, refused
from tests.mutations.texts import mutate_json

FORMS = {".json": mutate_json}

_RECORD = RunRecord(TrainSettings(network=NetworkConfig(hidden=8), train_steps=9), "music", "start", layout="layout")


def _training(step: int) -> tuple[TrainState, Best]:
    vector = np.arange(4, dtype=np.float32) + step
    taken = TrainState(vector, vector + 3, (np.int32(step), {"mu": vector, "nu": vector}), np.int32(step))
    return taken, Best(vector + 4, np.float64(step / 2), np.int64(step))


def make_checkpoints(folder: Path) -> list[Files]:
    with Checkpoints(folder / "run", _RECORD) as checkpoints:
        for step in (25, 50):
            checkpoints.save(*_training(step))
    files = files_below(folder, "run")
    shutil.rmtree(folder / "run")
    # Without digests Orbax's own checks have to do.
    return [files, {name: data for name, data in files.items() if not name.endswith(CHECKSUMS)}]


def use_checkpoints(folder: Path, _rng: random.Random) -> None:
    """Read the record of a run, and go on with it."""
    refused(lambda: read_record(folder / "run"))

    def restore() -> None:
        with Checkpoints(folder / "run", _RECORD) as checkpoints:
            checkpoints.restore(*_training(0), check_line)

    refused(restore)
