"""A state-variable low-pass without a delay in its loop, whose cutoff may change at every sample.

Its two states over all samples solve a lower triangular system of bandwidth 3, the states of a sample side by side;
BLAS solves it from the first sample to the last. Source: V. Zavalishin, "The Art of VA Filter Design" (2018), 4.1: the
trapezoidal integrators; A. Simper, "Solving the continuous SVF equations using trapezoidal integration" (2013).
"""

import numpy as np
from numpy.typing import NDArray

from sound.dsp.compiled import solve_unit_triangular
from sound.rates import SAMPLE_RATE

HIGHEST_CUTOFF_HZ = 20_000.0
_KEPT = float(np.exp(-2 * np.pi * 10 / SAMPLE_RATE))


class LowPass:
    """A low-pass of 12 dB an octave that goes on from one stretch to the next."""

    def __init__(self, resonance: float) -> None:
        """Start from silence.

        Args:
            resonance: the quality factor, 0.5-20; 0.707 has no peak.
        """
        self._damping = np.float32(1 / resonance)
        self._state_2 = np.zeros(2, np.float32)

    def run(self, samples_N: NDArray[np.float32], cutoff_N: NDArray[np.float32]) -> NDArray[np.float32]:
        """The filtered samples, (N,).

        Args:
            samples_N: what goes in.
            cutoff_N: the cutoff at each, in Hz, 10-20,000.
        """
        count = len(samples_N)
        g = cutoff_N * np.float32(np.pi / SAMPLE_RATE)
        np.tan(g, out=g)
        a1 = g + self._damping
        a1 *= g
        a1 += np.float32(1)
        np.reciprocal(a1, out=a1)
        a1 *= np.float32(2)
        a2 = g * a1
        g *= a2
        # Column by column: the diagonal, which is 1 and never read, and the three entries under it.
        band = np.zeros((count + 1, 2, 4), np.float32)
        np.subtract(np.float32(1), a1, out=band[:count, 0, 2])
        np.negative(a2, out=band[:count, 0, 3])
        band[:count, 1, 1] = a2
        np.subtract(g, np.float32(1), out=band[:count, 1, 2])
        states = np.empty((count + 1, 2), np.float32)
        states[0] = self._state_2
        np.multiply(a2, samples_N, out=states[1:, 0])
        np.multiply(g, samples_N, out=states[1:, 1])
        solved = solve_unit_triangular(band.reshape(-1, 4), states.reshape(-1))
        self._state_2 = solved[-2:].copy()
        low = solved[1::2]
        filtered = low[1:] + low[:-1]
        filtered *= np.float32(0.5)
        return np.asarray(filtered)


class BlockDirectCurrent:
    """A high-pass at 10 Hz that goes on from one stretch to the next."""

    def __init__(self) -> None:
        """Start from silence."""
        self._in, self._out = np.float32(0), np.float32(0)

    def run(self, samples_N: NDArray[np.float32]) -> NDArray[np.float32]:
        """The samples without what does not move, (N,)."""
        if not len(samples_N):
            return samples_N
        differences = np.empty(len(samples_N) + 1, np.float32)
        differences[0] = self._out
        differences[1] = samples_N[0] - self._in
        np.subtract(samples_N[1:], samples_N[:-1], out=differences[2:])
        band = np.empty((len(differences), 2), np.float32)
        band[:, 1] = -_KEPT
        passed = solve_unit_triangular(band, differences)[1:]
        self._in, self._out = samples_N[-1], passed[-1]
        return np.asarray(passed)


def upsample_control(values_C: NDArray[np.float32], frames: int, step: int) -> NDArray[np.float32]:
    """A control curve at every frame, (frames,): straight lines between its values.

    Args:
        values_C: values `step` frames apart, the first at frame 0; at least one behind the last frame.
        frames: how many.
        step: frames from a value to the next.
    """
    steps = -(-frames // step)
    weights = np.arange(step, dtype=np.float32) / np.float32(step)
    lines = (values_C[1 : steps + 1] - values_C[:steps])[:, None] * weights
    lines += values_C[:steps, None]
    return np.asarray(lines.reshape(-1)[:frames])
