"""A small classifier over feature vectors, and how well it does on groups that it has not seen.

Multinomial logistic regression on standardized numbers with a quadratic penalty, or a conditional one that tells which
of several phrases is the one, both fitted by Nesterov's accelerated gradient; what is not known counts as the mean.
Imports NumPy but no JAX.
"""

from collections.abc import Callable, Sequence

import msgspec
import numpy as np

PENALTY = 0.01
"""The usual weight of the penalty."""
_STEPS = 300
_FOLDS = 5


class Logistic(msgspec.Struct, frozen=True):
    """A fitted classifier of C classes over D numbers.

    Attributes:
        mean, scale: float64 (D,), what standardizes the numbers.
        weights: float64 (D + 1, C), the constant's last.
    """

    mean: np.ndarray
    scale: np.ndarray
    weights: np.ndarray

    def probabilities(self, x_NxD: np.ndarray) -> np.ndarray:
        """The probability of each class: float64 (N, C)."""
        return _softmax(_standard(x_NxD, self.mean, self.scale) @ self.weights)


class Separation(msgspec.Struct, frozen=True):
    """Success at telling classes apart, on groups that the classifier had not seen.

    Attributes:
        accuracy: share of the phrases that were told right, 0-1, every class weighing the same.
        chance: what guessing gives, 0-1.
        auc: for two classes, the chance that one of the second is held likelier to be so than one of the first.
        phrases: how many were judged.
    """

    accuracy: float
    chance: float
    auc: float | None
    phrases: int


def fit_logistic(
    x_NxD: np.ndarray, y_N: np.ndarray, classes: int, weight_N: np.ndarray | None = None, penalty: float = PENALTY
) -> Logistic:
    """Fit a classifier.

    Args:
        x_NxD: float64, NaN where a number is not known.
        y_N: int, the class of each phrase, 0 to `classes` - 1.
        classes: 2 or more.
        weight_N: how much each phrase counts; None: every class weighs the same however many phrases it has.
        penalty: weight of half the squared parameters beside the mean nats of a phrase.
    """
    mean, scale = _moments(x_NxD)
    x = _standard(x_NxD, mean, scale)
    share = np.bincount(y_N, minlength=classes)
    weight = (1 / np.maximum(share, 1))[y_N] if weight_N is None else weight_N
    weight = weight / weight.sum()
    target = np.eye(classes)[y_N]
    # Half the largest curvature of the softmax is bounded by that of the weighted second moments.
    bound = 0.5 * float(np.linalg.eigvalsh((x * weight[:, None]).T @ x)[-1]) + penalty
    penalized = np.ones((x.shape[1], 1))
    penalized[-1] = 0

    def gradient(weights: np.ndarray) -> np.ndarray:
        return np.asarray(x.T @ ((_softmax(x @ weights) - target) * weight[:, None]) + penalty * penalized * weights)

    return Logistic(mean, scale, _descend(gradient, bound, (x.shape[1], classes)))


def fit_choice(x_NxD: np.ndarray, set_N: np.ndarray, chosen_N: np.ndarray, penalty: float = PENALTY) -> Logistic:
    """Fit what tells the one that is chosen of each set from the others of it: McFadden's conditional logit.

    What all of a set have in common tells nothing here, where `fit_logistic` may learn from it.

    Args:
        x_NxD: float64, NaN where a number is not known.
        set_N: int, the set of each phrase, from 0 and in order.
        chosen_N: bool, one true a set.
        penalty: weight of half the squared parameters beside the mean nats of a set.

    Returns:
        A classifier whose class 0 is to be chosen. Differences of its logits mean something within a set; their zero
        lies midway between the chosen and the others of all sets.
    """
    mean, scale = _moments(x_NxD)
    x = _standard(x_NxD, mean, scale)[:, :-1]
    starts = np.flatnonzero(np.diff(set_N, prepend=-1))
    sets, sizes = len(starts), np.diff([*starts, len(set_N)])
    within = x - (np.add.reduceat(x, starts) / sizes[:, None])[set_N]
    bound = 0.5 * float(np.linalg.eigvalsh(within.T @ within / sets)[-1]) + penalty

    def gradient(weights: np.ndarray) -> np.ndarray:
        logits = x @ weights
        likely = np.exp(logits - np.maximum.reduceat(logits, starts)[set_N])
        likely /= np.add.reduceat(likely, starts)[set_N]
        return np.asarray(x.T @ (likely - chosen_N) / sets + penalty * weights)

    weights = _descend(gradient, bound, (x.shape[1],))
    logits = x @ weights
    midway = (logits[chosen_N].mean() + logits[~chosen_N].mean()) / 2
    chosen = np.append(weights, -midway)
    return Logistic(mean, scale, np.column_stack([chosen, np.zeros_like(chosen)]))


