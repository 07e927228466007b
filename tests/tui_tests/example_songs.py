"""Songs, takes and notes that several test files start from, beside the short ones of `driving`."""

import msgspec

from song.edits.constraints import set_density
from song.edits.takes import add_takes, replace_cell
from song.notes import Note, Phrase
from song.parts import Part
from song.sections import Cell, SectionKind, Song, Take
from song.templates import song_from_form
from song.time import TICKS_PER_BAR, TICKS_PER_STEP
from tests.tui_tests.driving import short_song

INTRO_BARS = 2
"""Bars of the short song's intro."""


def note(step: int, pitch: int, steps: int = 1, velocity: int = 100) -> Note:
    """A note at a sixteenth, so many sixteenths long."""
    return Note(step * TICKS_PER_STEP, pitch, steps * TICKS_PER_STEP, velocity)


def onsets(bars: int, pitch: int, a_bar: int) -> Take:
    """A take of so many onsets in each bar."""
    notes = [
        Note(bar * TICKS_PER_BAR + step * TICKS_PER_STEP, pitch, TICKS_PER_STEP, 100)
        for bar in range(bars)
        for step in range(a_bar)
    ]
    return Take(Phrase(bars, tuple(notes)))


def lead_of(pitch: int) -> Song:
    """The short song with a lead in the intro that has its density, on one pitch."""
    song = set_density(short_song(), 0, Part.LEAD, 0.5)
    return replace_cell(song, 0, Part.LEAD, Cell((onsets(INTRO_BARS, pitch, 6),), 0))


def take(pitch: int, **facts: object) -> Take:
    """One note, in the first bar of the intro."""
    return msgspec.structs.replace(Take(Phrase(INTRO_BARS, (Note(0, pitch, 96, 100),)), seed=pitch), **facts)


def three_takes(*, locked: bool = False) -> Song:
    """The short song with three takes of one bass note each in the intro, the second of which sounds."""
    takes = (take(41), take(43, weights="0" * 8, critic=0.83, nats_per_note=1.25), take(42))
    return replace_cell(short_song(), 0, Part.BASS, Cell(takes, 1, locked))


def bass_song() -> Song:
    """Four bars of a drop: a bass of two notes in bars 1 and 2."""
    phrase = Phrase(4, (Note(0, 41, 48, 100), Note(TICKS_PER_BAR, 44, 48, 60)))
    return add_takes(song_from_form([(SectionKind.DROP, 4)]), 0, Part.BASS, (Take(phrase, seed=3, engine="1"),))


def drop_and_build() -> Song:
    """Eight bars of a drop, four of a build, nothing written."""
    return song_from_form([(SectionKind.DROP, 8), (SectionKind.BUILD, 4)])


def long_song() -> Song:
    """More sections than fit on a screen."""
    return song_from_form([(kind, 8) for _ in range(8) for kind in SectionKind])


NAMES_OF_SEVERAL_CODE_POINTS = (
    "1\ufe0f\u20e3",  # A keycap.
    "\u2764\ufe0f x",  # A heart, drawn as an emoji.
    "\U0001f1e9\U0001f1ea",  # A flag.
    "\U0001f44d\U0001f3fd",  # A skin tone.
    "\U0001f469\u200d\U0001f680",  # Two that are joined.
    "a\u0308\u0301 o\u0302",  # Accents.
    "\u4e16\u754c",  # Two of two columns each.
)
"""Names of which a terminal may draw several characters as one."""
