"""Examples for the critic to learn from and be judged on: real cells, and takes written under plans that mirror them.

Real music is brought to what the network could have written (octave, lengths, range, scale), and takes are written for
the same parts, sections and densities, so that nothing but the music tells the two apart. Corruptions are made in
`model.training.critic_corruption`. Imports no JAX itself.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence

import msgspec
import numpy as np

from corpus.pieces import Piece, PieceSection
from model.critic.frames import take_frames
from model.critic.measures import measure
from model.language.cell_frames import cell_frames
from model.language.conditions import KINDS, style_vector
from model.protocol import CellRef
from model.training.mirrored_songs import MIN_SECTION_BARS, STRETCH_BARS, MirroredSong, stretch_of
from model.writing.fill import CellTakes, Filler, WrittenTake
from song.edits.takes import replace_cell
from song.notes import Note, Phrase, some_bars
from song.parts import PART_SPECS, PARTS, Part
from song.scales import Key, parse_key
from song.sections import Cell, Song, Take

UNKNOWN_CLASS = -1


class MirroredPiece(msgspec.Struct, frozen=True):
    """A stretch of a real song with what is known of it for certain.

    Attributes:
        stretch: its music, and the empty song that asks for its like.
        family: pieces of one family are versions of one music.
        kinds_known: whether somebody named its sections' kinds.
        style_known: whether somebody named its style.
    """

    stretch: MirroredSong
    family: str
    kinds_known: bool
    style_known: bool


class Example(msgspec.Struct, frozen=True):
    """A cell with music in it, real or generated.

    Attributes:
        part: the part that is judged.
        source: the collection of the real song.
        group: the song; examples of one group are never on both sides of a test.
        real: whether a person wrote it.
        frames: float16 (bars * FRAMES_A_BAR, FRAME_COLUMNS), as `model.critic.frames.take_frames` gives them; all
            parts of the section are in it.
        kind: index of the section kind, or UNKNOWN_CLASS.
        style: float32 (styles,), all zero where it is unknown.
        measures: float64 (numbers of the part,), as `model.critic.measures.measure` gives them; None of a cell made
            wrong.
        mirrors: of a take the measures of the real cell that it was written for, float64 (numbers of the part,), one
            array for all takes of that cell; None where that is no real example.
    """

    part: Part
    source: str
    group: str
    real: bool
    frames: np.ndarray
    kind: int
    style: np.ndarray
    measures: np.ndarray | None = None
    mirrors: np.ndarray | None = None


def mirror_pieces(pieces: Sequence[Piece]) -> Iterator[MirroredPiece]:
    """The stretches of pieces, one after another over their whole length; half-time copies are left out."""
    for piece in pieces:
        if piece.renotated:
            continue
        for first in range(0, max(piece.bars - MIN_SECTION_BARS + 1, 1), STRETCH_BARS):
            stretch = stretch_of(_excerpt(piece, first, min(STRETCH_BARS, piece.bars - first)))
            if stretch is not None:
                yield MirroredPiece(stretch, piece.family, stretch.hints.kinds_known, not piece.style_estimated)


def real_examples(mirrored: MirroredPiece) -> Iterator[Example]:
    """The cells of a real stretch; those denser than any plan can ask for are left out."""
    song = _with_phrases(mirrored.stretch.song, playable(mirrored.stretch))
    for cell, phrase in playable(mirrored.stretch).items():
        if _can_be_asked_for(cell, phrase):
            yield _example(mirrored, song, cell, phrase, real=True)


def generated_examples(
    filler: Filler, mirrored: MirroredPiece, seed: int, takes: int, among_real: bool
) -> Iterator[tuple[CellRef, tuple[WrittenTake, ...], list[Example]]]:
    """Takes of the cells of a stretch, with what the critic hears of each.

    Args:
        filler: writes them.
        mirrored: what they are to be like.
        seed: 0 or more.
        takes: takes a cell.
        among_real: whether each part is written beside the other parts' real music; otherwise all parts are written
            from nothing, one after another.
    """
    real, empty = playable(mirrored.stretch), mirrored.stretch.song
    for part in PARTS if among_real else (None,):
        song = _with_phrases(empty, {cell: one for cell, one in real.items() if cell.part is not part and among_real})
        cells = [cell for cell in real if part is None or cell.part is part]
        if not cells:
            continue
        steps = filler.fill(song, cells, takes, seed, hints=mirrored.stretch.hints)
        written = [step for step in steps if isinstance(step, CellTakes)]
        filled = _with_phrases(song, {step.cell: step.takes[0].phrase for step in written})
        for step in written:
            wanted = real[step.cell]
            mirrors = _measured(mirrored, step.cell, wanted) if _can_be_asked_for(step.cell, wanted) else None
            heard = [
                _example(mirrored, filled, step.cell, take.phrase, real=False, mirrors=mirrors)
                for take in step.takes
                if take.phrase.notes
            ]
            yield step.cell, step.takes, heard


def written_of(mirrored: Sequence[MirroredPiece], most_a_source: int, seed: int) -> list[MirroredPiece]:
    """At most so many stretches of each source, drawn at random, the sources in turn: those that takes mirror."""
    rng = np.random.default_rng([seed, 3])
    by_source: dict[str, list[MirroredPiece]] = {}
    for one in mirrored:
        by_source.setdefault(one.stretch.source, []).append(one)
    drawn = [[some[n] for n in rng.permutation(len(some))[:most_a_source]] for _, some in sorted(by_source.items())]
    return [one for turn in itertools.zip_longest(*drawn) for one in turn if one is not None]


def playable(stretch: MirroredSong) -> dict[CellRef, Phrase]:
    """The real music of a stretch's cells with every note where the masks would let the network put one.

    What is out of a part's range moves by octaves, and what is out of the key's scale by a semitone: otherwise a note
    that no take can have would give real music away.
    """
    key = parse_key(stretch.song.key)
    return {cell: _allowed(cell.part, phrase, key) for cell, phrase in stretch.phrases.items()}


def _allowed(part: Part, phrase: Phrase, key: Key) -> Phrase:
    if part is Part.DRUMS:
        return phrase
    spec, scale = PART_SPECS[part], key.pitch_classes()
    notes: dict[tuple[int, int], Note] = {}
    for note in phrase.notes:
        pitch = note.pitch if note.pitch % 12 in scale else note.pitch - 1
        pitch = pitch if pitch % 12 in scale else note.pitch + 1
        while pitch < spec.low:
            pitch += 12
        while pitch > spec.high:
            pitch -= 12
        notes[note.onset_tick, pitch] = msgspec.structs.replace(note, pitch=pitch)
    return Phrase(phrase.bars, tuple(sorted(notes.values())), phrase.wobbles)


def _can_be_asked_for(cell: CellRef, phrase: Phrase) -> bool:
    return bool(phrase.notes) and phrase.onsets_per_bar() <= PART_SPECS[cell.part].high_onsets


def _measured(mirrored: MirroredPiece, cell: CellRef, phrase: Phrase) -> np.ndarray:
    stretch = mirrored.stretch
    tonic = parse_key(stretch.song.key).tonic_class
    return measure(cell.part, phrase, tonic, velocity_known=stretch.velocity_known)


def _example(
    mirrored: MirroredPiece, song: Song, cell: CellRef, phrase: Phrase, *, real: bool, mirrors: np.ndarray | None = None
) -> Example:
    stretch, key = mirrored.stretch, parse_key(song.key)
    around = cell_frames(song, cell.section, cell.part, key)
    known = real and mirrored.kinds_known
    return Example(
        part=cell.part,
        source=stretch.source,
        group=mirrored.family,
        real=real,
        frames=take_frames(around, cell.part, phrase, key),
        kind=KINDS.index(song.sections[cell.section].kind) if known else UNKNOWN_CLASS,
        style=style_vector(song.style if real and mirrored.style_known else {}),
        measures=_measured(mirrored, cell, phrase),
        mirrors=mirrors,
    )


def _with_phrases(song: Song, phrases: Mapping[CellRef, Phrase]) -> Song:
    for cell, phrase in phrases.items():
        song = replace_cell(song, cell.section, cell.part, Cell((Take(phrase),), 0))
    return song


def _excerpt(piece: Piece, first: int, bars: int) -> Piece:
    """Some bars of a piece as a piece of its own."""
    sections = tuple(
        PieceSection(max(one.start_bar - first, 0), end - max(one.start_bar, first), one.kind, one.estimated)
        for one in piece.sections
        if (end := min(one.start_bar + one.bars, first + bars)) > max(one.start_bar, first)
    )
    parts = {part: some_bars(phrase, first, bars) for part, phrase in piece.parts.items()}
    return msgspec.structs.replace(piece, bars=bars, parts=parts, sections=sections, micro={}, graces=())
