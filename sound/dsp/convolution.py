"""Convolution of a stream with a few fixed responses, by FFT."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sound.dsp.compiled import fast_size, irfft, rfft

_MOST_KEPT = 3


class Convolver:
    """Streams that ring through responses, block by block; what a block rings past its end is heard in the next."""

    def __init__(self, responses_IxCxL: NDArray[np.float32]) -> None:
        """Keep the responses.

        Args:
            responses_IxCxL: (I, C, L) for each that goes in and each that comes out.
        """
        self._responses_IxCxL = responses_IxCxL
        self._ringing_CxL = np.zeros_like(responses_IxCxL[0])
        self._silent_frames = responses_IxCxL.shape[2]

    def run(self, samples_IxN: Sequence[NDArray[np.float32] | None], frames: int) -> NDArray[np.float32] | None:
        """The sum of what rings, (C, N), or None where all of it is silence.

        Args:
            samples_IxN: what goes in, (N,) each, or None for silence.
            frames: N.
        """
        length = self._responses_IxCxL.shape[2]
        heard_CxN = self._rung(samples_IxN, frames)
        if heard_CxN is None:
            if self._silent_frames >= length:
                return None
            self._silent_frames += frames
            heard_CxN = np.zeros((len(self._ringing_CxL), max(frames, length)), np.float32)
        else:
            self._silent_frames = 0
        heard_CxN[:, :length] += self._ringing_CxL
        ringing = heard_CxN[:, frames : frames + length]
        self._ringing_CxL[:, : ringing.shape[1]] = ringing
        self._ringing_CxL[:, ringing.shape[1] :] = 0
        return np.asarray(heard_CxN[:, :frames])

    def _rung(self, samples_IxN: Sequence[NDArray[np.float32] | None], frames: int) -> NDArray[np.float32] | None:
        size = fast_size(frames + self._responses_IxCxL.shape[2])
        total: NDArray[np.complex64] | None = None
        for samples_N, spectra in zip(samples_IxN, _spectra(self._responses_IxCxL, size), strict=True):
            if samples_N is not None:
                rung = rfft(samples_N, size) * spectra
                total = rung if total is None else total + rung
        return None if total is None else irfft(total, size)


class _Kept(NamedTuple):
    responses: NDArray[np.float32]
    spectra: NDArray[np.complex64]


_kept: dict[int, _Kept] = {}


def _spectra(responses: NDArray[np.float32], size: int) -> NDArray[np.complex64]:
    """The responses' spectra, (I, C, size // 2 + 1); those of the last few sizes are kept for all streams."""
    found = _kept.get(size)
    if found is None or found.responses is not responses:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        found = _kept[size] = _Kept(responses, np.asarray(rfft(responses, size)))
    return found.spectra
