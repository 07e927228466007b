"""Distance between two sets of phrases in one measure: overlapped area and divergence of their distances.

For one measure, let D(A, A) be the Euclidean distances between every two phrases of a set A, and D(A, B) those between
every phrase of A and every phrase of B. A Gaussian kernel density estimate with Scott's bandwidth makes a density p of
D(real, real) and a density q of D(real, generated). Then

    overlapped area = integral of min(p, q)        1 where the two sets cannot be told apart, 0 where they never meet
    divergence      = integral of p ln(p / q)      the Kullback-Leibler divergence of q from p, in nats

Source: Yang and Lerch, "On the evaluation of generative models in music", Neural Computing and Applications 32 (2020),
and their code, mgeval. Here both densities are taken on one grid. Imports NumPy but no JAX.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

GRID = 2048
_MOST_ROWS = 400
_KERNEL_REACH = 4
_FLOOR = 1e-12


class Apartness(msgspec.Struct, frozen=True):
    """The distance of a set from another in one measure.

    Attributes:
        overlap: overlapped area, 0-1.
        divergence: Kullback-Leibler divergence in nats, 0 or more.
    """

    overlap: float
    divergence: float


def apartness(real: np.ndarray, other: np.ndarray) -> Apartness:
    """The distance of another set from a real one.

    Args:
        real, other: float64 (phrases, numbers), two phrases or more of `real`, one or more of the other.
    """
    within = _distances(real, real)[np.triu_indices(len(real), 1)]
    between = _distances(real, other).reshape(-1)
    p, q, step = _densities(within, between)
    p_floored, q_floored = np.maximum(p, _FLOOR), np.maximum(q, _FLOOR)
    divergence = float((p_floored * np.log(p_floored / q_floored)).sum() * step)
    return Apartness(float(np.minimum(p, q).sum() * step), max(divergence, 0.0))


def halves_apart(real: np.ndarray, groups: Sequence[str], rng: np.random.Generator, rounds: int = 8) -> Apartness:
    """The floor of any generator's distance, which is that between halves of the real music, halved by group.

    The mean over some random halvings.

    Args:
        real: float64 (phrases, numbers).
        groups: where each phrase is from; phrases of one group stay together.
        rng: halves the groups.
        rounds: halvings.

    Raises:
        ValueError: where there are fewer than four groups.
    """
    names = sorted(set(groups))
    if len(names) < 4:
        raise ValueError("halving takes four groups or more")
    found = []
    for _ in range(rounds):
        first = set(rng.permutation(names)[: len(names) // 2].tolist())
        mask = np.array([group in first for group in groups])
        if mask.sum() >= 2 and not mask.all():
            found.append(apartness(real[mask], real[~mask]))
    return Apartness(float(np.mean([one.overlap for one in found])), float(np.mean([one.divergence for one in found])))


def thinned(rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """At most some hundred phrases, chosen at random: distances go with the square of their number.

    Args:
        rows: float64 (phrases, numbers).
        rng: chooses.

    Returns:
        float64 (phrases, numbers), the rows in their order.
    """
    if len(rows) <= _MOST_ROWS:
        return rows
    return rows[np.sort(rng.choice(len(rows), _MOST_ROWS, replace=False))]


def _distances(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    squares = (one**2).sum(1)[:, None] + (other**2).sum(1)[None, :] - 2 * one @ other.T
    return np.sqrt(np.maximum(squares, 0))


def _densities(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Both densities on one grid, and the grid's step; each adds up to 1 over the grid."""
    high = float(max(one.max(), other.max()))
    widths = [_bandwidth(values) for values in (one, other)]
    # Distances that are all alike still need a kernel that a grid can hold.
    least = max(high, 1e-6) / 200
    widths = [max(width, least) for width in widths]
    reach = _KERNEL_REACH * max(widths)
    grid = np.linspace(-reach, high + reach, GRID)
    step = float(grid[1] - grid[0])
    return _density(one, grid, widths[0]), _density(other, grid, widths[1]), step


def _bandwidth(values: np.ndarray) -> float:
    """Scott's rule for one dimension."""
    return float(values.std(ddof=1) * len(values) ** -0.2) if len(values) > 1 else 0.0


def _density(values: np.ndarray, grid: np.ndarray, width: float) -> np.ndarray:
    step = grid[1] - grid[0]
    counts = np.bincount(np.round((values - grid[0]) / step).astype(np.int64), minlength=len(grid))
    reach = int(np.ceil(_KERNEL_REACH * width / step))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * step / width) ** 2)
    smooth = np.convolve(counts, kernel)[reach : reach + len(grid)]
    return np.asarray(smooth / (smooth.sum() * step))
