"""Colours that parts and sections have in other programs, and words for the preset that belongs to a part."""

from song.parts import PART_SPECS, SUB_NAME, Part
from song.sections import SectionKind

_DRUMS, _BASS, _CHORDS, _LEAD = (PART_SPECS[part].name for part in Part)

TRACK_COLOURS = {_DRUMS: 0xE3B04F, _BASS: 0xEE6F94, _CHORDS: 0x7FA6E0, _LEAD: 0x5CC2AD, SUB_NAME: 0xA893DA}
"""Colours of tracks by name, red in the highest byte."""
KIND_COLOURS = {
    SectionKind.INTRO: 0x7FA6E0,
    SectionKind.BUILD: 0xE3B04F,
    SectionKind.DROP: 0xEE6F94,
    SectionKind.BREAK: 0x5CC2AD,
    SectionKind.OUTRO: 0xA893DA,
}
"""Colours of sections, red in the highest byte."""
PRESETS = {
    _DRUMS: "a kit: one sample a drum, played on C5 (60)",
    _BASS: "a growl or reese synth whose filter moves: CC 74 or mod X is its cutoff, CC 1 the depth of the wobble",
    _CHORDS: "a pad or supersaw for chords",
    _LEAD: "a bright lead or pluck",
    SUB_NAME: "a clean sine, mono, an octave below the bass",
}
"""A few words on the sound that belongs to each track."""
SHORT_PRESETS = {_BASS: "growl or reese", _CHORDS: "pad", _LEAD: "lead synth", SUB_NAME: "sine sub"}


def swapped(colour: int) -> int:
    """A colour with red and blue changed places: FL Studio has red in the lowest byte."""
    return (colour & 0xFF) << 16 | colour & 0xFF00 | colour >> 16


def hex_colour(colour: int) -> str:
    """A colour as pages write it: "#e3b04f"."""
    return f"#{colour:06x}"
