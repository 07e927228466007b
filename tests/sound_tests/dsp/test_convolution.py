"""Convolution in blocks, beside convolution at once."""

import numpy as np
import pytest

from sound.dsp.convolution import Convolver


@pytest.mark.parametrize("block", [50, 333, 2000])
def test_blocks_of_any_length_ring_as_one(block: int) -> None:
    chance = np.random.default_rng(4)
    responses = chance.standard_normal((2, 2, 300)).astype(np.float32)
    inputs = chance.standard_normal((2, 2000)).astype(np.float32)
    whole = np.stack([sum(np.convolve(inputs[i], responses[i, c])[:2000] for i in range(2)) for c in range(2)])
    convolver = Convolver(responses)
    pieces = []
    for at in range(0, 2000, block):
        count = min(block, 2000 - at)
        heard = convolver.run([inputs[0, at : at + count], inputs[1, at : at + count]], count)
        assert heard is not None
        pieces.append(heard)
    assert np.concatenate(pieces, axis=1) == pytest.approx(whole, abs=1e-3)


def test_what_rings_is_heard_in_silence_and_then_nothing_is_computed() -> None:
    responses = np.ones((1, 1, 250), np.float32)
    convolver = Convolver(responses)
    assert convolver.run([None], 100) is None
    convolver.run([np.ones(100, np.float32)], 100)
    heard = [convolver.run([None], 100) for _ in range(4)]
    assert heard[0] is not None
    assert heard[0][0, 0] == pytest.approx(100)
    assert heard[2] is not None
    assert heard[2][0, -1] == pytest.approx(0, abs=1e-5)
    assert heard[3] is None
