"""The classifiers on numbers with a planted difference, and on numbers without one."""

import sys

import numpy as np
import pytest

from model.evaluation.telling import classifiers
from model.evaluation.telling.classifiers import check_classifiers, distinct, tell, telling_features
from model.evaluation.telling.features import PairFeatures
from song.errors import UserError


@pytest.fixture(autouse=True)
def _few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forests as small as what they are to learn."""
    monkeypatch.setattr(classifiers, "TREES", 20)
    monkeypatch.setattr(classifiers, "ROUNDS", 10)


def numbers(pairs: int, planted: float, seed: int = 0) -> PairFeatures:
    """Six numbers of each drop; the third of the composed ones is higher by so much, and the last is never known."""
    rng = np.random.default_rng(seed)
    song = rng.normal(0, 2, (pairs, 6))
    real, composed = song + rng.normal(0, 0.3, (pairs, 6)), song + rng.normal(0, 0.3, (pairs, 6))
    composed[:, 2] += planted
    real[:, 5] = composed[:, 5] = np.nan
    return PairFeatures(("form",) * 6, tuple("abcdef"), real, composed)


def test_a_planted_difference_is_found_and_shuffled_labels_hide_it() -> None:
    features = numbers(40, 8.0)
    told = tell(features, 0, 1)
    assert told.accuracy > 0.9
    assert told.classifier in classifiers.classifiers(0)
    assert tell(features, 0, 2, shuffled=True).accuracy < 0.7


def test_without_a_difference_it_is_no_better_than_guessing() -> None:
    assert 0.2 < tell(numbers(40, 0.0), 1, 2).accuracy < 0.68


def test_both_of_a_pair_are_judged_by_those_that_have_heard_neither() -> None:
    # Each pair has a place of its own, which a classifier that heard one of the two would know the other by.
    rng = np.random.default_rng(3)
    place = rng.permutation(30)[:, None] * 100.0
    apart = PairFeatures(("form",), ("a",), place + 1, place)
    assert tell(apart, 0, 2).accuracy <= 0.6


def test_features_are_ranked_by_what_they_tell_by_themselves() -> None:
    features = numbers(40, 8.0)
    first, *rest = telling_features(features, 10)
    assert (first.name, first.group, first.pairs) == ("c", "form", 40)
    assert first.told > 0.95 > rest[0].told >= rest[-1].told >= 0.5
    assert first.composed - first.real == pytest.approx(8, abs=0.3)
    assert {one.name for one in rest} == set("abde")


def test_a_feature_that_says_the_same_as_one_before_is_left_out() -> None:
    features = numbers(40, 8.0)
    twice = PairFeatures(
        (*features.groups, "form"), (*features.names, "c again"),
        np.c_[features.real, -features.real[:, 2]], np.c_[features.composed, -features.composed[:, 2]],
    )  # fmt: skip
    found = telling_features(twice, 10)
    assert {one.name for one in found[:2]} == {"c", "c again"}
    kept = distinct(found, twice, 3)
    assert len(kept) == 3
    assert len({"c", "c again"} & {one.name for one in kept}) == 1


def test_a_missing_library_is_told_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    check_classifiers()
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(UserError, match=r'needs scikit-learn, which is not installed: pip install "dropsmith\[measure'):
        check_classifiers()
