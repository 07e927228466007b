"""Re-notation: a slow groove with its backbeat on 2 and 4 is a half-time groove at twice the tempo."""

import msgspec

from corpus.pieces import Grace, Piece
from song.drums import BACKBEAT_DRUMS
from song.notes import Note, Phrase
from song.parts import Part
from song.time import TICKS_PER_BAR, TICKS_PER_QUARTER

SLOWEST_BPM, FASTEST_BPM = 60.0, 92.0
"""The tempi, both inclusive, whose doubles are those of bass music: 120 to 184."""
BACKBEAT_SHARE = 0.5
"""The share of bars that must have a snare on 2 and on 4."""


def has_backbeat(drums: Phrase) -> bool:
    """True where a snare, a clap or a rim falls on the second and the fourth quarter of at least half of the bars."""
    hits = {note.onset_tick for note in drums.notes if note.pitch in BACKBEAT_DRUMS}
    bars = {note.onset_tick // TICKS_PER_BAR for note in drums.notes}
    both = sum({bar * TICKS_PER_BAR + beat * TICKS_PER_QUARTER for beat in (1, 3)} <= hits for bar in bars)
    return bool(bars) and both >= BACKBEAT_SHARE * len(bars)


def half_time(piece: Piece) -> Piece | None:
    """A drum performance written at twice its tempo, or None where it is too fast, too slow or has no backbeat.

    Every onset lies twice as far from the start, so that it sounds the same: the backbeat comes to lie on 3. Its style
    stays what it was: a funk groove at half-time lends its feel, but is no dubstep.
    """
    drums = piece.parts.get(Part.DRUMS)
    if drums is None or len(piece.parts) > 1:
        return None
    if not SLOWEST_BPM <= piece.tempo_bpm <= FASTEST_BPM or not has_backbeat(drums):
        return None
    notes = tuple(Note(note.onset_tick * 2, note.pitch, note.duration_ticks, note.velocity) for note in drums.notes)
    return msgspec.structs.replace(
        piece,
        name=f"{piece.name} (half-time)",
        source=f"{piece.source} half-time",
        renotated=True,
        tempo_bpm=piece.tempo_bpm * 2,
        bars=piece.bars * 2,
        sections=tuple(
            msgspec.structs.replace(section, start_bar=section.start_bar * 2, bars=section.bars * 2)
            for section in piece.sections
        ),
        parts={Part.DRUMS: Phrase(piece.bars * 2, notes)},
        micro={part: tuple(2 * offset for offset in offsets) for part, offsets in piece.micro.items()},
        graces=tuple(
            Grace(grace.onset_tick * 2, grace.pitch, grace.velocity, grace.micro * 2) for grace in piece.graces
        ),
    )
