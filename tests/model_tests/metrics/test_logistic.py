"""The small classifier hears what is there, hears nothing where nothing is, and never hears a group it has learned."""

import numpy as np
import pytest

from model.metrics.logistic import area_under_curve, fit_choice, fit_logistic, hear


def songs(count: int, each: int) -> list[str]:
    return [f"song {number}" for number in range(count) for _ in range(each)]


def test_what_differs_is_heard_in_every_class() -> None:
    rng = np.random.default_rng(0)
    y = np.tile(np.arange(3), 60)
    x = np.eye(3)[y] * 4 + rng.normal(0, 1, (180, 3))
    heard = hear(x, y, songs(30, 6), 3, rng)
    assert heard.accuracy > 0.9
    assert heard.chance == pytest.approx(1 / 3)
    assert (heard.auc, heard.phrases) == (None, 180)


def test_noise_is_heard_as_chance() -> None:
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, 400)
    heard = hear(rng.normal(0, 1, (400, 10)), y, songs(100, 4), 2, rng)
    assert heard.accuracy == pytest.approx(0.5, abs=0.08)
    assert heard.auc == pytest.approx(0.5, abs=0.08)


def test_a_song_by_which_it_could_be_known_is_never_on_both_sides() -> None:
    # The label goes with the song, and the numbers tell the song alone.
    rng = np.random.default_rng(2)
    groups = songs(20, 10)
    x = np.eye(20)[[int(name.split()[1]) for name in groups]]
    y = np.array([int(name.split()[1]) % 2 for name in groups])
    assert (fit_logistic(x, y, 2).probabilities(x).argmax(1) == y).all()
    assert hear(x, y, groups, 2, rng).accuracy < 0.75


def test_a_rare_class_weighs_as_much_as_a_common_one() -> None:
    rng = np.random.default_rng(3)
    y = (np.arange(400) % 20 == 0).astype(int)
    heard = hear(rng.normal(0, 1, (400, 2)), y, songs(40, 10), 2, rng)
    assert heard.accuracy < 0.7


def test_what_is_not_known_counts_as_the_mean() -> None:
    x = np.array([[0.0, 1.0], [2.0, np.nan], [0.0, 3.0], [2.0, np.nan]])
    model = fit_logistic(x, np.array([0, 1, 0, 1]), 2)
    unknown, mean = (model.probabilities(np.array([[1.5, value]])) for value in (np.nan, 2.0))
    assert unknown == pytest.approx(mean)
    assert unknown[0, 1] > 0.5


def test_a_number_that_never_changes_is_no_evidence() -> None:
    x = np.column_stack([np.ones(40), np.tile([0.0, 1.0], 20)])
    model = fit_logistic(x, np.tile([0, 1], 20), 2)
    assert model.probabilities(np.array([[5.0, 0.0]])) == pytest.approx(model.probabilities(np.array([[1.0, 0.0]])))


def test_fitting_reaches_the_minimum() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(0, 3, (60, 5)), rng.integers(0, 3, 60)
    model = fit_logistic(x, y, 3)
    standard = np.column_stack([(x - model.mean) / model.scale, np.ones(60)])

    def cost(weights: np.ndarray) -> float:
        logits = standard @ weights
        log_p = logits - np.log(np.exp(logits).sum(1, keepdims=True))
        by_class = [-log_p[y == one, one].mean() for one in range(3)]
        return float(np.mean(by_class) + 0.005 * (weights[:-1] ** 2).sum())

    best = cost(model.weights)
    assert all(cost(model.weights + 0.01 * rng.normal(0, 1, model.weights.shape)) > best for _ in range(20))


def test_the_area_counts_pairs_in_order_and_ties_as_half() -> None:
    scores, positive = np.array([0.1, 0.4, 0.4, 0.9]), np.array([False, False, True, True])
    assert area_under_curve(scores, positive) == pytest.approx(3.5 / 4)
    assert area_under_curve(-scores, positive) == pytest.approx(0.5 / 4)
    assert area_under_curve(scores, np.ones(4, bool)) == 0.5


def test_a_choice_is_learned_from_what_differs_within_a_group_alone() -> None:
    """Where groups are large, all of them lie high in one number: told one by one, that would speak against it."""
    rng = np.random.default_rng(4)
    sizes = np.tile([2, 9, 3, 1], 100)
    group = np.repeat(np.arange(len(sizes)), sizes)
    chosen = np.diff(group, prepend=-1) > 0
    x = np.column_stack([sizes[group], rng.normal(0, 3, len(sizes))[group] + rng.normal(0, 1, len(group)) + chosen])
    x[rng.random(len(x)) < 0.05, 1] = np.nan
    fitted = fit_choice(x, group, chosen)
    per_size, merit = (fitted.weights[:2, 0] - fitted.weights[:2, 1]) / fitted.scale
    assert per_size == pytest.approx(0, abs=1e-6)
    assert 0.5 < merit < 1.3
    log_odds = np.log(fitted.probabilities(x)) @ [1, -1]
    assert log_odds[chosen].mean() == pytest.approx(-log_odds[~chosen].mean())
    assert log_odds[chosen].mean() > 0.2
    one_by_one = fit_logistic(x, (~chosen).astype(int), 2, np.ones(len(x)))
    alone = (one_by_one.weights[:2, 0] - one_by_one.weights[:2, 1]) / one_by_one.scale
    assert alone[0] < -0.1
    assert alone[1] < merit / 2
