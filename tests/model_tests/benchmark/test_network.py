"""The benchmark's network: one probability a set of keys, no look ahead."""

from itertools import product

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from model.benchmark.network import place_intervals
from tests.model_tests.benchmark_pieces import nats, network, piece


def test_the_probabilities_of_all_sets_of_keys_sum_to_one() -> None:
    past, sets = piece(6, 3, seed=1), list(product((0, 1), repeat=3))
    for t in (1, 3, 6):
        pieces = [np.vstack([past[:t], [keys]]).astype(np.uint8) for keys in sets]
        likelihoods = [float(np.exp(-of_piece[-1])) for of_piece in nats(pieces, network())]
        assert len(likelihoods) == 8
        assert sum(likelihoods) == pytest.approx(1, abs=1e-5)
        assert max(likelihoods) > 0.15, "random weights prefer some sets: the sum says something"


def test_a_frame_is_foretold_from_its_past_alone() -> None:
    frames = piece(12, 3, seed=2)
    changes = (5, 11)
    others = []
    for changed in changes:
        other = frames.copy()
        other[changed] = 1 - other[changed]
        others.append(other)
    before, *after = nats([frames, *others], network())
    for changed, found in zip(changes, after, strict=True):
        np.testing.assert_allclose(found[: changed - 1], before[: changed - 1], atol=1e-5)
        assert abs(found[changed - 1] - before[changed - 1]) > 1e-4


def test_intervals_and_their_gradients_are_laid_on_the_keyboard() -> None:
    keys = jax.random.split(jax.random.key(0), 2)
    scores, base, weight = jax.random.normal(keys[0], (3, 5)), jnp.array([-1, 2, 9]), jax.random.normal(keys[1], (3, 6))

    def plain(scores: jax.Array) -> jax.Array:
        rows = [[scores[b, key - base[b] + 2] if 0 <= key - base[b] + 2 < 5 else 0.0 for key in range(6)]
                for b in range(3)]  # fmt: skip
        return jnp.array(rows)

    def ours(scores: jax.Array) -> jax.Array:
        return place_intervals(scores, base, 6)

    np.testing.assert_allclose(ours(scores), plain(scores), atol=1e-6)
    gradients = [jax.grad(lambda x, f=f: (f(x) * weight).sum())(scores) for f in (ours, plain)]
    np.testing.assert_allclose(*gradients, atol=1e-6)
