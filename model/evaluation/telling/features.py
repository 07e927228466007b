"""Features of pairs of drops as one matrix, in named groups."""

from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from model.evaluation.telling.drop import Features, ToldDrop
from model.evaluation.telling.evenness import evenness
from model.evaluation.telling.form import form
from model.evaluation.telling.lengths import lengths
from model.evaluation.telling.pitch import pitch
from model.evaluation.telling.places import places

GROUPS: dict[str, Callable[[ToldDrop], Features]] = {
    "evenness": evenness,
    "form": form,
    "places": places,
    "pitch": pitch,
    "length": lengths,
}
"""The groups of features, by name."""


class PairFeatures(msgspec.Struct, frozen=True):
    """Features of P pairs of a real drop and a composed one.

    Attributes:
        groups: the group of each of the D features.
        names: the name of each.
        real, composed: float64 (P, D), NaN where one of the two has nothing to count.
    """

    groups: tuple[str, ...]
    names: tuple[str, ...]
    real: np.ndarray
    composed: np.ndarray

    def of_group(self, group: str) -> "PairFeatures":
        """The features of one group alone."""
        kept = np.array([one == group for one in self.groups])
        names = tuple(name for name, one in zip(self.names, kept, strict=True) if one)
        return PairFeatures((group,) * len(names), names, self.real[:, kept], self.composed[:, kept])

    def of_pairs(self, kept_P: np.ndarray) -> "PairFeatures":
        """The features of some pairs alone."""
        return msgspec.structs.replace(self, real=self.real[kept_P], composed=self.composed[kept_P])


def measure_pairs(pairs: Sequence[tuple[ToldDrop, ToldDrop]]) -> PairFeatures:
    """Measure pairs. A number that one of a pair lacks is taken from the other too, so that no gap tells them apart."""
    columns: dict[tuple[str, str], None] = {}
    rows = []
    for pair in pairs:
        row = [{(group, name): value for group, take in GROUPS.items() for name, value in take(one).items()}
               for one in pair]  # fmt: skip
        columns |= dict.fromkeys((*row[0], *row[1]))
        rows.append(row)
    values = np.array(
        [[[np.nan if (v := one.get(column)) is None else v for column in columns] for one in row] for row in rows],
        np.float64,
    ).reshape(len(rows), 2, len(columns))
    values[np.broadcast_to(np.isnan(values).any(1, keepdims=True), values.shape)] = np.nan
    groups, names = tuple(group for group, _ in columns), tuple(name for _, name in columns)
    order = np.array(sorted(range(len(groups)), key=lambda index: (list(GROUPS).index(groups[index]), index)), int)
    return PairFeatures(
        tuple(groups[index] for index in order),
        tuple(names[index] for index in order),
        values[:, 0][:, order],
        values[:, 1][:, order],
    )
