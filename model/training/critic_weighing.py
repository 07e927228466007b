"""Weighings of the critic's measures, fitted to examples part by part."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from model.critic.measures import Weighing
from model.metrics.logistic import Logistic, fit_choice, fit_logistic
from model.training.critic_examples import Example
from song.parts import PARTS, Part

_FEWEST = 20
"""Cells of either kind below which a part is not learned."""
_PENALTY = 0.03
_CHOICE_PENALTY = 0.01
"""Less than the other: what all takes of a cell share has no say here, and cannot be learned by heart."""


def weigh(examples: Sequence[Example]) -> Weighing:
    """Learn to tell takes from real cells, part by part."""
    return Weighing(_fit_measures(examples), _fit_choices(examples))


def _fit_measures(examples: Sequence[Example]) -> dict[Part, Logistic]:
    """Fit what tells any take from any real cell.

    Within a collection both weigh the same, so that no number tells where the music is from.
    """
    found = {}
    for part in PARTS:
        own = [one for one in examples if one.part is part and one.measures is not None]
        pools = Counter((one.source, one.real) for one in own)
        own = [one for one in own if pools[one.source, True] and pools[one.source, False]]
        takes = np.array([not one.real for one in own], int)
        if min(takes.sum(), len(own) - takes.sum()) < _FEWEST:
            continue
        weight = np.array([pools[one.source, False] ** 0.5 / pools[one.source, one.real] for one in own])
        found[part] = fit_logistic(np.array([one.measures for one in own]), takes, 2, weight, penalty=_PENALTY)
    return found


def _fit_choices(examples: Sequence[Example]) -> dict[Part, Logistic]:
    """Fit what tells the takes of a cell from the real one.

    Whatever cells differ in, however they are filled, is no matter of choice.
    """
    found = {}
    for part in PARTS:
        cells: dict[int, list[np.ndarray]] = {}
        for one in examples:
            if one.part is part and one.measures is not None and one.mirrors is not None:
                cells.setdefault(id(one.mirrors), [one.mirrors]).append(one.measures)
        if len(cells) < _FEWEST:
            continue
        cell = np.repeat(np.arange(len(cells)), [len(some) for some in cells.values()])
        is_real = np.diff(cell, prepend=-1) > 0
        rows = np.array([row for some in cells.values() for row in some])
        found[part] = fit_choice(rows, cell, is_real, _CHOICE_PENALTY)
    return found
