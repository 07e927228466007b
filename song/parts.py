"""The parts of a song in one table: names, channels, programs, pitch ranges, polyphony, how busy they usually are."""

from enum import StrEnum

import msgspec

from song.errors import UserError


class Part(StrEnum):
    """One instrument's role."""

    DRUMS = "drums"
    BASS = "bass"
    CHORDS = "chords"
    LEAD = "lead"


class PartSpec(msgspec.Struct, frozen=True):
    """The constants of one part: track name, channel, program, pitches, polyphony and onsets a bar.

    Attributes:
        name: the track name in the MIDI file.
        channel: MIDI channel 0-15; 9 is the drum channel.
        program: General MIDI program, 0-127.
        low, high: lowest and highest pitch, both inclusive.
        polyphony: most notes that start on one tick.
        median_onsets, high_onsets: onsets a bar at density 0.5 and at density 1: the median and the 95th percentile
            of the bars that have any, in the pieces the shipped weights learned from, every collection weighing the
            same. Source: `dropsmith corpus density groove freedoom lmms`, which prints them rounded to 0.5.
    """

    name: str
    channel: int
    program: int
    low: int
    high: int
    polyphony: int
    median_onsets: float
    high_onsets: float


PART_SPECS: dict[Part, PartSpec] = {
    Part.DRUMS: PartSpec("Drums", 9, 0, 35, 81, 4, 9.5, 17.5),
    Part.BASS: PartSpec("Bass", 0, 38, 31, 64, 1, 5.0, 15.0),
    Part.CHORDS: PartSpec("Chords", 1, 90, 48, 84, 5, 2.5, 10.5),
    Part.LEAD: PartSpec("Lead", 2, 81, 55, 96, 2, 5.5, 16.0),
}

PARTS = tuple(Part)

SUB_NAME, SUB_CHANNEL, SUB_PROGRAM = "Sub", 3, 39
"""The derived sub bass: it follows the bass an octave down and never wobbles."""
SUB_LOW = 24
"""The lowest pitch the sub goes to (C1, 32.7 Hz); what would lie below stays in the bass's own octave."""


def check_range(part: Part, low: int, high: int) -> None:
    """See that a part can be held to the pitches from low to high, both inclusive.

    Raises:
        UserError: for drums, and for a range that is not within the part's or holds fewer than 12 pitches.
    """
    if part is Part.DRUMS:
        raise UserError("drums have no range of pitches: choose another part")
    spec = PART_SPECS[part]
    if not spec.low <= low <= high <= spec.high:
        raise UserError(f"{part} plays pitches {spec.low} to {spec.high}, the lower one first")
    if high - low < 11:
        raise UserError("a range is an octave or more: 12 pitches")
