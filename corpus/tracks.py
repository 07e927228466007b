"""The contents of a file before its parts are known: tracks of notes, a tempo, markers.

Made in `corpus.readers`, turned into parts in `corpus.analysis`.
"""

import msgspec

from song.notes import Note


class LowPass(msgspec.Struct, frozen=True):
    """A tempo-synced oscillator on a track's filter.

    Attributes:
        rate: one of `song.notes.RATES`.
        depth: 0-1.
        shape: one of `song.notes.SHAPES`.
    """

    rate: str
    depth: float
    shape: str


class NoteWobble(msgspec.Struct, frozen=True):
    """A wobble within one note, as `corpus.analysis.wobble_reading` finds it.

    Attributes:
        offset_ticks: from the note's onset to the wobble's, 0 or more.
        duration_ticks: 1 or more.
        rate: one of `song.notes.RATES`.
        depth: 0-1.
        shape: one of `song.notes.SHAPES`.
        phase: where in its cycle the oscillator is at its onset, 0-1, below 1.
    """

    offset_ticks: int
    duration_ticks: int
    rate: str
    depth: float
    shape: str
    phase: float = 0.0


class RawTrack(msgspec.Struct, frozen=True):
    """A track of a source.

    Attributes:
        name: as the file has it.
        program: General MIDI program 0-127, or None where the source has no such thing.
        is_drum: whether the source says that its pitches are drums.
        notes: sorted, at 96 ticks a quarter, as they were played.
        wobble: what moves its filter, where the source tells.
        offsets: for each note how much later than its tick it was played, in tenths of a tick, -5 to 5; empty where
            all of them are 0.
        curves: by MIDI controller its changes as (tick, value 0-127), in order.
    """

    name: str
    program: int | None
    is_drum: bool
    notes: tuple[Note, ...]
    wobble: LowPass | None = None
    offsets: tuple[int, ...] = ()
    curves: dict[int, tuple[tuple[int, int], ...]] = {}


class Recording(msgspec.Struct, frozen=True):
    """The 4/4 music of one file, counted from a bar line.

    Attributes:
        tracks: those with notes.
        tempo_bpm: the tempo that lasts longest.
        markers: (bar from 0, text), in order.
        partly: what of the file was left out, in a few words, or empty.
    """

    tracks: tuple[RawTrack, ...]
    tempo_bpm: float
    markers: tuple[tuple[int, str], ...] = ()
    partly: str = ""
