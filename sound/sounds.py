"""Fields of patches: every setting of each instrument, its range, unit and usual value, in one table a kind.

Reading patches is `sound.patch`; playing them is `sound.voices`.
"""

from typing import Annotated

import msgspec

from song.parts import Part
from sound.dsp.wavetables import SHAPES

MOTIONS = ("steady", "fall", "open")


class Within(msgspec.Struct, frozen=True):
    """The numbers that a field may have, both ends included, and a word on what it does."""

    low: float
    high: float
    says: str


class OneOf(msgspec.Struct, frozen=True):
    """The words that a field may have."""

    words: tuple[str, ...]
    says: str


_Level = Annotated[float, Within(-60, 12, "loudness in dB")]
_Room = Annotated[float, Within(0, 1, "share that is sent to the room")]
_Echo = Annotated[float, Within(0, 1, "share that is sent to the echo")]
_Duck = Annotated[float, Within(0, 1, "how far a kick pushes it down: 1 to nothing")]
_Attack = Annotated[float, Within(0.5, 5000, "ms until it is fully there")]
_Release = Annotated[float, Within(2, 5000, "ms until it is gone, after the note")]


class BassSound(msgspec.Struct, frozen=True, kw_only=True):
    """A wobbling bass and its sub."""

    wave: Annotated[str, OneOf(SHAPES, "the waveform")] = "saw"
    detune_cents: Annotated[float, Within(0, 50, "between its two oscillators; 0 plays one")] = 0.0
    closed_hz: Annotated[float, Within(20, 2000, "the filter where a wobble closes it")] = 70.0
    open_hz: Annotated[float, Within(100, 18000, "the filter where a wobble opens it")] = 3500.0
    rest: Annotated[float, Within(0, 1, "how far it is open without a wobble")] = 0.6
    resonance: Annotated[float, Within(0.5, 12, "peak at the cutoff; 0.7 has none")] = 1.6
    drive_db: Annotated[float, Within(0, 24, "saturation behind the filter")] = 12.0
    sub_db: Annotated[float, Within(-60, 12, "loudness of the sub in dB, where the song has one")] = -3.0
    width: Annotated[float, Within(0, 1, "stereo, above 150 Hz")] = 0.3
    attack_ms: _Attack = 3.0
    release_ms: _Release = 12.0
    level_db: _Level = 0.0
    room: _Room = 0.0
    echo: _Echo = 0.0
    duck: _Duck = 0.5


class ToneSound(msgspec.Struct, frozen=True, kw_only=True):
    """A lead or chords: some detuned oscillators, spread from left to right, under a filter that may move."""

    wave: Annotated[str, OneOf(SHAPES, "the waveform")] = "saw"
    voices: Annotated[int, Within(1, 9, "oscillators a note")] = 7
    detune_cents: Annotated[float, Within(0, 60, "from the lowest oscillator to the highest")] = 24.0
    spread: Annotated[float, Within(0, 1, "stereo")] = 0.7
    octave: Annotated[int, Within(-2, 2, "octaves above what is written")] = 0
    dark_hz: Annotated[float, Within(100, 18000, "the filter where it is closed")] = 600.0
    bright_hz: Annotated[float, Within(200, 18000, "the filter where it is open")] = 9000.0
    motion: Annotated[str, OneOf(MOTIONS, "open all the time, falling in each note, or opening over the section")] = (
        "steady"
    )
    fall_ms: Annotated[float, Within(5, 5000, "ms in which a falling filter is two thirds closed")] = 180.0
    attack_ms: _Attack = 4.0
    decay_ms: Annotated[float, Within(1, 10000, "ms from fully there to the level at which it is held")] = 300.0
    sustain: Annotated[float, Within(0, 1, "the level at which it is held")] = 0.8
    release_ms: _Release = 120.0
    level_db: _Level = 0.0
    room: _Room = 0.25
    echo: _Echo = 0.0
    duck: _Duck = 0.4


class KitSound(msgspec.Struct, frozen=True, kw_only=True):
    """Drums. Levels, tunings and lengths of single drums stand in tables of their own, by the names of `song.drums`."""

    level_db: _Level = 0.0
    room: Annotated[float, Within(0, 1, "share of snares, claps, toms and cymbals that is sent to the room")] = 0.15
    riser_bars: Annotated[int, Within(0, 32, "bars of a riser before a drop, where the section has drums")] = 0
    riser_db: _Level = -15.0
    impact_db: Annotated[float, Within(-60, 12, "loudness in dB of an impact on the section's first kick")] = -60.0
    level: dict[str, Annotated[float, Within(-60, 12, "loudness of one drum in dB")]] = msgspec.field(
        default_factory=dict
    )
    tune: dict[str, Annotated[float, Within(-24, 24, "tuning of one drum in semitones")]] = msgspec.field(
        default_factory=dict
    )
    decay: dict[str, Annotated[float, Within(0.2, 4, "length of one drum, 1 as it is")]] = msgspec.field(
        default_factory=dict
    )


Sound = BassSound | ToneSound | KitSound
SOUNDS: dict[Part, type[BassSound] | type[ToneSound] | type[KitSound]] = {
    Part.DRUMS: KitSound,
    Part.BASS: BassSound,
    Part.CHORDS: ToneSound,
    Part.LEAD: ToneSound,
}
"""The kind of sound of each part."""
