"""Saturation at twice the rate, so that the harmonics that it adds do not fold back among the others."""

import numpy as np
from numpy.typing import NDArray

_HALF_TAPS = 10
"""Taps on either side of the middle of the half-band filter's odd branch."""
LOOK_AHEAD = 2 * _HALF_TAPS - 1
"""Frames behind one that its own depends on, and before it."""


def _odd_branch() -> NDArray[np.float32]:
    """The odd taps of a half-band low-pass: a sinc under a Kaiser window, adding up to 1."""
    at = np.arange(-_HALF_TAPS, _HALF_TAPS) + 0.5
    taps = np.sinc(at) * np.kaiser(4 * _HALF_TAPS + 1, 8.0)[1::2]
    return np.asarray(taps / taps.sum(), np.float32)


_TAPS = _odd_branch()


class Drive:
    """A soft limit of 1 on what passes, going on from one stretch to the next."""

    def __init__(self, gain: float) -> None:
        """Start from silence.

        Args:
            gain: what comes in is multiplied by, above 0.
        """
        self._gain = np.float32(gain)
        self._held = np.zeros(LOOK_AHEAD, np.float32)

    def run(self, samples_N: NDArray[np.float32], *, last: bool) -> NDArray[np.float32]:
        """The driven samples, `LOOK_AHEAD` late: (N - LOOK_AHEAD,) first, (N,) then, (N + LOOK_AHEAD,) at the end.

        Args:
            samples_N: more than `LOOK_AHEAD`.
            last: whether nothing comes behind.
        """
        parts = [self._held, samples_N]
        if last:
            parts.append(np.zeros(LOOK_AHEAD, np.float32))
        heard = np.concatenate(parts)
        self._held = heard[-2 * LOOK_AHEAD :].copy()
        heard *= self._gain
        between = np.convolve(heard, _TAPS, "valid")
        np.tanh(heard, out=heard)
        np.tanh(between, out=between)
        driven = np.convolve(between, _TAPS, "valid")
        driven += heard[LOOK_AHEAD : LOOK_AHEAD + len(driven)]
        driven *= np.float32(0.5)
        return driven
