"""The side-chain: the kick's onsets push other instruments down for a moment."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sound.dsp.filters import upsample_control
from sound.rates import CONTROL_FRAMES, SAMPLE_RATE

_DOWN_SECONDS, _HOLD_SECONDS, _BACK_SECONDS = 0.002, 0.03, 0.2
_REACH_FRAMES = round((_DOWN_SECONDS + _HOLD_SECONDS + _BACK_SECONDS) * SAMPLE_RATE)


def _shape(after_C: NDArray[np.float64]) -> NDArray[np.float64]:
    """The way that one kick pushes down, 0-1: at once, held, then back.

    Args:
        after_C: frames since its onset.
    """
    seconds_C = after_C / SAMPLE_RATE
    down_C = np.clip(seconds_C / _DOWN_SECONDS, 0, 1)
    back_C = np.clip((seconds_C - _DOWN_SECONDS - _HOLD_SECONDS) / _BACK_SECONDS, 0, 1)
    return np.asarray(down_C * (1 + np.cos(np.pi * back_C)) / 2)


class Ducking:
    """The way that an instrument is pushed down, block by block."""

    def __init__(self, kicks: Sequence[tuple[int, float]]) -> None:
        """Keep the kicks: their frames from the start of what is rendered, and how far each pushes, 0-1."""
        ordered = sorted((frame, depth) for frame, depth in kicks if depth)
        self._frames = np.array([frame for frame, _ in ordered], np.int64)
        self._depths = np.array([depth for _, depth in ordered], np.float32)

    def depth(self, start_frame: int, frames: int) -> NDArray[np.float32] | None:
        """The depth to which it is pushed down at each frame of a block, (frames,), 0-1; None where it is not at all.

        Args:
            start_frame: a multiple of `CONTROL_FRAMES`.
            frames: how many.
        """
        count = -(-frames // CONTROL_FRAMES) + 1
        ends = (start_frame - _REACH_FRAMES, start_frame + count * CONTROL_FRAMES)
        first, last = np.searchsorted(self._frames, ends)
        if first == last:
            return None
        depth_C = np.zeros(count)
        for kick, depth in zip(self._frames[first:last], self._depths[first:last], strict=True):
            at = max(0, int(kick - start_frame) // CONTROL_FRAMES)
            into = depth_C[at : max(0, int(kick - start_frame) + _REACH_FRAMES) // CONTROL_FRAMES + 1]
            after = np.arange(at, at + len(into)) * float(CONTROL_FRAMES) - float(kick - start_frame)
            np.maximum(into, _shape(np.asarray(after, np.float64)) * depth, out=into)
        return upsample_control(depth_C.astype(np.float32), frames, CONTROL_FRAMES)
