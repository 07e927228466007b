"""The starter set, read and played out once a process however many tests ask for it."""

from functools import cache

from corpus.pieces import Piece
from corpus.starter import pieces


@cache
def _pieces() -> tuple[Piece, ...]:
    return tuple(pieces.starter_pieces())


def starter_pieces() -> list[Piece]:
    """All pieces of the starter set, as `corpus.starter.pieces.starter_pieces` gives them."""
    return list(_pieces())
