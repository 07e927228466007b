"""A collection of the shared music that tests of more than one module read, read once a process."""

from functools import cache

from corpus.pieces import Piece, Refusal
from corpus.readers.sources import read_paths
from tests.places import SHARED

FREEDOOM = SHARED / "freedoom"


@cache
def read_freedoom() -> tuple[list[Piece], list[Refusal]]:
    """The pieces of the collection and what was not taken, as `read_paths` gives them; not to be changed."""
    return read_paths([FREEDOOM])
