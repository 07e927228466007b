"""Convolution of a stream with a few fixed responses, by FFT."""

import functools

import numpy as np
from numpy.typing import NDArray

from sound.dsp.compiled import fast_size, irfft, rfft


class Convolver:
    """A stream that rings through responses, block by block; what a block rings past its end is heard in the next."""

    def __init__(self, responses_CxL: NDArray[np.float32]) -> None:
        """Keep the responses.

        Args:
            responses_CxL: (C, L) one for each channel that comes out.
        """
        self._responses_CxL = responses_CxL
        self._ringing_CxL = np.zeros_like(responses_CxL)
        self._silent_frames = responses_CxL.shape[1]
        self._spectrum = functools.lru_cache(maxsize=2)(self._spectrum_of)

    def run(self, samples_N: NDArray[np.float32] | None, frames: int) -> NDArray[np.float32] | None:
        """What is heard, (C, N), or None where all of it is silence.

        Args:
            samples_N: what goes in, or None for silence.
            frames: N.
        """
        length = self._responses_CxL.shape[1]
        if samples_N is None:
            if self._silent_frames >= length:
                return None
            self._silent_frames += frames
            heard_CxN = np.zeros((len(self._responses_CxL), max(frames, length)), np.float32)
            heard_CxN[:, :length] = self._ringing_CxL
        else:
            self._silent_frames = 0
            size = fast_size(frames + length)
            spectrum = rfft(samples_N, size) * self._spectrum(size)
            heard_CxN = irfft(spectrum, size)
            heard_CxN[:, :length] += self._ringing_CxL
        ringing = heard_CxN[:, frames : frames + length]
        self._ringing_CxL[:, : ringing.shape[1]] = ringing
        self._ringing_CxL[:, ringing.shape[1] :] = 0
        return np.asarray(heard_CxN[:, :frames])

    def _spectrum_of(self, size: int) -> NDArray[np.complex64]:
        return np.asarray(rfft(self._responses_CxL, size))
