"""Choice of the music that a training learns from: its parts, and what is held out where a folder is small.

Imports no JAX.
"""

from collections.abc import Collection, Sequence

import msgspec

from corpus.families import hash_share
from corpus.pieces import Piece
from model.training.dataset import Dataset
from model.training.windows import Window
from song.parts import Part

STARTER = "starter"
MOST_HELD_OUT = 3
"""Families of the user's own music that are held out where the splits hold out fewer."""
FAMILIES_FOR_ONE = 3
"""Families of the user's own music for each that is held out so: of one or two, nothing can be spared."""


def hold_out_enough(dataset: Dataset, heard: Collection[str] = ()) -> Dataset:
    """The same dataset, with more of it held out where it is too small for the splits to leave anything to judge by.

    One family in twenty is held out by its name alone, which of 30 files is none in one case of five, and of 3 in six
    of seven. Here one of three is, and three of nine or more; the starter set does not count.

    Args:
        dataset: the dataset as gathered.
        heard: first 16 hex digits of the digests of files that the weights to begin with were trained on; what they
            have heard is held out only where there is nothing else.
    """
    own = [piece for piece in dataset.train if piece.source != STARTER]
    held = {piece.family for piece in dataset.validation if piece.source != STARTER}
    families = {piece.family for piece in own}
    missing = min(MOST_HELD_OUT, (len(families) + len(held)) // FAMILIES_FOR_ONE) - len(held)
    if missing <= 0:
        return dataset
    known = {piece.family for piece in own if piece.digest[:16] in heard}
    order = sorted(families, key=lambda family: (family in known, -hash_share(family)))
    chosen = set(order[:missing])
    train: list[Piece] = []
    held_out = list(dataset.validation)
    for piece in dataset.train:
        (held_out if piece.source != STARTER and piece.family in chosen else train).append(piece)
    return msgspec.structs.replace(dataset, train=tuple(train), validation=tuple(held_out))


def of_parts(windows: Sequence[Window], parts: Collection[Part]) -> list[Window]:
    """The windows of some parts."""
    return [window for window in windows if window.part in parts]


def own_first(windows: Sequence[Window]) -> list[Window]:
    """The windows of the user's own music; where there are none, those of the starter set."""
    return [window for window in windows if window.source != STARTER] or list(windows)


def starter_half(windows: Sequence[Window]) -> dict[str, float]:
    """Source weights under which the starter set is drawn as often as all the rest together.

    They are for weights that know it and go on to the user's own music: it is not forgotten so, however small the
    folder is. Empty where either is missing.
    """
    starter = sum(len(window.events) for window in windows if window.source == STARTER)
    own = sum(len(window.events) for window in windows) - starter
    return {STARTER: own / starter} if starter and own else {}


def notes_by_source(pieces: Sequence[Piece], parts: Collection[Part]) -> dict[str, int]:
    """Notes of some parts, by source."""
    counts: dict[str, int] = {}
    for piece in pieces:
        notes = sum(len(phrase.notes) for part, phrase in piece.parts.items() if part in parts)
        counts[piece.source] = counts.get(piece.source, 0) + notes
    return {source: count for source, count in sorted(counts.items()) if count}
