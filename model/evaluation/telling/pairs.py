"""Drops of real songs, and for each one composed to what it was like: the same parts, densities, tempo and key.

Imports no JAX itself.
"""

from collections.abc import Collection, Sequence

import msgspec

from corpus.pieces import Piece, PieceSection
from corpus.starter.pieces import SOURCE as STARTER
from model.evaluation.generation import generate
from model.evaluation.telling.drop import ToldDrop
from model.training.critic_examples import playable
from model.training.mirrored_songs import MIN_SECTION_BARS, SOUNDING_SHARE, MirroredSong, stretch_of
from model.writing.fill import Filler
from song.notes import Phrase, some_bars
from song.parts import PART_SPECS, Part
from song.scales import parse_key
from song.sections import SectionKind
from song.time import TICKS_PER_BAR

DROP_BARS = 16
"""A drop is this much of a song, or half of that where there is not so much."""
START_BARS = 4
"""The busiest bars of a song begin on one of every so many."""
FEWEST_PARTS = 2


class RealDrop(msgspec.Struct, frozen=True):
    """A drop of a real song.

    Attributes:
        stretch: its music, and the empty song of one section that asks for its like.
        found: "named", "guessed", or "busiest" where the song has no drop that anybody knows of.
    """

    stretch: MirroredSong
    found: str


def real_drops(pieces: Sequence[Piece]) -> list[RealDrop]:
    """A drop of each song that has one of two parts or more; of a family the piece with most of them.

    The starter set is left out, and so is a part that is denser there than a plan can ask for.

    Args:
        pieces: whole pieces; drums alone and pieces under eight bars give nothing.
    """
    best: dict[tuple[str, str], tuple[tuple[int, int], RealDrop]] = {}
    for piece in sorted(pieces, key=lambda piece: (piece.name, piece.digest)):
        if piece.source == STARTER or piece.renotated or (drop := _drop_of(piece)) is None:
            continue
        phrases = drop.stretch.phrases.values()
        rank = (len(phrases), sum(len(one.notes) for one in phrases))
        if len(phrases) >= FEWEST_PARTS and rank > best.get((piece.source, piece.family), ((0, 0), drop))[0]:
            best[piece.source, piece.family] = (rank, drop)
    return [drop for _, (_, drop) in sorted(best.items())]


def spread_out(drops: Sequence[RealDrop], most: int) -> list[RealDrop]:
    """At most so many of the drops, from all over them."""
    step = max(len(drops) / most, 1.0)
    return [drops[int(index * step)] for index in range(min(most, len(drops)))]


def compose_like(filler: Filler, drop: RealDrop, seed: int, *, kind_told: bool = True) -> ToldDrop:
    """The drop that comes of asking for the like of a real one, one take a cell.

    Args:
        filler: writes it.
        drop: what it is to be like.
        seed: 0 or more.
        kind_told: whether the writer is told that it is a drop.
    """
    stretch = drop.stretch
    hints = msgspec.structs.replace(stretch.hints, kinds_known=kind_told)
    written = generate(filler, stretch.song, 1, seed, list(stretch.phrases), hints)
    return _told(stretch, {cell.part: takes[0] for cell, takes in written.items()})


def as_played(drop: RealDrop) -> ToldDrop:
    """A real drop, where every note lies where a composed one could have it."""
    return _told(drop.stretch, {cell.part: phrase for cell, phrase in playable(drop.stretch).items()})


def _told(stretch: MirroredSong, parts: dict[Part, Phrase]) -> ToldDrop:
    key = parse_key(stretch.song.key)
    return ToldDrop(stretch.name, stretch.song.sections[0].bars, parts, key.tonic_class)


def _drop_of(piece: Piece) -> RealDrop | None:
    start, bars, found = _place(piece)
    parts = {part: some_bars(phrase, start, bars) for part, phrase in piece.parts.items()}
    kept = {part: phrase for part, phrase in parts.items() if _can_be_asked_for(part, phrase)}
    section = PieceSection(0, bars, SectionKind.DROP)
    excerpt = msgspec.structs.replace(piece, bars=bars, parts=kept, sections=(section,), micro={}, graces=())
    stretch = stretch_of(excerpt) if bars >= MIN_SECTION_BARS else None
    return None if stretch is None else RealDrop(stretch, found)


def _place(piece: Piece) -> tuple[int, int, str]:
    """First bar and bars of a piece's drop, and how it was found."""
    for section in piece.sections:
        if section.kind is SectionKind.DROP and section.bars >= MIN_SECTION_BARS:
            bars = DROP_BARS if section.bars >= DROP_BARS else MIN_SECTION_BARS
            return section.start_bar, bars, "guessed" if section.estimated else "named"
    bars = DROP_BARS if piece.bars >= DROP_BARS else min(piece.bars, MIN_SECTION_BARS)
    starts = range(0, piece.bars - bars + 1, START_BARS)
    return max(starts, key=lambda start: _fullness(piece, range(start, start + bars))), bars, "busiest"


def _fullness(piece: Piece, bars: Collection[int]) -> tuple[int, int]:
    """Parts that sound in some bars, and their onsets."""
    playing = onsets = 0
    for phrase in piece.parts.values():
        ticks = {note.onset_tick for note in phrase.notes if note.onset_tick // TICKS_PER_BAR in bars}
        playing += len({tick // TICKS_PER_BAR for tick in ticks}) >= SOUNDING_SHARE * len(bars)
        onsets += len(ticks)
    return playing, onsets


def _can_be_asked_for(part: Part, phrase: Phrase) -> bool:
    return 0 < phrase.onsets_per_bar() <= PART_SPECS[part].high_onsets
