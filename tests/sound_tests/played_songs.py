"""A short song that is quick to render: a bar of build, two of drop, kicks on every quarter and a bass that wobbles."""

from song.edits.takes import add_takes
from song.notes import Note, Phrase, Wobble
from song.parts import Part
from song.sections import SectionKind, Song, Take, number_sections
from song.templates import song_from_form
from song.time import TICKS_PER_BAR, TICKS_PER_QUARTER

BUILD, DROP = 0, 1
"""Sections of the song."""


def kicks(bars: int, pitch: int = 36) -> Phrase:
    """A hit on every quarter."""
    ticks = range(0, bars * TICKS_PER_BAR, TICKS_PER_QUARTER)
    return Phrase(bars, tuple(Note(tick, pitch, TICKS_PER_QUARTER // 2, 110) for tick in ticks))


def growl(bars: int, pitch: int = 41) -> Phrase:
    """A note a bar, under a wobble."""
    notes = tuple(Note(bar * TICKS_PER_BAR, pitch, TICKS_PER_BAR, 100) for bar in range(bars))
    return Phrase(bars, notes, (Wobble(0, bars * TICKS_PER_BAR, "1/8", 0.8),))


def played_song() -> Song:
    """The song."""
    song = number_sections(song_from_form([(SectionKind.BUILD, 1), (SectionKind.DROP, 2)]))
    song = add_takes(song, BUILD, Part.DRUMS, (Take(kicks(1)),))
    song = add_takes(song, DROP, Part.DRUMS, (Take(kicks(2)),))
    return add_takes(song, DROP, Part.BASS, (Take(growl(2)),))
