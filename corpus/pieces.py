"""Pieces of music as every reader hands them on: parts in bars, with what their source could and could not know.

What a file holds before its parts are known is a `corpus.tracks.Recording`.
"""

import msgspec

from song.notes import Phrase
from song.parts import Part
from song.sections import SectionKind

FORMAT_VERSION = 3


class PieceSection(msgspec.Struct, frozen=True):
    """A stretch of a piece that is known to be of one kind.

    Attributes:
        start_bar: counted from 0.
        bars: 1 or more.
        kind: what it does in the form.
        estimated: whether nobody named it and `corpus.analysis.structure` guessed its kind.
    """

    start_bar: int
    bars: int
    kind: SectionKind
    estimated: bool = False


class Grace(msgspec.Struct, frozen=True, order=True, gc=False):
    """A hit that was played and is no note of its part: a flam's first stroke, a bounce, a fifth drum at once.

    Attributes:
        onset_tick: the place that it was snapped to, where the note that stands for it lies.
        pitch: its drum.
        velocity: 1-127.
        micro: how much later than `onset_tick` it was played, in tenths of a tick.
    """

    onset_tick: int
    pitch: int
    velocity: int
    micro: int


class Piece(msgspec.Struct, frozen=True):
    """One song, performance or hand-written track of the corpus, in 4/4 at 96 ticks a quarter.

    Attributes:
        name: what a person would call it: the path below the folder that was read, or a starter name; with
            "(voices 2)" after it for what further tracks of a file play, "(half-time)" for a re-notation.
        source: the collection: "groove", "freedoom", "starter", or the folder's name; "groove half-time" where a
            groove is written at twice its tempo.
        family: pieces of one family are versions of one music and never lie in different splits.
        split: "train", "validation" or "test".
        digest: SHA-256 of the file it was read from, in hex; of the notation for starter pieces.
        style: shares of styles, adding up to 1; empty where it is unknown.
        tempo_bpm: its main tempo.
        tonic_class: pitch class of the tonic 0-11, C being 0; None where it is unknown or nothing is pitched.
        minor: whether the mode is minor.
        bars: length of every phrase in `parts`.
        parts: the music a part, true pitches, drums as General MIDI drums.
        sections: stretches of known kind, in order; empty where nothing is known.
        velocity_known: whether its velocities mean anything.
        wobble_known: whether a bass without wobbles here truly has none.
        renotated: whether it is written at twice the tempo that its source has, so that its backbeat is half-time.
        style_estimated: whether no tag and no person gave the style and `corpus.analysis.styles` guessed it.
        micro: for each note of a part's phrase how much later than its onset it was played, in tenths of a tick, 960 a
            quarter; a part that was played on the grid throughout is not there.
        graces: hits that have no note, in order: with these and `micro` every hit is where the drummer put it.
        wobble_phases: for each wobble of the bass where in its cycle, 0-1, the oscillator was as it began; empty where
            all of them began a cycle, or where the source does not tell.
        key_ambiguous: whether another key fits all but as well as the one that was found.
    """

    name: str
    source: str
    family: str
    split: str
    digest: str
    style: dict[str, float]
    tempo_bpm: float
    tonic_class: int | None
    minor: bool
    bars: int
    parts: dict[Part, Phrase]
    sections: tuple[PieceSection, ...] = ()
    velocity_known: bool = True
    wobble_known: bool = False
    renotated: bool = False
    style_estimated: bool = False
    micro: dict[Part, tuple[int, ...]] = {}
    graces: tuple[Grace, ...] = ()
    wobble_phases: tuple[float, ...] = ()
    key_ambiguous: bool = False


class Refusal(msgspec.Struct, frozen=True):
    """A file, or part of one, that was not taken in.

    Attributes:
        name: the path below the folder that was read.
        reason: one line, in words a producer understands, with what to do about it.
    """

    name: str
    reason: str
