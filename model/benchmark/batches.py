"""Batches of the polyphony benchmark: windows of pieces, transposed, as the network's arrays.

What the past of a piece says of its next frames is worked out once a piece, in `model.benchmark.data`; here it is cut
and stacked.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.benchmark.data import PieceInputs

Batch = Mapping[str, NDArray[Any]]
"""Arrays of `collate`, time first."""


def shifts_of(look: PieceInputs, widest: int) -> list[int]:
    """Transpositions of a piece, in semitones from -widest to +widest, that keep it on the keyboard."""
    sounding = np.flatnonzero(look.frames.any(0))
    low, high = (int(sounding[0]), int(sounding[-1])) if len(sounding) else (0, 0)
    keys = look.frames.shape[1]
    return [shift for shift in range(-widest, widest + 1) if low + shift >= 0 and high + shift < keys]


def collate(
    rows: Sequence[tuple[PieceInputs, int, int]], length: int, places: int | None = None
) -> dict[str, NDArray[Any]]:
    """Stack windows of pieces.

    Args:
        rows: piece, first row of the window and transposition in semitones, one for each of B.
        length: rows of a window; shorter ones are filled up with nothing.
        places: longest chain; that of the pieces unless given.

    Returns:
        "frame" and "age", uint8 (T, B, keys); "mean", float32 (T, B, keys); "seen", uint8 (T, B, S, keys); "match",
        uint8 (T, B, S, 2); "time", int32 (T, B); "tokens", int8 (T, B, N), -1 where nothing is to be foretold;
        "next_token", int8 (T, B, N, S); "agrees", bool (T, B, N, S).
    """
    first = rows[0][0]
    B, keys, S = len(rows), first.frames.shape[1], first.source.shape[1]
    N = places or first.tokens.shape[1]
    batch: dict[str, NDArray[Any]] = {
        "frame": np.zeros((length, B, keys), np.uint8),
        "age": np.zeros((length, B, keys), np.uint8),
        "mean": np.zeros((length, B, keys), np.float32),
        "seen": np.zeros((length, B, S, keys), np.uint8),
        "match": np.zeros((length, B, S, 2), np.uint8),
        "time": np.zeros((length, B), np.int32),
        "tokens": np.full((length, B, N), -1, np.int8),
        "next_token": np.full((length, B, N, S), -1, np.int8),
        "agrees": np.zeros((length, B, N, S), np.bool_),
    }
    for b, (look, start, shift) in enumerate(rows):
        at = slice(start, min(start + length, len(look.tokens)))
        n = at.stop - at.start
        source = look.source[at]
        batch["frame"][:n, b] = np.roll(look.frames[at], shift, axis=-1)
        batch["age"][:n, b] = np.roll(look.age[at], shift, axis=-1)
        batch["mean"][:n, b] = np.roll(look.mean[at], shift, axis=-1)
        batch["seen"][:n, b] = np.roll(look.frames[source] * (source >= 0)[..., None], shift, axis=-1)
        batch["match"][:n, b] = look.match[at]
        batch["time"][:n, b] = np.arange(at.start, at.stop)
        for name, values in (("tokens", look.tokens[at, :N]), ("next_token", look.next_token[at, :N])):
            batch[name][:n, b] = np.where((values >= 0) & (values < keys), values + shift, values)
        batch["agrees"][:n, b] = look.agrees[at, :N]
    return batch


class TrainingWindows:
    """A random-access source of batches: the same index and seed give the same windows, whatever came before."""

    def __init__(
        self,
        looks: Sequence[PieceInputs],
        *,
        batches: int,
        windows: int,
        length: int,
        places: int,
        widest: int,
        seed: int,
    ) -> None:
        self.looks, self.batches, self.windows, self.length = looks, batches, windows, length
        self.places, self.seed = places, seed
        frames = np.array([len(look.tokens) for look in looks], float)
        self._chance = frames / frames.sum()
        self._shifts = [shifts_of(look, widest) for look in looks]

    def __len__(self) -> int:
        return self.batches

    def __getitem__(self, index: int) -> dict[str, NDArray[Any]]:
        random = np.random.default_rng([self.seed, index])
        rows = []
        for n in random.choice(len(self.looks), self.windows, p=self._chance):
            # A window may begin before the piece, so that its first frames are learned as often as any.
            start = int(random.integers(1 - self.length // 2, max(1, len(self.looks[n].tokens) - self.length // 2 + 1)))
            rows.append((self.looks[n], max(0, start), int(random.choice(self._shifts[n]))))
        return collate(rows, self.length, self.places)


def whole_pieces(looks: Sequence[PieceInputs], shift: int, frames_a_batch: int) -> Iterator[tuple[list[int], Batch]]:
    """Whole pieces in batches of like length: indices of the pieces and their arrays.

    Lengths and sizes are rounded up to few shapes, for which programs are compiled.
    """
    order = sorted(range(len(looks)), key=lambda n: len(looks[n].tokens))
    while order:
        length = -(-len(looks[order[0]].tokens) // 64) * 64
        size = max(1, min(frames_a_batch // length, 32))
        size = 1 << (size.bit_length() - 1)
        chosen = [n for n in order[:size] if len(looks[n].tokens) <= length]
        order = order[len(chosen) :]
        rows = [(looks[n], 0, shift) for n in chosen]
        rows += [rows[-1]] * (size - len(rows))
        yield chosen, collate(rows, length)
