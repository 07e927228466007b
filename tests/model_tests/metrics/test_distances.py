"""Overlapped area and divergence: at their ends, against a closed form, and blind to scale."""

import numpy as np
import pytest

from model.metrics.distances import apartness, halves_apart, thinned


def normal(count: int, mean: float, seed: int, columns: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(mean, 1, (count, columns))


def test_music_from_one_distribution_overlaps_and_does_not_diverge() -> None:
    found = apartness(normal(300, 0, 1, 4), normal(300, 0, 2, 4))
    assert found.overlap > 0.97
    assert found.divergence < 0.01


def test_music_that_never_meets_does_not_overlap() -> None:
    found = apartness(normal(100, 0, 1), normal(100, 50, 2))
    assert found.overlap < 1e-6
    assert found.divergence > 10


def test_the_figures_are_those_of_the_formula() -> None:
    # One number, standard normal, against a set at 3: |N(0, 2)| against |N(3, 2)|, both densities being known.
    found = apartness(normal(2000, 0, 1)[:1500], normal(1500, 3, 2))
    d = np.linspace(0, 15, 20_001)
    step = d[1] - d[0]

    def density(mean: float) -> np.ndarray:
        return np.asarray((np.exp(-((d - mean) ** 2) / 4) + np.exp(-((d + mean) ** 2) / 4)) / np.sqrt(4 * np.pi))

    p, q = density(0), density(3)
    # The kernel smears the edge at distance 0, which costs a little.
    assert found.overlap == pytest.approx(float(np.minimum(p, q).sum() * step), abs=0.03)
    assert found.divergence == pytest.approx(float((p * np.log(p / q)).sum() * step), abs=0.1)


def test_a_unit_makes_no_difference() -> None:
    one, other = normal(80, 0, 1, 3), normal(80, 1, 2, 3)
    plain, scaled = apartness(one, other), apartness(one * 1000, other * 1000)
    assert scaled.overlap == pytest.approx(plain.overlap, abs=1e-6)
    assert scaled.divergence == pytest.approx(plain.divergence, abs=1e-6)


def test_sets_that_are_all_alike_overlap_wholly() -> None:
    assert apartness(np.ones((5, 2)), np.ones((5, 2))).overlap == pytest.approx(1)


def test_halves_are_of_groups_and_show_groups_that_differ() -> None:
    rng = np.random.default_rng(0)
    groups = [f"song {number}" for number in range(12) for _ in range(10)]
    alike = normal(120, 0, 3)
    apart = np.repeat(np.arange(12) * 10.0, 10)[:, None] + normal(120, 0, 4) / 100
    assert halves_apart(alike, groups, rng).overlap > 0.9
    assert halves_apart(apart, groups, rng).overlap < halves_apart(alike, groups, rng).overlap
    with pytest.raises(ValueError, match="four groups"):
        halves_apart(alike[:20], groups[:20], rng)


def test_thinning_keeps_rows_whole_and_few_sets_as_they_are() -> None:
    rows = np.arange(3000.0).reshape(1000, 3)
    kept = thinned(rows, np.random.default_rng(0))
    assert len(kept) < 1000
    assert set(map(tuple, kept)) <= set(map(tuple, rows))
    assert (thinned(rows[:50], np.random.default_rng(0)) == rows[:50]).all()
