"""Shapes of loudness over a note, without corners that click."""

import functools

import numpy as np
from numpy.typing import NDArray


@functools.lru_cache(maxsize=64)
def fade(frames: int) -> NDArray[np.float32]:
    """A rise from 0 to 1 over some frames, (frames,), level at both ends."""
    rise = (1 - np.cos(np.pi * (np.arange(frames) + 0.5) / frames)) / 2
    return np.asarray(rise, np.float32)


def gate(piece_CxN: NDArray[np.float32], at_frame: int, attack: int, end_frame: int, release: int) -> None:
    """Fade a piece of a note in and out, in place.

    Args:
        piece_CxN: (C, N) or (N,).
        at_frame: of the note, that the piece begins at.
        attack: frames in which it comes.
        end_frame: of the note, from which it goes.
        release: frames in which it goes; all is silent behind them.
    """
    count = piece_CxN.shape[-1]
    if at_frame < attack:
        rising = fade(attack)[at_frame : at_frame + count]
        piece_CxN[..., : len(rising)] *= rising
    if at_frame + count > end_frame:
        falling = fade(release)[::-1]
        first = max(0, end_frame - at_frame)
        inside = falling[max(0, at_frame - end_frame) :][: count - first]
        piece_CxN[..., first : first + len(inside)] *= inside
        piece_CxN[..., first + len(inside) :] = 0
