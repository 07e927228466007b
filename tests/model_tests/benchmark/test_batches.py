"""Batches of piano rolls: transposed windows, and whole pieces of which no frame is lost."""

import jax
import numpy as np
import pytest

from model.benchmark.batches import collate, shifts_of, whole_pieces
from model.benchmark.data import look_back
from model.benchmark.train import judge
from tests.model_tests.benchmark_pieces import LAGS, nats, network, piece


def test_a_shifted_piece_is_the_piece_shifted() -> None:
    frames = np.zeros((9, 8), np.uint8)
    frames[:, 2:5] = piece(9, 3, seed=3)
    look, shifted = look_back(frames, LAGS, 9), look_back(np.roll(frames, 2, axis=1), LAGS, 9)
    ours, wanted = collate([(look, 0, 2)], 8), collate([(shifted, 0, 0)], 8)
    for name, values in wanted.items():
        np.testing.assert_allclose(ours[name], values, err_msg=name)
    assert shifts_of(look, 6) == [-2, -1, 0, 1, 2, 3]


def test_batches_of_whole_pieces_lose_no_frame_and_change_no_figure() -> None:
    model = network()
    frame_nats = jax.jit(lambda batch: model.frame_nats(batch))
    pieces = [piece(length, 3, seed=length) for length in (70, 5, 9)]
    looks = [look_back(frames, LAGS, 4) for frames in pieces]
    batches = list(whole_pieces(looks, 0, 128))
    assert len(batches) > 1
    found = {n: np.asarray(frame_nats(batch))[: len(looks[n].tokens), b]
             for chosen, batch in batches for b, n in enumerate(chosen)}  # fmt: skip
    wanted = nats(pieces, model)
    for n, of_piece in enumerate(wanted):
        np.testing.assert_allclose(found[n], of_piece, atol=1e-4)
    mean, _ = judge(lambda _, batch: frame_nats(batch), None, looks, 0)
    assert mean == pytest.approx(float(np.concatenate(wanted).mean()), abs=1e-4)
