"""Seeds of songs and of their fills."""

import os
from collections.abc import Container

from song.limits import MAX_SEED

_STRIDE = 1_000_003
"""A prime: the seeds of a song's fills lie far apart, and the first is the song's own."""


def fresh_seed() -> int:
    """A seed that no other song has, as good as surely: 0 to 2**31 - 1, drawn anew each time."""
    # Not by `secrets`: it imports much that a start has no use for.
    return int.from_bytes(os.urandom(8)) % (MAX_SEED + 1)


def fill_seed(song_seed: int, number: int, used: Container[int]) -> tuple[int, int]:
    """A seed for a fill, 0 to 2**31 - 1, that is not used, and the number to go on from.

    Args:
        song_seed: the song's own.
        number: of the seed to try first, from 0.
        used: seeds that takes have; fewer than there are.
    """
    while True:
        seed, number = (song_seed + number * _STRIDE) % (MAX_SEED + 1), number + 1
        if seed not in used:
            return seed, number
