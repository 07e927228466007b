"""The master chain: a gain, and a limiter that looks ahead and knows the peaks between the samples.

The limiter's gain is computed from the peaks of 16 frames each, a third of a millisecond, so that it costs little and
is known before the sound is touched: every stem can be multiplied by the same curve, and then they add up to the mix.
"""

import numpy as np
from numpy.typing import NDArray

from sound.dsp.filters import upsample_control
from sound.loudness import HOP_FRAMES, SILENT_LUFS, integrated
from sound.rates import CONTROL_FRAMES, SAMPLE_RATE

CEILING_DBTP = -1.0
"""No true peak is above."""
_MARGIN_DB = 0.8
"""Peaks that lie between the two points a frame that are looked at."""
_AHEAD = 16
"""Control values that the limiter looks ahead, 5 ms."""
_RELEASE_DB_A_SECOND = 120.0
_PAIRS = 6
_REACH = 2 * _PAIRS - 1
_MOST_GAIN_DB = 40.0
_REMEMBERED = SAMPLE_RATE // CONTROL_FRAMES
"""Control values behind that may still hold the gain down: a second, in which it comes back by 120 dB."""
USUAL_GAIN_DB = 2.0
"""The gain where a song's own is not known, as in a preview."""
_PIECE = 1 << 16
"""Control values that are worked on at a time, so that long songs need no more memory than short ones."""


def _middle() -> NDArray[np.float32]:
    """Weights of the samples on either side that make the point between two, (6,), the outermost first."""
    at = np.arange(_PAIRS)[::-1] + 0.5
    weights = np.sinc(at) * np.kaiser(4 * _PAIRS + 1, 4.0)[1 : 2 * _PAIRS : 2]
    return np.asarray(weights / (2 * weights.sum()), np.float32)


_MIDDLE = _middle()


