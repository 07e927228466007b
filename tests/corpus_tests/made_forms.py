"""Forms made here out of drums and a bass, for what hears forms."""

from song.notes import Note
from song.parts import Part
from song.sections import SectionKind

BAR = 384
INTRO, BUILD, DROP, BREAK, OUTRO = SectionKind


def bar_of(kind, bar, share):
    """The sound of a bar of a section: (drums, bass), as (tick in the bar, pitch, ticks)."""
    match kind:
        case SectionKind.DROP:
            drums = (
                [(step * 24, 36, 24) for step in (0, 4, 10)] + [(192, 38, 24)] + [(s * 48, 42, 24) for s in range(8)]
            )
            return drums, [(step * 48, 40 + (bar + step) % 4, 44) for step in range(8)]
        case SectionKind.BUILD:
            strokes = 4 if share < 0.5 else 8 if share < 0.75 else 16
            return [(BAR * stroke // strokes, 38, 24) for stroke in range(strokes)], []
        case SectionKind.INTRO | SectionKind.OUTRO:
            return [(step * 48, 42, 24) for step in range(8)], []
        case _:
            return [], [(0, 41, 90)] if bar % 4 == 0 else []


def form(*sections):
    """The parts of a piece with such sections, as (kind, bars)."""
    drums, bass, start = [], [], 0
    for kind, bars in sections:
        for bar in range(bars):
            at = (start + bar) * BAR
            hits, notes = bar_of(kind, bar, bar / bars)
            drums.extend(Note(at + tick, pitch, ticks, 100) for tick, pitch, ticks in hits)
            bass.extend(Note(at + tick, pitch, ticks, 100) for tick, pitch, ticks in notes)
        start += bars
    return {Part.DRUMS: tuple(sorted(drums)), Part.BASS: tuple(sorted(bass))}


def as_pairs(sections):
    return [(section.kind, section.bars) for section in sections]
