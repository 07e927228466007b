"""Keys and scales: pitch classes, names, and the text that a plan writes them in."""

import re

import msgspec

from song.errors import UserError
from song.parts import Part

SCALES: dict[str, tuple[int, ...]] = {
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "major": (0, 2, 4, 5, 7, 9, 11),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "chromatic": tuple(range(12)),
}
"""Semitones above the tonic. A chromatic key has a tonic and allows every pitch."""

_TONICS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ACCIDENTALS = {"": 0, "#": 1, "b": -1}
TONIC_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
"""Pitch classes as tonics are usually spelled, C first."""
SHARP_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
FLAT_NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
"""Pitch classes as keys with sharps and with flats spell them, C first."""
_FLAT_MAJORS = frozenset({1, 3, 5, 8, 10})
_PITCH = re.compile(r"([A-Ga-g])([#b]?)(-?\d)")


class Key(msgspec.Struct, frozen=True):
    """A tonic and a scale.

    Attributes:
        tonic: how the tonic is written: A-G, with # or b after it.
        scale: a key of `SCALES`.
    """

    tonic: str
    scale: str

    @property
    def tonic_class(self) -> int:
        """The tonic's pitch class, 0-11, C being 0."""
        return (_TONICS[self.tonic[0]] + _ACCIDENTALS[self.tonic[1:]]) % 12

    @property
    def is_minor(self) -> bool:
        """True for every scale but major, the chromatic one too: the mode in which a key signature is written."""
        return self.scale not in ("major",)

    def pitch_classes(self) -> frozenset[int]:
        """The pitch classes of the scale, 0-11."""
        return frozenset((self.tonic_class + semitones) % 12 for semitones in SCALES[self.scale])

    def __str__(self) -> str:
        return f"{self.tonic} {self.scale}"


def parse_key(text: str) -> Key:
    """The key that a text such as "F minor", "C# major" or "E phrygian" names.

    Raises:
        UserError: where the tonic or the scale is none of those known.
    """
    tonic, _, scale = text.strip().partition(" ")
    tonic = tonic[:1].upper() + tonic[1:]
    scale = " ".join(scale.lower().split()) or "minor"
    if tonic[:1] not in _TONICS or tonic[1:] not in _ACCIDENTALS or scale not in SCALES:
        raise UserError(f'key "{text}" is not known: write a tonic A to G (with # or b) and one of {", ".join(SCALES)}')
    return Key(tonic, scale)


def signature_key(sharps: int, minor: bool) -> Key:
    """The key of a signature, spelled as that has it.

    Args:
        sharps: how many sharps it has, -7 to 7, flats below 0.
        minor: whether the mode is minor.
    """
    # Tonics a fifth apart: Fb, which no signature has, is at 0, Cb at 1, F at 7, F# at 14.
    place = sharps + 8 + 3 * minor
    return Key("FCGDAEB"[place % 7] + ("b", "", "#")[place // 7], "minor" if minor else "major")


def parse_pitch(text: str) -> int:
    """The MIDI pitch, 0-127, that a name such as "C2" or "F#3" means; C4 is 60.

    Raises:
        UserError: where it is no such name, or lies outside MIDI's range.
    """
    match = _PITCH.fullmatch(text.strip())
    if match is None:
        raise UserError(f'"{text}" is not a pitch: write one such as C2 or F#3')
    letter, accidental, octave = match.groups()
    pitch = _TONICS[letter.upper()] + _ACCIDENTALS[accidental] + 12 * (int(octave) + 1)
    if not 0 <= pitch <= 127:
        raise UserError(f'"{text}" is outside C-1 to G9')
    return pitch


def pitch_name(pitch: int, key: Key | None = None) -> str:
    """A MIDI pitch, 0-127, as people write it, 60 being C4.

    Args:
        pitch: the pitch.
        key: its signature decides between sharps and flats; without one each name is the commoner as a tonic.
    """
    names = TONIC_NAMES
    if key is not None:
        major = key.tonic_class + 3 if key.is_minor else key.tonic_class
        names = FLAT_NAMES if major % 12 in _FLAT_MAJORS else SHARP_NAMES
    return f"{names[pitch % 12]}{pitch // 12 - 1}"


def tonic_shift(part: Part, tonic_class: int) -> int:
    """Semitones from C to a tonic for one part: a bass goes up by as much as 9 or down by 2, the rest the nearest way.

    Args:
        tonic_class: pitch class of the tonic, 0-11.
    """
    if part is Part.DRUMS:
        return 0
    highest = 9 if part is Part.BASS else 5
    return tonic_class if tonic_class <= highest else tonic_class - 12
