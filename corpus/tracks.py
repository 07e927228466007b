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


class Loss(msgspec.Struct, frozen=True):
    """Notes of a track that do not arrive.

    Attributes:
        why: in a few words, such as "in bars that are not 4/4".
        notes: how many, 1 or more.
    """

    why: str
    notes: int


class RawTrack(msgspec.Struct, frozen=True):
    """A track of a source.

    Attributes:
        name: as the file has it.
        program: General MIDI program 0-127, or None where the source has no such thing; of several the one that most
            of the notes have.
        is_drum: whether the source says that its pitches are drums.
        notes: sorted, at 96 ticks a quarter, as they were played.
        wobble: what moves its filter, where the source tells.
        offsets: for each note how much later than its tick it was played, in tenths of a tick, -5 to 5; empty where
            all of them are 0.
        curves: by MIDI controller its changes as (tick, value 0-127), in order.
        channel: MIDI channel 0-15, or None where the source has no such thing.
        losses: notes that the file has and `notes` does not.
        told: what else became of it, in a few words each.
    """

    name: str
    program: int | None
    is_drum: bool
    notes: tuple[Note, ...]
    wobble: LowPass | None = None
    offsets: tuple[int, ...] = ()
    curves: dict[int, tuple[tuple[int, int], ...]] = {}
    channel: int | None = None
    losses: tuple[Loss, ...] = ()
    told: tuple[str, ...] = ()


class KeyChange(msgspec.Struct, frozen=True):
    """A key signature.

    Attributes:
        tick: from which it holds.
        sharps: how many it has, -7 to 7, flats below 0.
        minor: whether the mode is minor.
    """

    tick: int
    sharps: int
    minor: bool


class Recording(msgspec.Struct, frozen=True):
    """The 4/4 music of one file, counted from a bar line.

    Attributes:
        tracks: those with notes in the file, in its order.
        tempo_bpm: the tempo that lasts longest, 40-300.
        markers: (bar from 0, text), in order, those of one bar in the order of the file; cue points count.
        partly: what of the file was left out, in a few words, or empty.
        bars: its length: where the last note or the last track ends. 0 where the source tells no length.
        tempi: the tempo changes as (tick, quarters a minute 40-300), the first at 0, no two alike in a row.
        keys: the key signatures, in order.
        told: what else became of the file, a line each.
        is_ours: whether it is laid out as Dropsmith exports songs.
        kinds: the kinds of sections that are named otherwise as (bar from 0, kind), in an export of ours.
        kinds: tuple[tuple[int, str], ...] = ()
    has_sub: whether it has the track of a sub, as such an export may.
    """

    tracks: tuple[RawTrack, ...]
    tempo_bpm: float
    markers: tuple[tuple[int, str], ...] = ()
    partly: str = ""
    bars: int = 0
    tempi: tuple[tuple[int, float], ...] = ()
    keys: tuple[KeyChange, ...] = ()
    told: tuple[str, ...] = ()
    is_ours: bool = False
    kinds: tuple[tuple[int, str], ...] = ()
    has_sub: bool = False
