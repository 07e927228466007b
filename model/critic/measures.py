"""The critic's other ear: the feature vector of a take, weighed by logistic regressions for each part.

The network hears what follows what; these numbers sum a whole take up, velocities included, and say at once where takes
in general differ from real music. They are weighed in two ways: how likely a take is real music, whatever it was
written for, and which of the takes of one cell is. Imports NumPy but no JAX.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from model.metrics.logistic import Logistic
from model.metrics.phrase_measures import BASS_ALONE, describe, matrix, measures_of, width_of
from song.notes import Phrase
from song.parts import PARTS, Part

_FIELDS = ("mean", "scale", "weights")
INFINITE = "/scale"
"""The ending of the names of arrays that may hold infinity: a number that never differs says nothing."""


class Weighing(NamedTuple):
    """Classifiers of the numbers, by part; parts that too little is known of have none.

    Attributes:
        measures: tells takes (class 1) from real cells (class 0), any from any.
        choices: tells takes from the real cell that they were written for.
    """

    measures: Mapping[Part, Logistic]
    choices: Mapping[Part, Logistic]


UNWEIGHED = Weighing({}, {})


def measure(part: Part, phrase: Phrase, tonic_class: int, *, velocity_known: bool = True) -> np.ndarray:
    """The numbers of a take: float64 (D,), NaN where one is not known; D is the same for every take of a part.

    Args:
        part: whose it is.
        phrase: the music, with a note or more.
        tonic_class: pitch class of its tonic, 0-11.
        velocity_known: whether its velocities mean anything.
    """
    described = describe(part, phrase, tonic_class=tonic_class, velocity_known=velocity_known)
    return np.asarray(matrix([described], _names(part))[0])


def generated_logit(fitted: Mapping[Part, Logistic], part: Part, measures: np.ndarray | None) -> float | None:
    """Log odds, in nats, of numbers being a take's and not real music's; None where nothing is known.

    Args:
        fitted: the classifiers, by part.
        part: whose numbers they are.
        measures: float64 (D,), as `measure` gives them; None where there are none.
    """
    if measures is None or part not in fitted:
        return None
    real, take = np.log(np.maximum(fitted[part].probabilities(measures[None])[0], 1e-9))
    return float(take - real)


def as_arrays(weighing: Weighing) -> dict[str, np.ndarray]:
    """The classifiers as float32 arrays by name, (D,) or (D + 1, 2), to lie beside a network's weights."""
    return {
        f"{way}/{part.value}/{name}": np.asarray(getattr(one, name), np.float32)
        for way, fitted in weighing._asdict().items()
        for part, one in fitted.items()
        for name in _FIELDS
    }


def from_arrays(flat: dict[str, np.ndarray]) -> Weighing:
    """Take what `as_arrays` gave out of arrays by name.

    Args:
        flat: float of any precision; the arrays that are taken, (D,) or (D + 1, 2), are removed from it.

    Raises:
        ValueError: where something of it is missing or does not fit.
    """
    return Weighing(*(_of_way(flat, way) for way in Weighing._fields))


def _of_way(flat: dict[str, np.ndarray], way: str) -> dict[Part, Logistic]:
    own = {name: flat.pop(name) for name in list(flat) if name.startswith(f"{way}/")}
    found = {}
    for part in PARTS:
        arrays = [own.pop(f"{way}/{part.value}/{name}", None) for name in _FIELDS]
        if all(one is None for one in arrays):
            continue
        mean, scale, weights = (np.asarray(() if one is None else one, float) for one in arrays)
        numbers = width_of(_names(part))
        if mean.shape != (numbers,) or scale.shape != (numbers,) or weights.shape != (numbers + 1, 2):
            raise ValueError(f"its {way} of {part.value} are of another version")
        if not (scale > 0).all():
            raise ValueError(f"its {way} of {part.value} cannot be scaled")
        found[part] = Logistic(mean, scale, weights)
    if own:
        raise ValueError(f"it has {way} that no part has")
    return found


def _names(part: Part) -> list[str]:
    # What the kick does stands in another part, and most music does not say whether it wobbles.
    return [name for name in measures_of(part) if name not in BASS_ALONE]
