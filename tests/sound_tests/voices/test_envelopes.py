"""Envelopes that come and go without corners, however a note is cut into pieces."""

import numpy as np
import pytest

from sound.voices.envelopes import fade, gate


def test_a_fade_rises_from_nearly_0_to_nearly_1_and_its_mirror_completes_it() -> None:
    rise = fade(100)
    assert rise[0] < 0.001
    assert rise[-1] > 0.999
    assert (np.diff(rise) > 0).all()
    assert rise + rise[::-1] == pytest.approx(np.ones(100), abs=1e-6)


@pytest.mark.parametrize("piece", [7, 64, 1000])
def test_pieces_are_gated_as_the_whole_is(piece: int) -> None:
    whole = np.ones(700, np.float32)
    gate(whole, 0, 50, 600, 80)
    parts = [np.ones((2, min(piece, 700 - at)), np.float32) for at in range(0, 700, piece)]
    for number, part in enumerate(parts):
        gate(part, number * piece, 50, 600, 80)
    assert np.concatenate(parts, axis=1)[1] == pytest.approx(whole)
    assert whole[300] == 1
    assert (whole[680:] == 0).all()
