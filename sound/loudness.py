"""Loudness after ITU-R BS.1770-4: K-weighting, and gating over blocks of 400 ms.

Energies are taken over tenths of a second, of which four make a block, so that a stream can be measured as it goes and
what a gain would make of it is known without hearing it again. Source: ITU-R BS.1770-4 (2015), annex 1.
"""

import functools
import math

import numpy as np
from numpy.typing import NDArray

from sound.dsp.compiled import rfft
from sound.rates import SAMPLE_RATE

HOP_FRAMES = SAMPLE_RATE // 10
"""Frames of a tenth of a second."""
_OFFSET_LUFS = -0.691
_ABSOLUTE_GATE_LUFS = -70.0
_RELATIVE_GATE_LU = -10.0
SILENT_LUFS = -200.0
"""The loudness of silence."""

_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""The two filters of K-weighting at 48 kHz: numerator and denominator. Source: BS.1770-4, tables 1 and 2."""


class Meter:
    """K-weighted energies of a stream, a tenth of a second each.

    Each tenth is weighted in its own spectrum, as if it went on for ever: on whole songs that is within 0.02 LU of
    filtering, and costs half as much.
    """

    def __init__(self) -> None:
        """Start with nothing heard."""
        self._held = np.zeros((2, 0), np.float32)
        self._energies: list[NDArray[np.float64]] = []

    def add(self, block_2xN: NDArray[np.float32], *, wanted: bool = True) -> None:
        """Hear a block, (2, N).

        Args:
            block_2xN: what comes next.
            wanted: whether its energies will be asked for; else they are told as 0, which costs nothing.
        """
        heard = np.concatenate((self._held, block_2xN), axis=1) if self._held.shape[1] else block_2xN
        hops = heard.shape[1] // HOP_FRAMES
        self._held = heard[:, hops * HOP_FRAMES :].copy()
        if not wanted:
            self._energies.append(np.zeros(hops))
        elif hops:
            whole = np.ascontiguousarray(heard[:, : hops * HOP_FRAMES]).reshape(2, hops, HOP_FRAMES)
            power = np.square(np.abs(rfft(whole))).sum(axis=0)
            self._energies.append(np.asarray(power @ _weighting(), np.float64))

    def energies(self) -> NDArray[np.float64]:
        """The mean square of each whole tenth of a second so far, both channels added, (H,)."""
        return np.concatenate(self._energies) if self._energies else np.zeros(0)


def integrated(energies_H: NDArray[np.float64]) -> float:
    """The gated loudness of some tenths of a second in LUFS, `SILENT_LUFS` where all is under the gate.

    Args:
        energies_H: (H,) as `Meter.energies` gives them.
    """
    if len(energies_H) < 4:
        mean = float(energies_H.mean()) if len(energies_H) else 0.0
        return _OFFSET_LUFS + 10 * math.log10(mean) if mean > 0 else SILENT_LUFS
    blocks = np.convolve(energies_H, np.full(4, 0.25), "valid")
    loud = blocks[blocks > _energy(_ABSOLUTE_GATE_LUFS)]
    if not len(loud):
        return SILENT_LUFS
    loud = loud[loud > loud.mean() * 10 ** (_RELATIVE_GATE_LU / 10)]
    return _OFFSET_LUFS + 10 * math.log10(float(loud.mean()))


def _energy(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET_LUFS) / 10))


@functools.cache
def _weighting() -> NDArray[np.float32]:
    """The share of the power of each bin of a tenth of a second in its mean square, (2401,)."""
    at = np.exp(-2j * np.pi * np.arange(HOP_FRAMES // 2 + 1) / HOP_FRAMES)
    response = np.ones_like(at)
    for numerator, denominator in (_SHELF, _HIGH_PASS):
        response *= np.polyval(numerator[::-1], at) / np.polyval(denominator[::-1], at)
    # A bin stands for itself and its mirror image, the first and the last for themselves.
    response[1:-1] *= np.sqrt(2)
    return np.asarray(np.square(np.abs(response)) / HOP_FRAMES**2, np.float32)
