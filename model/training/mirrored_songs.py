"""Real music that the weights have not heard, in stretches, and for each the empty song that asks for its like.

Imports no JAX itself.
"""

import itertools
from collections.abc import Collection, Iterable, Sequence

import msgspec
import numpy as np

from corpus.pieces import Piece
from model.language.events import decode_events, encode_phrase, octave_fold
from model.protocol import CellRef
from model.writing.hints import Hints
from song.density import onsets_to_density
from song.limits import MAX_TEMPO_BPM, MIN_TEMPO_BPM
from song.notes import RATES, Phrase, some_bars
from song.parts import PARTS, Part
from song.scales import TONIC_NAMES, Key, parse_key, tonic_shift
from song.sections import Constraints, Density, Section, SectionKind, Song, WobbleRange
from song.time import bars_to_ticks

STRETCH_BARS = 32
SECTION_BARS = 16
MIN_SECTION_BARS = 8
"""A stretch is that much of a piece's middle, cut where its sections begin and every sixteen bars."""
SOUNDING_SHARE = 0.25
"""A part that has notes in fewer of a section's bars is left out of it."""
IN_SCALE_SHARE = 0.95
"""A piece with fewer of its notes in its key's scale is mirrored in a chromatic key."""
STAND_IN_KIND = SectionKind.DROP
"""Kind that a plan gives a section where nobody knows its own; the writer is not told."""


class MirroredSong(msgspec.Struct, frozen=True):
    """Some bars of a real piece.

    Attributes:
        name: the piece's.
        source: its collection.
        song: an empty song of the same sections, style, tempo, key, densities and wobble rates.
        phrases: the real music of its cells, at the resolution that the network writes in.
        velocity_known, wobble_known: as the piece has them.
        hints: whether anybody knows what its sections do, and its mode.
    """

    name: str
    source: str
    song: Song
    phrases: dict[CellRef, Phrase]
    velocity_known: bool
    wobble_known: bool
    hints: Hints


def unheard(pieces: Iterable[Piece], trained_on: Collection[str]) -> list[Piece]:
    """The pieces that weights have not heard, nor another version of them.

    Half-time copies are what was played, written another way, and are left out.

    Args:
        pieces: pieces of every split.
        trained_on: first 16 hex digits of the digests of what was heard.
    """
    pieces = list(pieces)
    heard = {piece.family for piece in pieces if piece.digest[:16] in trained_on}
    return [piece for piece in pieces if piece.family not in heard and not piece.renotated]


def choose(pieces: Sequence[Piece], most_a_source: int, seed: int) -> list[Piece]:
    """At most so many pieces of each source, one a family, drawn at random; in the order of their names."""
    rng = np.random.default_rng(seed)
    chosen: list[Piece] = []
    for source in sorted({piece.source for piece in pieces}):
        families: dict[str, Piece] = {}
        for piece in sorted(pieces, key=lambda piece: (piece.name, piece.digest)):
            if piece.source == source and piece.bars >= MIN_SECTION_BARS:
                families.setdefault(piece.family, piece)
        group = list(families.values())
        order = rng.permutation(len(group))[:most_a_source]
        chosen += [group[index] for index in sorted(order.tolist())]
    return chosen


def stretch_of(piece: Piece) -> MirroredSong | None:
    """The middle of a piece with the plan that mirrors it, or None where too little sounds there."""
    start = max((piece.bars - STRETCH_BARS) // 2 // 8 * 8, 0)
    end = min(start + STRETCH_BARS, piece.bars)
    key = _key(piece)
    sections: list[Section] = []
    phrases: dict[CellRef, Phrase] = {}
    cut = _cut(piece, start, end)
    kinds_known = all(kind is not None for _, _, kind in cut)
    for first, bars, kind in cut:
        here = {
            part: phrase
            for part, whole in piece.parts.items()
            if _sounds(phrase := _normal(part, some_bars(whole, first, bars), piece))
        }
        if here:
            phrases |= {CellRef(len(sections), part): phrase for part, phrase in here.items()}
            sections.append(Section(kind if kind and kinds_known else STAND_IN_KIND, bars, _constraints(piece, here)))
    if not phrases:
        return None
    song = Song(title=piece.name, style=dict(piece.style), key=str(key), sections=tuple(sections))
    hints = Hints(kinds_known, piece.minor if piece.tonic_class is not None else None)
    return MirroredSong(piece.name, piece.source, song, phrases, piece.velocity_known, piece.wobble_known, hints)


def _cut(piece: Piece, start: int, end: int) -> list[tuple[int, int, SectionKind | None]]:
    """The sections of a stretch as (first bar, bars, kind if anybody knows it), those that are long enough."""
    edges = {start, end, *range(start, end, SECTION_BARS)}
    edges |= {section.start_bar for section in piece.sections if start < section.start_bar < end}
    found = []
    for first, after in itertools.pairwise(sorted(edges)):
        there = (one for one in piece.sections if one.start_bar <= first < one.start_bar + one.bars)
        kind = next((one.kind for one in there if not one.estimated), None)
        if after - first >= MIN_SECTION_BARS:
            found.append((first, after - first, kind))
    return found


def _normal(part: Part, phrase: Phrase, piece: Piece) -> Phrase:
    """A phrase as the network could have written it: in its octave, with its note lengths and velocities.

    Otherwise a classifier would tell real from generated by their resolution alone.
    """
    tonic = 0 if part is Part.DRUMS else tonic_shift(part, piece.tonic_class or 0)
    fold = 0 if piece.source == "starter" else octave_fold(part, [note.pitch - tonic for note in phrase.notes])
    events = encode_phrase(part, phrase, fold - tonic)
    return decode_events(part, events, phrase.bars, tonic, 1.0, "triangle")


def _sounds(phrase: Phrase) -> bool:
    sounding = {note.onset_tick // bars_to_ticks(1) for note in phrase.notes}
    return len(sounding) >= SOUNDING_SHARE * phrase.bars


def _key(piece: Piece) -> Key:
    tonic = TONIC_NAMES[piece.tonic_class or 0]
    key = parse_key(f"{tonic} {'minor' if piece.minor else 'major'}")
    notes = [note.pitch % 12 for part, phrase in piece.parts.items() if part is not Part.DRUMS for note in phrase.notes]
    inside = sum(pitch in key.pitch_classes() for pitch in notes)
    return key if notes and inside >= IN_SCALE_SHARE * len(notes) else parse_key(f"{tonic} chromatic")


def _constraints(piece: Piece, phrases: dict[Part, Phrase]) -> Constraints:
    tempo = min(max(piece.tempo_bpm, MIN_TEMPO_BPM), MAX_TEMPO_BPM)
    densities = {
        part.value: onsets_to_density(part, phrases[part].onsets_per_bar()) if part in phrases else 0.0
        for part in PARTS
    }
    wobbles = phrases[Part.BASS].wobbles if Part.BASS in phrases and piece.wobble_known else ()
    rates = {wobble.rate for wobble in wobbles}
    return Constraints(
        tempo_bpm=(tempo, tempo),
        density=Density(**densities),
        wobble=WobbleRange(
            tuple(rate for rate in RATES if rate in rates), max((wobble.depth for wobble in wobbles), default=0.0)
        ),
    )
