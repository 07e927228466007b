"""Stretches of the starter set with the plans that mirror them."""

from corpus.starter.pieces import starter_pieces
from model.training.mirrored_songs import MirroredSong, stretch_of


def starter_stretches() -> list[MirroredSong]:
    """Up to twelve stretches of pieces with more than one part."""
    found = [stretch_of(piece) for piece in starter_pieces() if len(piece.parts) > 1][:12]
    return [stretch for stretch in found if stretch is not None]
