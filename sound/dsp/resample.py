"""Sound at another rate, by FFT: all that both rates can hold stays as it is."""

import numpy as np
from numpy.typing import NDArray

from sound.dsp.compiled import fast_size, irfft, rfft


def resample(samples_CxN: NDArray[np.float32], from_rate: int, to_rate: int) -> NDArray[np.float32]:
    """The sound at another rate, (C, M), M as long in time.

    Args:
        samples_CxN: (C, N), seconds rather than minutes of it.
        from_rate, to_rate: frames a second, 1 or more.
    """
    frames = samples_CxN.shape[1]
    if from_rate == to_rate or not frames:
        return samples_CxN
    wanted = max(1, round(frames * to_rate / from_rate))
    # Silence behind it, so that its end does not ring into its beginning; whole multiples of both rates.
    unit = int(np.gcd(from_rate, to_rate))
    up, down = to_rate // unit, from_rate // unit
    periods = -(-(frames + _SILENCE_FRAMES) // down)
    if max(up, down) < _SMALL:
        periods = fast_size(periods)
    spectrum = rfft(samples_CxN, periods * down)
    size = periods * up
    kept = min(spectrum.shape[1], size // 2 + 1)
    made = irfft(np.ascontiguousarray(spectrum[:, :kept]), size) * (up / down)
    return np.asarray(made[:, :wanted], np.float32)


_SILENCE_FRAMES = 4096
_SMALL = 1000
"""Rates that have so much in common that a fast size can be had."""
