"""Cells of the starter set as the critic learns from them, and a song to put a take into."""

from functools import cache

from model.training.critic_examples import (
    Example,
    mirror_pieces,
    real_examples,
)
from song.sections import Section, SectionKind, Song
from tests.model_tests.starter_set import starter_pieces

SONG = Song(key="C minor", sections=(Section(SectionKind.DROP, 4), Section(SectionKind.BREAK, 20)))


@cache
def starter_examples() -> dict[str, list[Example]]:
    """Real cells of songs of 16 bars or more: "train" of fourteen, "held out" of four others."""
    pieces = [piece for piece in starter_pieces() if piece.bars >= 16]
    splits = {"train": pieces[:14], "held out": pieces[-4:]}
    assert len(pieces) >= 18
    return {
        name: [example for one in mirror_pieces(some) for example in real_examples(one)]
        for name, some in splits.items()
    }
