"""Stretches of the starter set with the plans that mirror them."""

from model.training.mirrored_songs import MirroredSong, stretch_of
from tests.model_tests.starter_set import starter_pieces


def starter_stretches() -> list[MirroredSong]:
    """Up to twelve stretches of pieces with more than one part."""
    pieces = [piece for piece in starter_pieces() if len(piece.parts) > 1][:12]
    return [stretch for piece in pieces if (stretch := stretch_of(piece)) is not None]
