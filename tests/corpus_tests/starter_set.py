"""The starter set, read once a process: reading it takes longer than most of what is asked of it."""

from functools import cache

from corpus.starter.notation import load_starter
from corpus.starter.phrases import StarterPhrase
from corpus.starter.tracks import StarterTrack


@cache
def starter_set() -> tuple[list[StarterPhrase], list[StarterTrack]]:
    """The phrases and tracks, as `corpus.starter.notation.load_starter` gives them; not to be changed."""
    return load_starter()
