"""Songs of a few notes that measurements are made on."""

from song.edits.takes import add_takes
from song.notes import RATE_TICKS, Note, Phrase, Wobble
from song.parts import Part
from song.sections import Constraints, Section, SectionKind, Song, Take
from song.time import TICKS_PER_BAR

F2 = 41
"""The pitch of the bass note that wobbles are measured on, 87.3 Hz."""
F2_HZ = 440 * 2 ** ((F2 - 69) / 12)


def held_note(
    rate: str | None,
    shape: str = "triangle",
    depth: float = 0.9,
    tempo_bpm: tuple[float, float] = (140.0, 140.0),
    pitch: int = F2,
) -> Song:
    """A drop of one bass note, held under one wobble for four of its cycles and two bars at least; it has no sub.

    Args:
        rate: one of `song.notes.RATES`; None for no wobble.
        shape: one of `song.notes.SHAPES`.
        depth: 0-1.
        tempo_bpm: at its start and its end.
        pitch: MIDI note number, 0-127.
    """
    bars = max(2, -(-4 * RATE_TICKS[rate] // TICKS_PER_BAR)) if rate else 2
    ticks = bars * TICKS_PER_BAR
    wobbles = (Wobble(0, ticks, rate, depth, shape),) if rate else ()
    phrase = Phrase(bars, (Note(0, pitch, ticks, 120),), wobbles)
    song = Song(title="Held", sub=False, sections=(Section(SectionKind.DROP, bars, Constraints(tempo_bpm=tempo_bpm)),))
    return add_takes(song, 0, Part.BASS, (Take(phrase),))
