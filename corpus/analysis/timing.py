"""Moves played onsets to the places that were meant: sixteenths, triplets and thirty-seconds, chosen beat by beat.

What that takes away of a player's feel is kept beside a piece: see `corpus.pieces.Piece.micro`.
"""

from collections.abc import Sequence

import numpy as np

from song.time import TICKS_PER_QUARTER

MICRO_PER_TICK = 10
"""Micro-timing is counted in tenths of a tick, 960 a quarter: half a millisecond at 125 BPM."""

END_SLACK_TICKS = 24
"""Music that reaches no further into a bar than this, a sixteenth, does not make it a bar of the song."""

MAX_SILENT_BARS = 64
"""A track or a clip that ends later than this after the last note was not meant to: the song ends with the note."""

GRIDS = (24, 32, 16, 12)
"""Ticks between the places of each grid: sixteenths, eighth triplets, sixteenth triplets, thirty-seconds."""

_RARITY = np.array([0.0, 1.0, 2.0, 2.0])
"""The price of each grid for a beat, in nats, before anything is known of the piece."""
_BETWEEN = np.array([0.0, 0.4, 1.5, 2.2])
"""The price, in nats, of a place that is no sixteenth, by grid: the finer the grid, the easier it fits by chance."""
_CLASH = 6.0
"""The price, in nats, of two hits of one drum, played apart, that a grid puts together."""

TOGETHER_TICKS = 5
"""Onsets this near to the first of them were meant as one: 28 ms at 110 BPM, half a thirty-second."""
_EARLY_TICKS = 8
"""An onset this much ahead of a beat is counted with that beat."""
_STARTS_TICKS = (1.5, 3.0, 5.0)
"""Standard deviations of a player's error, in ticks: the least, the usual, the most. A piece is read from each of them,
and the reading that explains it best stays."""
_ROUNDS = 4


def snap_onsets(onsets: Sequence[int], pitches: Sequence[int] = ()) -> list[int]:
    """The place that each onset was meant for, in ticks, in the order given.

    Onsets that all but coincide move together. Then each beat takes the grid that explains its onsets best: the
    squared distance to it, measured by how far this player is off on the whole and less what the player is always
    late or early, and a price for places that are rare and for hits of one drum or voice that would fall together.
    What is rare is learned from the piece itself in a few rounds, so that one late sixteenth does not make a triplet.

    Args:
        onsets: ticks of 0 or more, in any order.
        pitches: the drum of each onset; none where all of them are of one voice.
    """
    if not len(onsets):
        return []
    played = np.asarray(onsets, dtype=np.int64)
    order = np.argsort(played, kind="stable")
    groups = np.empty(len(played), dtype=np.int64)
    groups[order] = _groups(played[order].tolist())
    centres = np.bincount(groups, weights=played) / np.bincount(groups)
    voices = np.asarray(pitches, dtype=np.int64) if len(pitches) else np.zeros(len(played), np.int64)
    snapped: list[int] = _snap(centres, _repeats(groups, voices))[groups].tolist()
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


def _repeats(groups: np.ndarray, pitches: np.ndarray) -> np.ndarray:
    """The pairs of clusters that hold hits of one drum after each other: int64 (pairs, 2)."""
    order = np.lexsort((groups, pitches))
    before, after = order[:-1], order[1:]
    apart = (pitches[before] == pitches[after]) & (groups[before] != groups[after])
    return np.stack([groups[before][apart], groups[after][apart]], axis=1)


def _snap(centres: np.ndarray, repeats: np.ndarray) -> np.ndarray:
    beats = ((centres + _EARLY_TICKS) // TICKS_PER_QUARTER).astype(np.int64)
    _, beats = np.unique(beats, return_inverse=True)
    readings = [_read(centres, beats, repeats, spread) for spread in _STARTS_TICKS]
    return min(readings, key=lambda reading: reading[0])[1]


def _read(centres: np.ndarray, beats: np.ndarray, repeats: np.ndarray, spread: float) -> tuple[float, np.ndarray]:
    """One reading of a piece that begins by taking its player for so sloppy: its price in nats, and the places."""
    everyone = np.arange(len(centres))
    rarity, late = _RARITY, 0.0
    for _ in range(_ROUNDS):
        believed = rarity, late, spread
        places = np.stack([np.floor((centres - late) / grid + 0.5) * grid for grid in GRIDS])
        between = (places % GRIDS[0] != 0) * _BETWEEN[:, None]
        costs = (places + late - centres) ** 2 / (2 * spread**2) + between + np.log(spread)
        by_beat = np.stack([np.bincount(beats, weights=row) for row in costs])
        clashes = places[:, repeats[:, 0]] == places[:, repeats[:, 1]]
        by_beat += np.stack(
            [np.bincount(beats[repeats[:, 1]], weights=row, minlength=by_beat.shape[1]) for row in clashes * _CLASH]
        )
        by_beat += rarity[:, None]
        chosen = np.argmin(by_beat, axis=0)
        price = float(by_beat.min(axis=0).sum())
        best: np.ndarray = places[chosen[beats], everyone]
        off = centres - best
        late = float(np.clip(np.median(off), -TOGETHER_TICKS, TOGETHER_TICKS))
        spread = float(np.clip(np.sqrt(((off - late) ** 2).mean()), _STARTS_TICKS[0], _STARTS_TICKS[-1]))
        shares = (np.bincount(chosen, minlength=len(GRIDS)) + 1) / (len(chosen) + len(GRIDS))
        rarity = -np.log(shares)
        if (late, spread) == believed[1:] and np.array_equal(rarity, believed[0]):
            break
    meant: np.ndarray = np.maximum(best, 0).astype(np.int64)
    return price, meant
