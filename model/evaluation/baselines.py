"""The baselines as they lie beside the weights: n-grams, and the shares that mix copying with them, one of each a part.

Imports NumPy but no JAX.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from model.evaluation.ngram import NGram
from model.evaluation.ngram_copy import SHARES, CopyNGram
from model.tensors import TensorFile, load_tensors, save_tensors
from model.training.windows import Window
from song.parts import PARTS, Part


def fit_baselines(windows: Sequence[Window]) -> dict[Part, CopyNGram]:
    """A baseline for every part that has windows; they should not overlap."""
    groups = {part: [window for window in windows if window.part is part] for part in PARTS}
    return {part: CopyNGram.fit(group) for part, group in groups.items() if group}


def baselines_path(weights: Path) -> Path:
    """The path of the baselines beside weights."""
    return weights.with_name(f"{weights.stem}.baselines.safetensors")


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
    save_tensors(path, tensors)


def load_baselines(path: Path) -> dict[Part, CopyNGram]:
    """Read baselines.

    Raises:
        UserError: where the file is missing, damaged or of an earlier version.
    """
    return load_tensors(path, "the baselines", "train with `dropsmith train` to make them", _baselines_of)


def _baselines_of(file: TensorFile) -> dict[Part, CopyNGram]:
    found = {}
    for part in PARTS:
        if f"{part.value}.grams" not in file.arrays:
            continue
        grams = np.cumsum(file.take(f"{part.value}.grams", np.int64, (None,)))
        counts = file.take(f"{part.value}.counts", np.uint16, grams.shape).astype(np.int64)
        shares = file.take(f"{part.value}.shares", np.float32, SHARES).astype(np.float64)
        if (grams < 0).any() or (np.diff(grams) <= 0).any() or (counts < 1).any() or (shares < 0).any():
            raise ValueError(f"its counts of {part.value} are none")
        found[part] = CopyNGram(NGram(grams, counts), shares)
    return found
