"""An echo from side to side, in time with the music."""

import numpy as np
from numpy.typing import NDArray

from sound.rates import SAMPLE_RATE

REPEATS = 4
_LOSS = 0.5
_LONGEST_FRAMES = 2 * SAMPLE_RATE


class Echo:
    """Repeats of what goes in, each half as loud as the one before, on the other side."""

    def __init__(self) -> None:
        """Start from silence."""
        self._coming_2xF: NDArray[np.float32] | None = None

    def run(self, samples_N: NDArray[np.float32] | None, frames: int, delay_frames: int) -> NDArray[np.float32] | None:
        """The repeats that are heard in a block, (2, N), or None where there are none.

        Args:
            samples_N: what goes in; None for silence.
            frames: N.
            delay_frames: from a repeat to the next, 1 to two seconds.
        """
        if samples_N is None and self._coming_2xF is None:
            return None
        delay = min(delay_frames, _LONGEST_FRAMES)
        before = 0 if self._coming_2xF is None else self._coming_2xF.shape[1]
        length = max(frames, before, 0 if samples_N is None else REPEATS * delay + frames)
        coming = np.zeros((2, length), np.float32)
        if self._coming_2xF is not None:
            coming[:, :before] = self._coming_2xF
        if samples_N is not None:
            repeat = samples_N
            for number in range(1, REPEATS + 1):
                repeat = repeat * np.float32(_LOSS)
                coming[number % 2, number * delay : number * delay + frames] += repeat
        left = coming[:, frames:]
        self._coming_2xF = left.copy() if left.shape[1] else None
        return coming[:, :frames]
