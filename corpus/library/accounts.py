"""Accounts of a file that was added to the library and of each piece in it: all that is told without opening its notes.

They are kept by `corpus.library.records` and worded by `corpus.library.account_text`.
"""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from corpus.families import Print, print_of
from corpus.pieces import Piece
from corpus.readers.sources import printable
from corpus.track_accounts import SongAccount
from song.notes import Phrase
from song.parts import Part
from song.time import ticks_to_bar

UNNAMED_KIND = "unknown"
"""Stands for a section kind where nothing tells it."""


class PieceAccount(msgspec.Struct, frozen=True):
    """The facts told of a piece.

    Attributes:
        name, bars, tempo_bpm, tonic_class, minor, style, style_estimated, velocity_known, renotated: the piece's.
        notes: how many each part has.
        sounding_bars: how many bars of each part have an onset, by section kind or `UNNAMED_KIND`.
        kinds: how many bars are of each section kind.
        kinds_estimated: whether nobody named any of its sections.
        wobble_bars: how many bars have a wobble.
        print: what the piece is recognised by, with the family and the split that it was read with.
    """

    name: str
    bars: int
    tempo_bpm: float
    tonic_class: int | None
    minor: bool
    style: dict[str, float]
    style_estimated: bool
    velocity_known: bool
    renotated: bool
    notes: dict[Part, int]
    sounding_bars: dict[Part, dict[str, int]]
    kinds: dict[str, int]
    kinds_estimated: bool
    wobble_bars: int
    print: Print


class Origin(msgspec.Struct, frozen=True):
    """Where a file comes from, and what was said of it when it was added.

    Attributes:
        location: the path that it was read at, in the file system's bytes, or a name such as b"music21:bach/bwv1.6".
        name: its path below the folder that was added.
        source: that folder's name.
        row: what a table beside it told.
        style: the shares that it was added with; empty where none was given.
        artist: whose it is; empty where nobody said.
    """

    location: bytes
    name: str
    source: str
    row: dict[str, str] = {}
    style: dict[str, float] = {}
    artist: str = ""

    @property
    def place(self) -> str:
        """The location as text."""
        return printable(os.fsdecode(self.location))

    @property
    def path(self) -> Path:
        """The location as a path; one that leads nowhere where the source is no file."""
        return Path(os.fsdecode(self.location))

    @property
    def full_name(self) -> str:
        """The source and the name below it."""
        return f"{self.source}/{self.name}"


class Account(msgspec.Struct, frozen=True):
    """The lasting account of a file: where it comes from, and what came of it.

    Attributes:
        origin: where it comes from.
        digest: SHA-256 of its contents in hex; empty where they could not be read.
        family: the name that it and its versions may share; empty where its pieces bring families of their own.
        split: the one that a table gave it, or empty.
        reason: why it was refused, or what of it was left out, and what to do; empty where it was taken whole.
        pieces: what is learned from.
        opened: what becomes of its tracks when it is opened; empty where it cannot be.
    """

    origin: Origin
    digest: str = ""
    family: str = ""
    split: str = ""
    reason: str = ""
    pieces: tuple[PieceAccount, ...] = ()
    opened: SongAccount = SongAccount()


def account_of(piece: Piece) -> PieceAccount:
    """The account of a piece."""
    kinds: Counter[str] = Counter()
    kind_of_bar = [UNNAMED_KIND] * piece.bars
    for section in piece.sections:
        kinds[section.kind.value] += section.bars
        kind_of_bar[section.start_bar : section.start_bar + section.bars] = [section.kind.value] * section.bars
    bass = piece.parts.get(Part.BASS)
    return PieceAccount(
        name=piece.name,
        bars=piece.bars,
        tempo_bpm=piece.tempo_bpm,
        tonic_class=piece.tonic_class,
        minor=piece.minor,
        style=piece.style,
        style_estimated=piece.style_estimated,
        velocity_known=piece.velocity_known,
        renotated=piece.renotated,
        notes={part: len(phrase.notes) for part, phrase in piece.parts.items()},
        sounding_bars={part: _sounding(phrase, kind_of_bar) for part, phrase in piece.parts.items()},
        kinds=dict(kinds),
        kinds_estimated=all(section.estimated for section in piece.sections),
        wobble_bars=len({ticks_to_bar(wobble.onset_tick) for wobble in bass.wobbles}) if bass else 0,
        print=print_of(piece),
    )


def _sounding(phrase: Phrase, kind_of_bar: Sequence[str]) -> dict[str, int]:
    bars = {ticks_to_bar(note.onset_tick) for note in phrase.notes}
    return dict(Counter(kind_of_bar[bar] for bar in bars))
