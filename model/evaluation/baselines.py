"""The baselines as they lie beside the weights: n-grams, and the shares that mix copying with them, one of each a part.

Imports NumPy but no JAX.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from model.evaluation.ngram import NGram
from model.evaluation.ngram_copy import CopyNGram
from model.training.windows import Window
from song.errors import UserError
from song.files import write_atomically
from song.parts import PARTS, Part


def fit_baselines(windows: Sequence[Window]) -> dict[Part, CopyNGram]:
    """A baseline for every part that has windows; they should not overlap."""
    groups = {part: [window for window in windows if window.part is part] for part in PARTS}
    return {part: CopyNGram.fit(group) for part, group in groups.items() if group}


def save_baselines(path: Path, models: dict[Part, CopyNGram]) -> None:
    """Write baselines: counts of 5-grams alone, since the shorter ones follow from them, and the shares of copying.

    Raises:
        UserError: where the file cannot be written.
    """
    tensors = {}
    for part, model in models.items():
        tensors[f"{part.value}.grams"] = np.diff(model.ngram.grams, prepend=0)
        tensors[f"{part.value}.counts"] = np.minimum(model.ngram.counts, 65535).astype(np.uint16)
        tensors[f"{part.value}.shares"] = model.shares.astype(np.float32)
    write_atomically(path, save(tensors))


def load_baselines(path: Path) -> dict[Part, CopyNGram]:
    """Read baselines.

    Raises:
        UserError: where the file is missing, damaged or of an earlier version.
    """
    try:
        tensors = load_file(path)
        return {
            part: CopyNGram(
                NGram(np.cumsum(tensors[f"{part.value}.grams"]), tensors[f"{part.value}.counts"].astype(np.int64)),
                tensors[f"{part.value}.shares"].astype(np.float64),
            )
            for part in PARTS
            if f"{part.value}.grams" in tensors
        }
    except (OSError, SafetensorError, KeyError) as error:
        raise UserError(
            f"cannot read the baselines {path}: {error}; train with `dropsmith train` to make them"
        ) from error
