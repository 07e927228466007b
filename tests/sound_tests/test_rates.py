"""Rates that blocks, control values and tenths of a second agree on."""

from sound.loudness import HOP_FRAMES
from sound.rates import CONTROL_FRAMES, SAMPLE_RATE
from sound.render import BLOCK_FRAMES


def test_a_block_is_whole_control_values_and_whole_tenths_of_a_second() -> None:
    assert BLOCK_FRAMES % CONTROL_FRAMES == BLOCK_FRAMES % HOP_FRAMES == HOP_FRAMES % CONTROL_FRAMES == 0
    assert HOP_FRAMES * 10 == SAMPLE_RATE
