"""The lane for sound beside the lane for controllers: one oscillator, two ways to write it down."""

import numpy as np
import pytest

from song.export.wobble_cc import OPEN, filter_value, resolution_ticks
from song.notes import RATE_TICKS, RATES, SHAPES, Wobble
from sound.voices.wobble import lane, opening


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("rate", RATES)
def test_the_lane_is_that_of_the_controllers(shape: str, rate: str) -> None:
    wobble = Wobble(0, 384, rate, 0.8, shape)
    period = RATE_TICKS[rate]
    ticks = np.arange(period)
    values = np.array([filter_value(wobble, int(tick)) for tick in ticks]) / OPEN
    # A saw of controllers arrives at the last value that is written, ours at the cycle's end.
    allowed = 0.01 + (1.2 * resolution_ticks(period) / period if shape in ("saw", "ramp") else 0)
    assert opening(wobble, ticks / period) == pytest.approx(values, abs=allowed)


def test_a_lane_follows_its_cycles_and_rests_between() -> None:
    ticks = np.arange(0, 400, 0.5)
    cycles = [(0, 96, Wobble(0, 96, "1/4", 1.0, "ramp")), (192, 288, Wobble(96, 288, "1/8", 0.5, "square"))]
    line = lane(ticks, cycles, 0.3)
    assert line[20:160] == pytest.approx(ticks[20:160] / 96, abs=0.01)
    assert line[200:370] == pytest.approx(np.full(170, 0.3))
    assert line[400] == pytest.approx(1)
    assert line[450] == pytest.approx(0.5)
    assert line[700] == pytest.approx(0.3)
    assert np.abs(np.diff(line)).max() < 0.3


def test_a_shape_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="circle is not the shape"):
        opening(Wobble(0, 96, "1/4", 1.0, "circle"), np.zeros(1))
