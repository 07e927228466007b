"""Windows of a lead by its pitches, and pieces that repeat their first bars."""

import numpy as np

from corpus.pieces import Piece
from model.training.windows import Window, cut_windows
from song.notes import Note, Phrase
from song.parts import Part


def windows(bars: list[list[int]], name: str) -> list[Window]:
    notes = tuple(
        Note(bar * 384 + place * 96, pitch, 96, 90) for bar, line in enumerate(bars) for place, pitch in enumerate(line)
    )
    phrases = {Part.LEAD: Phrase(len(bars), notes)}
    return list(cut_windows([Piece(name, "test", name, "train", name, {}, 120.0, 0, True, len(bars), phrases)], 16))


def loops(count: int, length: int, seed: int) -> list[Window]:
    """Pieces of sixteen bars that repeat what their first bars have drawn at random."""
    rng = np.random.default_rng(seed)
    pieces = [rng.choice([72, 74, 76, 77, 79, 81], (length, 4)).tolist() for _ in range(count)]
    return [window for n, piece in enumerate(pieces) for window in windows(piece * (16 // length), f"{seed} piece {n}")]
