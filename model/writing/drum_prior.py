"""Prior of drums by style: how much likelier a place or a drum is there than in all music taken together.

A network that reads its own past learns style from the bars before, and hardly from being told: the first bar of a
house track is written like any other first bar. So the marks of a style, the four kicks of house or the broken kicks of
drum & bass, are counted here and leant on while sampling. Imports NumPy but no JAX.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from model.language.events import (
    FIRST_DRUM,
    HOLD,
    NEXT_BAR,
    PITCH,
    PITCH_TOKENS,
    PLACE,
    POSITION,
    POSITION_TOKENS,
    POSITIONS,
)
from song.styles import STYLES

Array = TypeVar("Array", bound=Any)

SIXTEENTHS = 16
DRUMS = HOLD - FIRST_DRUM
STRENGTH = 1.5
"""Factor on the nats that were counted: the network pulls towards the commonest, so a style is leant on harder."""
_PRIOR_BARS = 32
"""Bars of all music that a style's own counts are joined by: styles that are hardly known lean on nothing."""
_RARE = 0.02
"""Strokes a bar that every place is given, so that what never happens is not ruled out."""
_MOST = 2.5
"""The furthest that one stroke is leant on, in nats."""
_SIXTEENTH = POSITIONS // SIXTEENTHS
ALL_MUSIC = ""
"""The name of all styles together, beside the styles' own."""


def collect_drum_prior(
    rows: Sequence[tuple[Mapping[str, float], float, int, np.ndarray]],
    before: Mapping[str, tuple[str, ...]] | None = None,
) -> dict[str, tuple[str, ...]]:
    """Count how much oftener than in all music each drum is struck on each sixteenth, in nats, by style.

    Args:
        rows: stretches of drums: shares of styles, how often such a stretch is learned from, its bars, and its events,
            int (N, COLUMNS), as `model.language.events` has them.
        before: the result for music that was learned from earlier. The counts of all music are then taken from there,
            and styles go on from what they were: a folder of one style alone has nothing to stand out from.

    Returns:
        for each style that is known SIXTEENTHS rows of DRUMS + 1 numbers, in hundredths of a nat, as text: those of the
        drums, and of any onset. Under ALL_MUSIC the logarithms of the strokes a bar that they are held against.
    """
    strokes = {name: np.zeros((SIXTEENTHS, DRUMS + 1)) for name in (ALL_MUSIC, *STYLES)}
    bars = dict.fromkeys(strokes, 0.0)
    for style, weight, length, events in rows:
        counts = _count(events)
        for name, share in {ALL_MUSIC: 1.0, **style}.items():
            strokes[name] += weight * share * counts
            bars[name] += weight * share * length
    everywhere = strokes[ALL_MUSIC] / max(bars[ALL_MUSIC], 1) + _RARE
    found = dict(before or {})
    if ALL_MUSIC in found:
        everywhere = np.exp(_nats(found[ALL_MUSIC]))
    elif bars[ALL_MUSIC]:
        found[ALL_MUSIC] = _lines(np.log(everywhere))
    for name in STYLES:
        if bars[name]:
            usual = everywhere * np.exp(_nats(found[name])) if name in found else everywhere
            rate = (strokes[name] + _PRIOR_BARS * (usual - _RARE)) / (bars[name] + _PRIOR_BARS)
            found[name] = _lines(np.log((rate + _RARE) / everywhere).clip(-_MOST, _MOST))
    return found


def _lines(nats: np.ndarray) -> tuple[str, ...]:
    return tuple(" ".join(str(round(100 * one)) for one in row) for row in nats.tolist())


def _nats(lines: Sequence[str]) -> np.ndarray:
    return np.array([line.split() for line in lines], float) / 100


def drum_prior_logits(prior: Mapping[str, Sequence[str]], style: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """Terms that a mixture of styles adds to the logits of drums.

    Args:
        prior: as `collect_drum_prior` gives them.
        style: shares of styles.

    Returns:
        for positions, float32 (POSITION_TOKENS,), and for pitches on each sixteenth, (SIXTEENTHS, PITCH_TOKENS): how
        much likelier a drum is there than other drums are.
    """
    mixed = np.zeros((SIXTEENTHS, DRUMS + 1))
    for name, share in style.items():
        if name in prior:
            mixed += STRENGTH * share * _nats(prior[name])
    position = np.zeros(POSITION_TOKENS, np.float32)
    position[:POSITIONS] = mixed[sixteenth(np.arange(POSITIONS)), DRUMS]
    pitch = np.zeros((SIXTEENTHS, PITCH_TOKENS), np.float32)
    pitch[:, FIRST_DRUM:HOLD] = mixed[:, :DRUMS] - mixed[:, DRUMS:]
    return position, pitch


def sixteenth(place: Array) -> Array:
    """The sixteenth, 0-15, that a place of a bar is nearest to; the bar's last places are near the next bar's first.

    Args:
        place: int, 0-95: a scalar, or an array of any shape, which the result shares.
    """
    nearest: Array = (place + _SIXTEENTH // 2) // _SIXTEENTH % SIXTEENTHS
    return nearest


def _count(events: np.ndarray) -> np.ndarray:
    counts = np.zeros((SIXTEENTHS, DRUMS + 1))
    struck = events[(events[:, POSITION] != NEXT_BAR) & (events[:, PITCH] != HOLD)]
    at = sixteenth(struck[:, PLACE].astype(int))
    np.add.at(counts, (at, struck[:, PITCH].astype(int) - FIRST_DRUM), 1)
    onsets = struck[struck[:, POSITION] < POSITIONS]
    counts[:, DRUMS] = np.bincount(sixteenth(onsets[:, PLACE].astype(int)), minlength=SIXTEENTHS)
    return counts