class PeakMeter:
    """The highest peaks of a stream, 16 frames at a time, those between its samples among them."""

    def __init__(self) -> None:
        """Start from silence."""
        self._before = np.zeros((2, _REACH), np.float32)

    def run(self, block_2xN: NDArray[np.float32]) -> NDArray[np.float32]:
        """The peaks of a block, (C,), C a sixteenth of N rounded up; a peak may count up to 6 frames late.

        Args:
            block_2xN: (2, N); N is a multiple of 16 in every block but the last.
        """
        heard = np.concatenate((self._before, block_2xN), axis=1)
        self._before = heard[:, -_REACH:].copy()
        frames = block_2xN.shape[1]
        count = -(-frames // CONTROL_FRAMES)
        highest = np.zeros(count * CONTROL_FRAMES, np.float32)
        for line in heard:
            np.maximum(highest[:frames], np.abs(line[_REACH:]), out=highest[:frames])
            between = np.zeros(frames, np.float32)
            for at, weight in enumerate(_MIDDLE):
                pair = line[at : at + frames] + line[_REACH - at : _REACH - at + frames]
                pair *= weight
                between += pair
            np.abs(between, out=between)
            np.maximum(highest[:frames], between, out=highest[:frames])
        peaks = highest.reshape(count, CONTROL_FRAMES)
        width = CONTROL_FRAMES
        while width > 1:
            width //= 2
            peaks = np.maximum(peaks[:, :width], peaks[:, width:])
        return peaks[:, 0].copy()


def gain_curve(peaks_C: NDArray[np.float32], gain_db: float) -> NDArray[np.float32]:
    """The factor at each control value of a whole stream, the gain in it, and two values more, (D,).

    Args:
        peaks_C: as of `PeakMeter`, of the whole stream.
        gain_db: what everything is raised by before it is limited.
    """
    gain = 10 ** (gain_db / 20)
    released = _released_db(peaks_C, gain)
    count = len(peaks_C) + 2
    curve = np.empty(count, np.float32)
    before = np.full(_AHEAD - 1, released[0], np.float32)
    padded = np.concatenate((before, released, np.zeros(_AHEAD, np.float32)))
    for start in range(0, count, _PIECE):
        stop = min(start + _PIECE, count)
        # The lowest of those ahead, and of these the mean of as many behind: never above what any of them needs.
        lowest = padded[start : stop + 2 * (_AHEAD - 1)]
        width = 1
        while width < _AHEAD:
            lowest = np.minimum(lowest[:-width], lowest[width:])
            width *= 2
        sums = np.concatenate(([0.0], np.cumsum(10 ** (lowest.astype(np.float64) / 20))))
        curve[start:stop] = (sums[_AHEAD:] - sums[:-_AHEAD]) * (gain / _AHEAD)
    return curve


def _released_db(peaks_C: NDArray[np.float32], gain: float) -> NDArray[np.float32]:
    """The gain in dB, 0 or less, that each peak needs, and that comes back at its pace behind it, (D,)."""
    ceiling = 10 ** ((CEILING_DBTP - _MARGIN_DB) / 20)
    released = np.zeros(len(peaks_C) + 2 + _AHEAD, np.float32)
    slope = _RELEASE_DB_A_SECOND * CONTROL_FRAMES / SAMPLE_RATE
    last = 0.0
    for start in range(0, len(peaks_C), _PIECE):
        peaks = peaks_C[max(0, start - 1) : start + _PIECE + 1]
        # A gain holds up to the next control value, and a peak may count late: its neighbours' peaks are its own.
        near = peaks.copy()
        np.maximum(near[:-1], peaks[1:], out=near[:-1])
        np.maximum(near[1:], peaks[:-1], out=near[1:])
        near = near[min(start, 1) :][:_PIECE]
        needed = 20 * np.log10(ceiling / np.maximum(near * gain, ceiling))
        rising = slope * np.arange(1, len(needed) + 1)
        back = np.minimum.accumulate(np.concatenate(([last], needed - rising)))[1:] + rising
        released[start : start + len(back)] = np.minimum(back, 0)
        last = float(released[start + len(back) - 1])
    # The last peak's neighbours behind the end, and the way back from it.
    tail = len(released) - len(peaks_C)
    released[len(peaks_C) :] = np.minimum(last + slope * np.arange(tail), 0)
    return released


def apply_gain(block_2xN: NDArray[np.float32], curve_C: NDArray[np.float32], start_frame: int) -> None:
    """Multiply a block by a gain curve, in place.

    Args:
        block_2xN: (2, N).
        curve_C: of the whole stream, (C + 2,) as `gain_curve` gives it.
        start_frame: the block's, a multiple of 16.
    """
    first = start_frame // CONTROL_FRAMES
    block_2xN *= upsample_control(curve_C[first:], block_2xN.shape[1], CONTROL_FRAMES)


def solve_gain(
    energies_H: NDArray[np.float64], peaks_C: NDArray[np.float32], hops: tuple[int, int], target_lufs: float
) -> float:
    """The gain in dB that brings a stretch to a loudness, the limiter's doing among it; 0 for silence.

    Args:
        energies_H: of the whole stream, (H,).
        peaks_C: of the whole stream, (C,).
        hops: the first tenth of a second of the stretch, and the first behind it.
        target_lufs: what is asked for.
    """
    first, last = hops
    inside = energies_H[first:last]
    loudness = integrated(inside)
    if loudness == SILENT_LUFS:
        return 0.0
    gain_db = target_lufs - loudness
    a_hop = HOP_FRAMES // CONTROL_FRAMES
    # Only so far before it as the limiter needs to come back from anything.
    begin = max(0, first - 10)
    peaks = peaks_C[begin * a_hop : last * a_hop]
    # Within a tenth of a second the gain is lowest where there is most energy.
    weights = np.square(peaks.astype(np.float64)).reshape(-1, a_hop) + 1e-12
    weights /= weights.sum(axis=1, keepdims=True)
    low, high = gain_db, gain_db + _MOST_GAIN_DB / 2
    for _ in range(12):
        curve = gain_curve(peaks, gain_db)[: (last - begin) * a_hop].astype(np.float64)
        squares = (np.square(curve).reshape(-1, a_hop) * weights).sum(axis=1)[first - begin :]
        reached = integrated(inside * squares[: len(inside)])
        if abs(reached - target_lufs) < 0.02:
            break
        if reached < target_lufs:
            low = gain_db
        else:
            high = gain_db
        gain_db = (low + high) / 2
    return min(gain_db, _MOST_GAIN_DB)


class Master:
    """The master chain for sound that is heard while it is made: `gain_curve`, block by block."""

    def __init__(self, gain_db: float = USUAL_GAIN_DB) -> None:
        """Start from silence.

        Args:
            gain_db: what everything is raised by; the usual one brings drops near -9 LUFS.
        """
        self._gain_db = gain_db
        self._meter = PeakMeter()
        self._peaks = np.zeros(0, np.float32)
        self._waiting = np.zeros((2, 0), np.float32)

    def run(self, block_2xN: NDArray[np.float32], *, last: bool = False) -> NDArray[np.float32]:
        """The sound that is ready, (2, M): all but the last 6 ms of what has come, which are still looked ahead to.

        Args:
            block_2xN: what comes next; N is a multiple of 16 in every block but the last.
            last: whether nothing comes behind; then all is ready.
        """
        self._waiting = np.concatenate((self._waiting, block_2xN), axis=1)
        self._peaks = np.concatenate((self._peaks, self._meter.run(block_2xN)))
        frames = self._waiting.shape[1]
        waiting = -(-frames // CONTROL_FRAMES)
        ready = frames if last else max(0, waiting - _AHEAD - 2) * CONTROL_FRAMES
        curve = gain_curve(self._peaks, self._gain_db)[len(self._peaks) - waiting :]
        made = self._waiting[:, :ready] * upsample_control(curve, ready, CONTROL_FRAMES)
        self._waiting = self._waiting[:, ready:].copy()
        self._peaks = self._peaks[-(waiting - ready // CONTROL_FRAMES + _REMEMBERED) :]
        return np.asarray(made)
