"""The music around, read once: look-ups by frame and by bar, scores of a bar's sixteenths, and their slopes."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from model.context import KEY, SKIP, Context, ContextReader
from model.language.frames import FRAME_COLUMNS, FRAMES_A_BAR
from model.nn.draws import shapes_of

ROWS, BARS, WIDTH = 2, 3, 5


@pytest.fixture
def context() -> Context:
    dice = np.random.default_rng(0)
    values = dice.normal(size=(ROWS, BARS * FRAMES_A_BAR, WIDTH))
    return Context(jnp.array(values), jnp.array(dice.normal(size=(ROWS, BARS, FRAMES_A_BAR * KEY))))


def test_each_row_reads_its_own_frames_at_one_step_and_over_time(context: Context) -> None:
    frame_TxB = np.array([[0, 47], [17, 16], [3, 3]])
    wanted = np.asarray(context.values)[np.arange(ROWS), frame_TxB]
    np.testing.assert_array_equal(context.at(jnp.array(frame_TxB)), wanted)
    for frames, values in zip(frame_TxB, wanted, strict=True):
        np.testing.assert_array_equal(context.at(jnp.array(frames)), values)


def test_a_frame_brings_the_keys_of_its_whole_bar(context: Context) -> None:
    keys = np.asarray(context.keys).reshape(ROWS, BARS, FRAMES_A_BAR, KEY)
    first, last = (context.keys_of(jnp.array(frames)) for frames in ([16, 32], [31, 47]))
    np.testing.assert_array_equal(first, last)
    np.testing.assert_array_equal(first, keys[[0, 1], [1, 2]])


def test_a_sixteenth_scores_by_its_key_against_the_query(context: Context) -> None:
    query = np.zeros((ROWS, KEY))
    query[:, 2] = 4.0
    keys = np.asarray(context.keys).reshape(ROWS, BARS, FRAMES_A_BAR, KEY)
    scores = context.score_bar(jnp.array(query), jnp.array([5, 20]))
    assert scores.shape == (ROWS, FRAMES_A_BAR)
    np.testing.assert_allclose(scores, keys[[0, 1], [0, 1], :, 2] * 4 / np.sqrt(KEY), rtol=1e-5)


def test_the_slope_of_reading_adds_up_where_a_frame_is_read_again(context: Context) -> None:
    frame_TxB = jnp.array([[7, 1], [7, 2], [0, 1]])
    weight = jnp.arange(3 * ROWS * WIDTH, dtype=float).reshape(3, ROWS, WIDTH)
    slope = jax.grad(lambda values: (Context(values, context.keys).at(frame_TxB) * weight).sum())(context.values)
    wanted = np.zeros(slope.shape)
    for t, frames in enumerate(np.asarray(frame_TxB)):
        for row, frame in enumerate(frames):
            wanted[row, frame] += weight[t, row]
    np.testing.assert_allclose(slope, wanted, rtol=1e-6)


@pytest.mark.parametrize(("both_ways", "width"), [(True, 2 * 6 + SKIP), (False, 6 + SKIP)])
def test_a_reader_is_as_wide_as_its_ways_and_its_skip(both_ways: bool, width: int) -> None:
    reader = shapes_of(lambda rngs: ContextReader(6, both_ways, 10, rngs=rngs))
    graph, state = nnx.split(reader)
    frames = jax.ShapeDtypeStruct((ROWS, BARS * FRAMES_A_BAR, FRAME_COLUMNS), jnp.float16)
    made = jax.eval_shape(lambda state, frames: nnx.merge(graph, state)(frames), state, frames)
    assert reader.width == width
    assert made.values.shape == (ROWS, BARS * FRAMES_A_BAR, width)
    assert made.keys.shape == (ROWS, BARS, FRAMES_A_BAR * KEY)
