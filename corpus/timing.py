"""Moves played onsets to the places that were meant: sixteenths, triplets and thirty-seconds, chosen beat by beat.

What is kept of a drummer's feel beside this is not decided here.
"""

from collections.abc import Sequence

import numpy as np

from song.time import TICKS_PER_QUARTER

GRIDS = (24, 32, 16, 12)
"""Ticks between the places of each grid: sixteenths, eighth triplets, sixteenth triplets, thirty-seconds."""

_PLACES = np.array([TICKS_PER_QUARTER / grid for grid in GRIDS])
_RARITY = np.array([0.0, 1.0, 2.0, 2.0])
"""What a beat pays for a grid before anything is known of the piece: nats."""

TOGETHER_TICKS = 5
"""Onsets this near to the first of them were meant as one: 28 ms at 110 BPM, half a thirty-second."""
_EARLY_TICKS = 8
"""An onset this much ahead of a beat is counted with that beat."""
_SPREAD_TICKS = (1.5, 5.0)
"""How far a player is off at least and at most, as a standard deviation."""
_ROUNDS = 3


def snap_onsets(onsets: Sequence[int]) -> list[int]:
    """Where each onset was meant to be, in ticks, in the order given.

    Onsets that all but coincide move together. Then each beat takes the grid that explains its onsets best: the
    squared distance to it, measured by how far this player is off on the whole, and a price for finer and for rarer
    grids; what is rare is learned from the piece itself in a few rounds, so that one late sixteenth does not make a
    triplet. The grids' places are multiples of 4 ticks.

    Args:
        onsets: ticks of 0 or more, in any order.
    """
    if not len(onsets):
        return []
    played = np.asarray(onsets, dtype=np.int64)
    order = np.argsort(played, kind="stable")
    groups = np.empty(len(played), dtype=np.int64)
    groups[order] = _groups(played[order].tolist())
    counts = np.bincount(groups)
    centres = np.bincount(groups, weights=played) / counts
    snapped: list[int] = _snap(centres)[groups].tolist()
    return snapped


def snap_length(ticks: int) -> int:
    """A duration at the nearest multiple of 4 ticks, and at least 4."""
    return max(4, (ticks + 2) // 4 * 4)


def _groups(ordered: list[int]) -> list[int]:
    """The number of the cluster that each of some sorted onsets belongs to."""
    found, group, first = [], 0, ordered[0]
    for onset in ordered:
        if onset - first > TOGETHER_TICKS:
            group, first = group + 1, onset
        found.append(group)
    return found


def _snap(centres: np.ndarray) -> np.ndarray:
    places = np.stack([np.floor(centres / grid + 0.5) * grid for grid in GRIDS])
    squares = (places - centres) ** 2
    beats = ((centres + _EARLY_TICKS) // TICKS_PER_QUARTER).astype(np.int64)
    _, beats = np.unique(beats, return_inverse=True)
    by_beat = np.stack([np.bincount(beats, weights=row) for row in squares])
    in_beat = np.bincount(beats)
    price = np.log(_PLACES)[:, None] * in_beat
    rarity = _RARITY.copy()
    spread = _SPREAD_TICKS[1]
    for _ in range(_ROUNDS):
        chosen = np.argmin(by_beat / (2 * spread**2) + price + rarity[:, None], axis=0)
        squared = squares[chosen[beats], np.arange(len(centres))].mean()
        spread = float(np.clip(np.sqrt(squared), *_SPREAD_TICKS))
        shares = (np.bincount(chosen, minlength=len(GRIDS)) + 1) / (len(chosen) + len(GRIDS))
        rarity = _RARITY / 2 - np.log(shares)
    best: np.ndarray = places[chosen[beats], np.arange(len(centres))]
    return best.astype(np.int64)
