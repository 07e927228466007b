"""Any oscillator in a controller curve: a musical rate, a shape, and a place in its cycle.

Two whole cycles must be heard before a rate is believed, so that a swell over a bar is no wobble.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from corpus.analysis.wobble_curves import Points, values_between
from corpus.tracks import NoteWobble
from song.export.wobble_cc import OPEN
from song.notes import RATE_TICKS, RATES, SHAPES

_LEAST_RANGE = 12
"""A curve that moves by less, of 127, is no wobble."""
_LEAST_CORRELATION = 0.93
_MOST_ERROR = 0.15
"""The most that a curve may lie off its cycle, on average over a thirty-second, as a share of its range."""
_SMOOTH_TICKS = 12
_SURE_CYCLES, _SURE_SHARE, _SURE_TICKS = 2.0, 0.8, 192
"""A rate is believed where a curve goes round twice without a break, over most of its note or half a bar of it."""
_TRIES = 100
"""Notes in a row without a sure wobble after which a curve is taken for a performance."""
_MOST_KNOWN = 2000
"""Notes whose curves are unlike all before, inclusive; what follows is not read, or it would take minutes."""


def as_played(curve: Points, stretches: Sequence[tuple[int, int]]) -> dict[int, tuple[NoteWobble, ...]]:
    """The wobbles in a curve, whoever wrote it, by the onset of the note that they lie in.

    Args:
        curve: the changes of one controller.
        stretches: (start, end) ticks, from each onset to the next one or to silence, in order.
    """
    found: dict[int, list[NoteWobble]] = {}
    known: dict[bytes, list[NoteWobble]] = {}
    sure: set[str] = set()
    tries = 0
    for start, end in stretches:
        values = values_between(curve, start, end, OPEN)
        key = values.tobytes()
        if key not in known:
            if tries > _TRIES or len(known) == _MOST_KNOWN:
                break
            known[key] = list(_cycles(values))
            rates = {heard.rate for heard in known[key] if _is_sure(heard, end - start)}
            sure |= rates
            tries = 0 if rates else tries + 1
        found[start] = known[key]
    believed = {onset: tuple(heard for heard in runs if heard.rate in sure) for onset, runs in found.items()}
    return {onset: heard for onset, heard in believed.items() if heard}


def _is_sure(heard: NoteWobble, note_ticks: int) -> bool:
    run = heard.duration_ticks
    return run >= min(_SURE_SHARE * note_ticks, _SURE_TICKS) and run >= _SURE_CYCLES * RATE_TICKS[heard.rate]


def _cycles(values: np.ndarray) -> Iterator[NoteWobble]:
    """The stretches of one note over which its curve goes round at a musical rate."""
    at = 0
    while len(values) - at >= min(RATE_TICKS.values()):
        found = _best_cycle(values[at:])
        if found is None:
            return
        run, rate, shape, depth, phase = found
        yield NoteWobble(at, run, rate, depth, shape, phase)
        at += run


def _best_cycle(values: np.ndarray) -> tuple[int, str, str, float, float] | None:
    """The cycle that a curve begins with and goes on with for longest: ticks, rate, shape, depth, phase."""
    best: tuple[int, float] = (0, 0.0)
    found = None
    for rate in RATES:
        period = RATE_TICKS[rate]
        if period > len(values):
            continue
        window = values[:period].astype(np.float64)
        if np.ptp(window) < _LEAST_RANGE:
            continue
        unit_cycles, openings = _unit_cycles(period)
        centred = window - window.mean()
        centred /= np.linalg.norm(centred)
        spectrum = np.fft.rfft(centred) * np.conj(np.fft.rfft(unit_cycles, axis=1))
        agreement = np.fft.irfft(spectrum, period, axis=1)
        shape, late = divmod(int(np.argmax(agreement)), period)
        if agreement[shape, late] < _LEAST_CORRELATION:
            continue
        opening = np.roll(openings[shape], late)
        gain, offset = np.polyfit(opening, window, 1)
        expected = offset + gain * np.resize(opening, len(values))
        run = _fitting(np.abs(expected - values), max(4.0, _MOST_ERROR * gain))
        if run >= period and (run // _SMOOTH_TICKS, agreement[shape, late]) > best:
            best = (run // _SMOOTH_TICKS, float(agreement[shape, late]))
            depth = round(float(min(gain / OPEN, 1.0)), 2)
            found = (run, rate, SHAPES[shape], depth, round(-late % period / period, 3))
    return found


def _fitting(error: np.ndarray, most: float) -> int:
    """For how many ticks an error, smoothed over a thirty-second, stays at or below a bound."""
    smooth = np.convolve(error, np.ones(_SMOOTH_TICKS) / _SMOOTH_TICKS, "full")[: len(error)]
    over = np.flatnonzero(smooth > most)
    return len(error) if not len(over) else max(int(over[0]) - _SMOOTH_TICKS // 2, 0)


@lru_cache(maxsize=len(RATES))
def _unit_cycles(period: int) -> tuple[np.ndarray, np.ndarray]:
    """One cycle of every shape: centred and of length 1, and as an opening of 0-1; float64 (shapes, ticks)."""
    phase = np.arange(period) / period
    cycles = {
        "sine": (1 - np.cos(2 * np.pi * phase)) / 2,
        "triangle": 1 - np.abs(1 - 2 * phase),
        "square": (phase < 0.5).astype(np.float64),
        "saw": 1 - phase,
        "ramp": phase,
    }
    openings = np.array([cycles[shape] for shape in SHAPES])
    centred = openings - openings.mean(axis=1, keepdims=True)
    return centred / np.linalg.norm(centred, axis=1, keepdims=True), openings
