"""Measures of sound: how a wobble is heard, lines that do not belong, true peaks, onsets."""

from collections.abc import Callable

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from song.notes import RATE_TICKS, Wobble
from sound.dsp.compiled import frequencies, irfft, rfft
from sound.rates import SAMPLE_RATE
from sound.voices.wobble import opening

HIGHEST_HZ = 16_000.0
"""Brightness counts no harmonic above."""
_LANE_POINTS = 64
"""Points of the lane in a window."""


class Wobbling(Struct, frozen=True):
    """A wobble as it is heard.

    Attributes:
        correlation: of the brightness and the lane, -1 to 1.
        rate_ratio: the strongest modulation of the brightness as a share of the asked rate.
        swing_octaves: how far the brightness goes up and down, from its 5th to its 95th percentile.
    """

    correlation: float
    rate_ratio: float
    swing_octaves: float


def brightness(samples_N: NDArray[np.float32], hertz: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The log2 of the spectral centroid in Hz, and the times in seconds that it holds for, (W,) each.

    Windows are two periods of the note long, half a period apart: longer ones blur a fast wobble, in shorter ones the
    note's own cycle is taken for one.

    Args:
        samples_N: mono sound.
        hertz: the pitch of the note.
    """
    period = SAMPLE_RATE / hertz
    length = round(2 * period)
    starts = np.arange(0, len(samples_N) - length, period / 2).round().astype(int)
    window = np.hanning(length + 1)[:-1]
    harmonic = np.arange(1, int(HIGHEST_HZ / hertz) + 1)
    # At the harmonics alone: between two of them, such a window holds both.
    waves = np.exp(-2j * np.pi * np.outer(np.arange(length), harmonic) / period).astype(np.complex64)
    amplitude = np.abs((samples_N[starts[:, None] + np.arange(length)] * window).astype(np.complex64) @ waves)
    centroid = hertz * (amplitude * harmonic).sum(axis=1) / np.maximum(amplitude.sum(axis=1), 1e-12)
    return np.log2(np.maximum(centroid, 1.0)), (starts + length / 2) / SAMPLE_RATE


def wobbling(
    samples_N: NDArray[np.float32],
    hertz: float,
    wobble: Wobble,
    ticks_at: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    octaves: float = 6.0,
) -> Wobbling:
    """The wobble of a note that is held under one wobble from the first sample on.

    The lane is seen through the same windows as the brightness, as the mean of the cutoff that it stands for: in a
    wobble of 28 Hz a window is longer than half a cycle, and a jump of the lane within it is heard as a slope.

    Args:
        samples_N: mono sound, without what is behind the note.
        hertz: the pitch of the note.
        wobble: what was asked for.
        ticks_at: gives the ticks from the wobble's start, (W,), that some seconds, (W,), lie on.
        octaves: from the cutoff where the lane is closed to where it is open.
    """
    bright, seconds = brightness(samples_N, hertz)
    window = np.hanning(_LANE_POINTS + 2)[1:-1]
    window /= window.sum()
    places = (np.arange(_LANE_POINTS) + 0.5) / _LANE_POINTS - 0.5
    ticks = ticks_at((seconds[:, None] + places * 2 / hertz).ravel())
    cutoff = 2 ** (octaves * opening(wobble, ticks / RATE_TICKS[wobble.rate] % 1))
    lane = np.log2(cutoff.reshape(len(seconds), _LANE_POINTS) @ window)
    low, high = np.percentile(bright, (5, 95))
    moves = bright.std() > 1e-9 and lane.std() > 1e-9
    return Wobbling(
        correlation=float(np.corrcoef(bright, lane)[0, 1]) if moves else 0.0,
        rate_ratio=_strongest(bright, ticks_at(seconds)) * RATE_TICKS[wobble.rate],
        swing_octaves=float(high - low),
    )


def _strongest(bright_W: NDArray[np.float64], ticks_W: NDArray[np.float64]) -> float:
    """Cycles a tick of the strongest modulation of a brightness."""
    even = np.linspace(ticks_W[0], ticks_W[-1], len(ticks_W))
    line = np.interp(even, ticks_W, bright_W)
    size = 16 * len(line)
    spectrum = np.abs(rfft((line - line.mean()) * np.hanning(len(line)), size))
    return float(spectrum.argmax() / (size * (even[1] - even[0])))


def stray_line_db(samples_N: NDArray[np.float32], hertz: float) -> float:
    """The strongest line that is no harmonic of a steady tone, in dB below its strongest harmonic.

    Args:
        samples_N: of the tone, a second or more, neither its beginning nor its end.
        hertz: its pitch.
    """
    window = np.kaiser(len(samples_N), 24.0)
    spectrum = np.abs(rfft(samples_N * window))
    frequency = frequencies(len(samples_N), SAMPLE_RATE)
    # The window's main lobe is so wide on either side.
    lobe_hz = 14 * SAMPLE_RATE / len(samples_N)
    distance = np.abs(frequency - np.rint(frequency / hertz) * hertz)
    strays = spectrum[distance > lobe_hz]
    return float(20 * np.log10(strays.max() / spectrum.max()))


def true_peak_db(samples_Nx2: NDArray[np.float32], oversampling: int = 8) -> float:
    """The highest peak between the samples in dB, worked out at some times the rate.

    Args:
        samples_Nx2: (N, 2).
        oversampling: 2 or more.
    """
    highest, step, over = 1e-9, 1 << 16, 512
    for start in range(0, len(samples_Nx2), step):
        piece = samples_Nx2[max(0, start - over) : start + step + over].T
        count = piece.shape[1]
        spectrum = rfft(piece * _edges(count, over))
        fine = irfft(spectrum, count * oversampling) * oversampling
        highest = max(highest, float(np.abs(fine).max()))
    return 20 * float(np.log10(highest))


def _edges(count: int, over: int) -> NDArray[np.float64]:
    """Ramps over half of what a piece has of its neighbours, so that its ends do not ring."""
    ramp = np.minimum(1, np.arange(count) / (over / 2))
    return np.asarray(ramp * ramp[::-1])


def onsets(samples_N: NDArray[np.float32], threshold_db: float = -30.0) -> NDArray[np.int64]:
    """Frames at which sound begins after silence of 20 ms, (O,).

    Args:
        samples_N: mono sound.
        threshold_db: what counts as sound, below the loudest.
    """
    loud = np.flatnonzero(np.abs(samples_N) > np.abs(samples_N).max() * 10 ** (threshold_db / 20))
    if not len(loud):
        return np.zeros(0, np.int64)
    return np.asarray(loud[np.concatenate(([True], np.diff(loud) > SAMPLE_RATE * 0.02))], np.int64)
