"""The side-chain: the kick's onsets push other instruments down for a moment."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sound.dsp.filters import upsample_control
from sound.rates import CONTROL_FRAMES, SAMPLE_RATE

_HOLD_SECONDS, _BACK_SECONDS = 0.03, 0.2
_A_SECOND = SAMPLE_RATE // CONTROL_FRAMES


def _shape() -> NDArray[np.float32]:
    """The way that one kick pushes down, control value by control value: at once, held, then back."""
    hold, back = round(_HOLD_SECONDS * _A_SECOND), round(_BACK_SECONDS * _A_SECOND)
    return np.concatenate((np.ones(hold), (1 + np.cos(np.pi * np.arange(back) / back)) / 2)).astype(np.float32)


_SHAPE = _shape()


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
        reach = len(_SHAPE) * CONTROL_FRAMES
        first, last = np.searchsorted(self._frames, (start_frame - reach, start_frame + count * CONTROL_FRAMES))
        if first == last:
            return None
        depth_C = np.zeros(count, np.float32)
        for kick, depth in zip(self._frames[first:last], self._depths[first:last], strict=True):
            at = int(kick - start_frame) // CONTROL_FRAMES
            shape = _SHAPE[max(0, -at) :] * depth
            into = depth_C[max(0, at) : max(0, at) + len(shape)]
            np.maximum(into, shape[: len(into)], out=into)
        return upsample_control(depth_C, frames, CONTROL_FRAMES)