def hear(
    x_NxD: np.ndarray, y_N: np.ndarray, groups: Sequence[str], classes: int, rng: np.random.Generator
) -> Separation:
    """Tell classes apart by cross-validation, all phrases of a group on one side.

    Args:
        x_NxD: float64, NaN where a number is not known.
        y_N: int, the class of each phrase.
        groups: what each phrase is from: a song, a seed.
        classes: 2 or more.
        rng: shares the groups out.
    """
    names = rng.permutation(sorted(set(groups))).tolist()
    fold_of = {name: index % _FOLDS for index, name in enumerate(names)}
    folds = np.array([fold_of[group] for group in groups])
    likely = np.full((len(y_N), classes), 1 / classes)
    for fold in range(min(_FOLDS, len(names))):
        held = folds == fold
        if held.any() and len(set(y_N[~held].tolist())) == classes:
            likely[held] = fit_logistic(x_NxD[~held], y_N[~held], classes).probabilities(x_NxD[held])
    right = likely.argmax(1) == y_N
    by_class = [float(right[y_N == one].mean()) for one in range(classes) if (y_N == one).any()]
    auc = area_under_curve(likely[:, 1], y_N == 1) if classes == 2 else None
    return Separation(float(np.mean(by_class)), 1 / classes, auc, len(y_N))


def area_under_curve(scores: np.ndarray, positive: np.ndarray) -> float:
    """The chance that one of the positives outscores one of the negatives, ties counting half, 0-1.

    Where there are none of one kind it is 0.5.

    Args:
        scores: float (N,).
        positive: bool (N,).
    """
    if positive.all() or not positive.any():
        return 0.5
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    hits = int(positive.sum())
    return float((rank[positive].sum() - hits * (hits + 1) / 2) / (hits * (len(scores) - hits)))


def _descend(gradient: Callable[[np.ndarray], np.ndarray], bound: float, shape: tuple[int, ...]) -> np.ndarray:
    """Where a convex cost is least, from zero on; `bound` is one on its curvature."""
    weights = ahead = np.zeros(shape)
    for step in range(_STEPS):
        new = ahead - gradient(ahead) / bound
        ahead = new + step / (step + 3) * (new - weights)
        weights = new
    return weights


def _moments(x_NxD: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and deviation of what is known of each number; infinite where it is always the same."""
    known = ~np.isnan(x_NxD)
    counts = np.maximum(known.sum(0), 1)
    mean = np.where(known, x_NxD, 0).sum(0) / counts
    scale = np.sqrt(np.where(known, (x_NxD - mean) ** 2, 0).sum(0) / counts)
    return mean, np.where(scale > 1e-9, scale, np.inf)


def _standard(x_NxD: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    standard = np.nan_to_num((x_NxD - mean) / scale, nan=0.0)
    return np.column_stack([standard, np.ones(len(standard))])


def _softmax(logits: np.ndarray) -> np.ndarray:
    likely = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(likely / likely.sum(1, keepdims=True))
