"""The side-chain: as deep as each kick pushes, at once, and back within a quarter of a second."""

import numpy as np
import pytest

from sound.rates import CONTROL_FRAMES, SAMPLE_RATE
from sound.voices.ducking import Ducking


def test_a_kick_pushes_down_at_once_and_lets_go() -> None:
    depth = Ducking([(4800, 0.6)]).depth(0, SAMPLE_RATE)
    assert depth is not None
    assert (depth[: 4800 - CONTROL_FRAMES] == 0).all()
    assert depth[4800 + 96 + CONTROL_FRAMES] == pytest.approx(0.6)
    assert depth[4800 + 6000] < 0.4
    assert (depth[4800 + SAMPLE_RATE // 4 :] == 0).all()


def test_blocks_join_and_the_deeper_of_two_kicks_counts() -> None:
    ducking = Ducking([(5000, 0.5), (7000, 0.9), (40_000, 0.2)])
    whole = ducking.depth(0, 48_000)
    parts = [ducking.depth(at, 4800) for at in range(0, 48_000, 4800)]
    assert whole is not None
    joined = np.concatenate([np.zeros(4800) if part is None else part for part in parts])
    assert joined == pytest.approx(whole, abs=1e-5)
    assert whole.max() == pytest.approx(0.9)


def test_nothing_is_computed_where_no_kick_pushes() -> None:
    assert Ducking([(0, 0.5)]).depth(SAMPLE_RATE, 4800) is None
    assert Ducking([(0, 0.0)]).depth(0, 4800) is None
    assert Ducking([]).depth(0, 4800) is None
