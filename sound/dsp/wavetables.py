"""Band-limited wavetables: single cycles, made anew for every half octave so that no harmonic passes the limit.

A cycle has 2,048 samples, and more for low notes: read by straight lines between its samples, harmonic k of a cycle of
L samples leaves an image of (k / L)^2, so that the many harmonics of a low note want a longer one.
"""

import functools

import numpy as np
from numpy.typing import NDArray

from sound.dsp.compiled import irfft
from sound.rates import SAMPLE_RATE

HIGHEST_HZ = 20_000.0
"""No harmonic of a table lies above."""
SHAPES = ("saw", "square", "growl", "formant")
"""Waveforms that there are tables of."""
_FEWEST_SAMPLES = 2048
_SAMPLES_A_HARMONIC = 24
_LOWEST_HZ = 20.0


def oscillate(shape: str, hertz: float, frames: int, phase: float = 0.0) -> tuple[NDArray[np.float32], float]:
    """A stretch of a waveform at a steady pitch.

    Args:
        shape: one of `SHAPES`.
        hertz: the pitch, 20 or more.
        frames: how many.
        phase: where in its cycle it starts, 0-1.

    Returns:
        samples (frames,), the loudest harmonic near 1, and the phase that the next stretch starts at.
    """
    table = _table(shape, hertz)
    bits = 32 - (len(table).bit_length() - 1)
    step = round(hertz / SAMPLE_RATE * 2**32)
    start = round(phase * 2**32) % 2**32
    phase_N = np.arange(frames, dtype=np.uint32)
    phase_N *= np.uint32(step)
    phase_N += np.uint32(start)
    index_N = (phase_N >> np.uint32(bits)).astype(np.intp)
    phase_N &= np.uint32(2**bits - 1)
    part_N = phase_N.astype(np.float32)
    part_N *= np.float32(2.0**-bits)
    ends_N = _slopes(shape, hertz).take(index_N)
    ends_N *= part_N
    ends_N += table.take(index_N)
    return ends_N, (start + step * frames) % 2**32 / 2**32


def harmonics(shape: str, count: int) -> NDArray[np.complex128]:
    """Complex amplitudes (count,) of a waveform's harmonics, the fundamental first.

    A growl is a saw with two humps, at its 3rd and 9th harmonic; a formant has the first two resonances of an open
    vowel for a voice near 100 Hz, at its 7th and 11th. All are sines, each upside down by chance: with all
    of them alike a saw puts its brightness into one instant of each cycle, and a fast wobble is heard only there; sines
    alone keep both halves of a cycle alike, so that drive makes hardly any direct current.

    Args:
        shape: one of `SHAPES`.
        count: how many, 1 or more.
    """
    number = np.arange(1, count + 1)
    match shape:
        case "saw":
            levels = 1 / number
        case "square":
            levels = number % 2 / number
        case "growl":
            levels = (1 + 1.2 * _hump(number, 3, 1.4) + 2.0 * _hump(number, 9, 2.5)) / number
        case "formant":
            levels = (0.5 + 2.0 * _hump(number, 7, 1.6) + 1.6 * _hump(number, 11, 1.8)) / number + 0.3 * (number == 1)
        case _:
            raise ValueError(f"{shape} is not one of {', '.join(SHAPES)}")
    signs = np.where(np.random.default_rng(3).random(count) < 0.5, 1j, -1j)
    return np.asarray(levels * signs, np.complex128)


def _hump(number: NDArray[np.int64], middle: float, width: float) -> NDArray[np.float64]:
    return np.asarray(np.exp(-(((number - middle) / width) ** 2)))


def _table(shape: str, hertz: float) -> NDArray[np.float32]:
    return _half_octave(shape, _half_octaves(hertz))[0]


def _slopes(shape: str, hertz: float) -> NDArray[np.float32]:
    return _half_octave(shape, _half_octaves(hertz))[1]


def _half_octaves(hertz: float) -> int:
    return max(0, int(np.floor(2 * np.log2(hertz / _LOWEST_HZ))))


@functools.cache
def _half_octave(shape: str, half_octave: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A cycle, and from each of its samples the way to the next, for pitches within a half octave."""
    highest = _LOWEST_HZ * 2 ** ((half_octave + 1) / 2)
    count = max(1, int(HIGHEST_HZ / highest))
    length = _FEWEST_SAMPLES
    while length < _SAMPLES_A_HARMONIC * count:
        length *= 2
    spectrum = np.zeros(length // 2 + 1, np.complex128)
    spectrum[1 : count + 1] = harmonics(shape, count)
    cycle = irfft(spectrum, length) * (length / 2)
    # As loud as a saw, whatever the shape.
    cycle *= np.sqrt(np.pi**2 / 6 / (np.abs(spectrum) ** 2).sum())
    return cycle.astype(np.float32), (np.roll(cycle, -1) - cycle).astype(np.float32)
