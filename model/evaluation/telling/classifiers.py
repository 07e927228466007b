"""Classifiers that tell real drops from composed ones, judged on songs that they have not heard.

They are scikit-learn's, which nothing else of Dropsmith needs: it is imported when they are.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np

from model.evaluation.telling.features import PairFeatures
from model.metrics.logistic import area_under_curve
from song.errors import UserError

FOLDS = 5
TREES, ROUNDS = 120, 40
"""Trees that vote, and trees that are added one to the other."""
SAME_CORRELATION = 0.8
"""Features that correlate so much, whatever the sign, say much the same."""
INSTALL = 'pip install "dropsmith[measure]"'


class Told(msgspec.Struct, frozen=True):
    """Success of the strongest of the classifiers.

    Attributes:
        accuracy: share told right, real and composed weighing the same: the mean over some sharings of the songs out
            into folds, 0-1.
        spread: standard deviation from one sharing to the next.
        classifier: which it was.
    """

    accuracy: float
    spread: float
    classifier: str


class Telling(msgspec.Struct, frozen=True):
    """A feature by itself.

    Attributes:
        group, name: which.
        real, composed: its mean.
        told: how often it tells a real from a composed drop, by the side of it that serves best: area under the curve,
            0.5-1.
        pairs: pairs that have it.
    """

    group: str
    name: str
    real: float
    composed: float
    told: float
    pairs: int


def check_classifiers() -> None:
    """See that there is what the classifiers need.

    Raises:
        UserError: where scikit-learn is not installed.
    """
    try:
        import sklearn  # noqa: F401
    except ImportError as error:
        raise UserError(f"telling drops apart needs scikit-learn, which is not installed: {INSTALL}") from error


def classifiers(seed: int) -> dict[str, Callable[[], Any]]:
    """The makers of a fresh classifier of each kind.

    Args:
        seed: of those that draw at random.
    """
    from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    def filled(*steps: Any) -> Any:
        return make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), *steps)

    return {
        "logistic regression": lambda: filled(StandardScaler(), LogisticRegression(C=0.01, max_iter=500)),
        "randomized trees": lambda: filled(
            ExtraTreesClassifier(TREES, min_samples_leaf=2, max_features=0.2, random_state=seed)
        ),
        "gradient boosting": lambda: HistGradientBoostingClassifier(
            max_iter=ROUNDS, learning_rate=0.2, max_leaf_nodes=6, min_samples_leaf=6, l2_regularization=1.0,
            max_features=0.3, early_stopping=False, random_state=seed,
        ),
    }  # fmt: skip


def tell(features: PairFeatures, seed: int, foldings: int, *, shuffled: bool = False) -> Told:
    """Judge how well real drops are told from composed ones; both of a pair are always in the same fold.

    Args:
        features: what is heard of each.
        seed: shares pairs out, and swaps labels.
        foldings: times that the pairs are shared out anew.
        shuffled: whether real and composed change places in half of the pairs, drawn at random: the floor.
    """
    import sklearn.ensemble  # noqa: F401  first: what is loaded later does not keep to the limit
    from threadpoolctl import threadpool_limits

    pairs = len(features.real)
    x_NxD = np.concatenate([features.real, features.composed])
    song_N = np.tile(np.arange(pairs), 2)
    accuracies: dict[str, list[float]] = {}
    # One thread: there is too little to learn for more, and where others work too they wait for each other.
    with threadpool_limits(1):
        for folding in range(foldings):
            for name, accuracy in _accuracies(x_NxD, song_N, seed, folding, shuffled=shuffled).items():
                accuracies.setdefault(name, []).append(accuracy)
    name, found = max(accuracies.items(), key=lambda item: float(np.mean(item[1])))
    return Told(float(np.mean(found)), float(np.std(found)), name)


def telling_features(features: PairFeatures, fewest_pairs: int) -> list[Telling]:
    """Each feature by itself, those that tell most first.

    Args:
        features: what is heard of each.
        fewest_pairs: a feature that fewer pairs have is left out.
    """
    found = []
    for index, (group, name) in enumerate(zip(features.groups, features.names, strict=True)):
        known = ~np.isnan(features.real[:, index])
        if known.sum() >= max(fewest_pairs, 1):
            real, composed = features.real[known, index], features.composed[known, index]
            area = area_under_curve(np.concatenate([real, composed]), np.arange(2 * len(real)) < len(real))
            told = max(area, 1 - area)
            found.append(Telling(group, name, float(real.mean()), float(composed.mean()), told, int(known.sum())))
    return sorted(found, key=lambda one: -one.told)


def distinct(found: Sequence[Telling], features: PairFeatures, most: int) -> list[Telling]:
    """At most so many of the features, in order, without those that say much the same as one before."""
    x_NxD = np.concatenate([features.real, features.composed])
    column_of = {key: index for index, key in enumerate(zip(features.groups, features.names, strict=True))}
    kept: list[Telling] = []
    for one in found:
        own = x_NxD[:, column_of[one.group, one.name]]
        if len(kept) < most and all(
            _likeness(own, x_NxD[:, column_of[two.group, two.name]]) < SAME_CORRELATION for two in kept
        ):
            kept.append(one)
    return kept


def _likeness(a_N: np.ndarray, b_N: np.ndarray) -> float:
    """The correlation of two features, whatever its sign, over the drops that have both; 0 where one never differs."""
    known = np.isfinite(a_N) & np.isfinite(b_N)
    if known.sum() < 2 or a_N[known].std() < 1e-9 or b_N[known].std() < 1e-9:
        return 0.0
    return abs(float(np.corrcoef(a_N[known], b_N[known])[0, 1]))


def _accuracies(x_NxD: np.ndarray, song_N: np.ndarray, seed: int, folding: int, *, shuffled: bool) -> dict[str, float]:
    """The balanced accuracy of each classifier under one sharing out of the songs."""
    pairs = len(x_NxD) // 2
    rng = np.random.default_rng([seed, folding])
    swapped = rng.random(pairs) < 0.5 if shuffled else np.zeros(pairs, bool)
    real_N = np.concatenate([~swapped, swapped])
    fold_N = (rng.permutation(pairs) % FOLDS)[song_N]
    found = {}
    for name, make in classifiers(seed + folding).items():
        right_N = np.zeros(len(x_NxD), bool)
        for fold in sorted(set(fold_N.tolist())):
            held = fold_N == fold
            # What is never known says nothing, and some classifiers cannot do with it.
            x = x_NxD[:, np.isfinite(x_NxD[~held]).any(0)]
            right_N[held] = make().fit(x[~held], real_N[~held]).predict(x[held]) == real_N[held]
        found[name] = float((right_N[real_N].mean() + right_N[~real_N].mean()) / 2)
    return found
