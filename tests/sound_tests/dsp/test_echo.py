"""Echoes: from side to side, each half as loud, in stretches of any length."""

import numpy as np
import pytest

from sound.dsp.echo import REPEATS, Echo


def test_a_click_comes_back_on_alternating_sides() -> None:
    echo = Echo()
    click = np.zeros(100, np.float32)
    click[10] = 1
    blocks = [echo.run(click if number == 0 else None, 100, 250) for number in range(14)]
    heard = np.concatenate([np.zeros((2, 100)) if block is None else block for block in blocks], axis=1)
    for number in range(1, REPEATS + 1):
        assert heard[number % 2, 10 + 250 * number] == pytest.approx(0.5**number)
    assert np.count_nonzero(heard) == REPEATS
    assert blocks[-1] is None


def test_what_went_in_keeps_its_delay_when_that_changes() -> None:
    echo = Echo()
    click = np.zeros(100, np.float32)
    click[0] = 1
    first = echo.run(click, 100, 50)
    second = echo.run(None, 100, 90)
    assert first is not None
    assert second is not None
    assert np.flatnonzero(np.concatenate((first, second), axis=1).sum(axis=0)).tolist() == [50, 100, 150]
