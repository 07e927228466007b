"""Weights to begin with: those of Flax's own layers where they are drawn, none where shapes alone are asked for."""

import jax
import numpy as np
import pytest
from flax import nnx

from model.nn.draws import Linear, normal, shapes_of, uniform
from model.nn.embedding import Embedding
from model.nn.lstm import LSTMLayer


class Layers(nnx.Module):
    """One of each."""

    def __init__(self, *, rngs: nnx.Rngs) -> None:
        self.linear = Linear(3, 2, rngs=rngs)
        self.table = Embedding(4, 3, rngs=rngs)
        self.lstm = LSTMLayer(3, 2, rngs=rngs)


def test_a_linear_layer_begins_as_that_of_flax() -> None:
    ours, theirs = (kind(5, 4, rngs=nnx.Rngs(7)) for kind in (Linear, nnx.Linear))
    for a, b in zip(jax.tree.leaves(nnx.state(ours)), jax.tree.leaves(nnx.state(theirs)), strict=True):
        np.testing.assert_array_equal(a, b)


def test_draws_are_those_of_the_key() -> None:
    key = jax.random.key(3)
    np.testing.assert_array_equal(normal(key, (2, 3)), jax.random.normal(key, (2, 3)))
    drawn = uniform(key, (500,))
    np.testing.assert_array_equal(drawn, jax.random.uniform(key, (500,), minval=-1.0, maxval=1.0))
    assert float(drawn.min()) < -0.9
    assert float(drawn.max()) > 0.9


def test_shapes_are_those_of_the_drawn_network_and_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = nnx.state(Layers(rngs=nnx.Rngs(0)))
    for name in ("normal", "uniform", "truncated_normal", "bits"):
        monkeypatch.delattr(f"jax.random.{name}")
    shapes = nnx.state(shapes_of(lambda rngs: Layers(rngs=rngs)))
    assert jax.tree.structure(shapes) == jax.tree.structure(drawn)
    for shape, leaf in zip(jax.tree.leaves(shapes), jax.tree.leaves(drawn), strict=True):
        assert isinstance(shape, jax.ShapeDtypeStruct)
        assert (shape.shape, shape.dtype) == (leaf.shape, leaf.dtype)
