"""Progressions: roman numerals that a section's harmony goes through, and the chord that each stretch of it sounds."""

import re
from collections.abc import Sequence

import msgspec

from song.errors import UserError
from song.forms import model_bars, turn_bars
from song.limits import MAX_CHORDS
from song.parts import Part
from song.scales import FLAT_NAMES, SCALES, SHARP_NAMES, Key, pitch_name
from song.sections import Section
from song.time import QUARTERS_PER_BAR, TICKS_PER_QUARTER

CHORD_BEATS = (2, 4, 8, 16)
"""Lengths that a chord of a progression may have, in beats."""
USUAL_CHORD_BEATS = 4
STRETCH_BEATS = CHORD_BEATS[0]
STRETCH_TICKS = STRETCH_BEATS * TICKS_PER_QUARTER
"""The stretch over which harmony never changes: half a bar."""
STRETCHES_A_BAR = QUARTERS_PER_BAR // STRETCH_BEATS

_DEGREES = {"i": 0, "ii": 1, "iii": 2, "iv": 3, "v": 4, "vi": 5, "vii": 6}
_QUALITIES: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "": ((0, 4, 7), (0, 3, 7)),
    "5": ((0, 7), (0, 7)),
    "6": ((0, 4, 7, 9), (0, 3, 7, 9)),
    "7": ((0, 4, 7, 10), (0, 3, 7, 10)),
    "maj7": ((0, 4, 7, 11), (0, 3, 7, 11)),
    "9": ((0, 4, 7, 10, 2), (0, 3, 7, 10, 2)),
    "add9": ((0, 4, 7, 2), (0, 3, 7, 2)),
    "sus2": ((0, 2, 7), (0, 2, 7)),
    "sus4": ((0, 5, 7), (0, 5, 7)),
    "dim": ((0, 3, 6), (0, 3, 6)),
    "aug": ((0, 4, 8), (0, 4, 8)),
}
"""Semitones above the root, of numerals in capitals and in small letters."""
_SPELLINGS = {"°": "dim", "o": "dim", "+": "aug", "m7": "7", "M7": "maj7"}
_NUMERAL = re.compile(r"([b#]?)([IV]+|[iv]+)(.*)")
_SUFFIX = {"dim": "°", "aug": "+"}


class Chord(msgspec.Struct, frozen=True):
    """A chord of a progression in a key.

    Attributes:
        numeral: as it is written: "VI", "iv7", "bII".
        root: pitch class of its root, 0-11, C being 0.
        tones: its pitch classes, the root first.
        name: for people: "Db", "Fm7".
    """

    numeral: str
    root: int
    tones: tuple[int, ...]
    name: str


def parse_progression(text: str, key: Key) -> tuple[Chord, ...]:
    """The chords that numerals such as "i VI III VII" mean in a key.

    A numeral counts the steps of the key's scale, of a chromatic key those of the minor one. An accidental counts from
    the natural minor scale, in a major key from the major one, so that "bII" is the same chord in every mode. Small
    letters are minor. In harmonic minor the seventh step is the leading note under a diminished chord alone: "VII" is
    the chord a tone below the tonic, as in natural minor.

    Args:
        text: numerals with blanks, commas, dashes or bar lines between, each with a quality or none: 5, 6, 7, maj7, 9,
            add9, sus2, sus4, dim or °, aug or +.
        key: the key.

    Raises:
        UserError: for a numeral that cannot be read, none at all, or more than `MAX_CHORDS`.
    """
    numerals = [numeral for numeral in re.split(r"[\s,|–—-]+", text) if numeral]
    if not 1 <= len(numerals) <= MAX_CHORDS:
        raise UserError(f"a progression is 1 to {MAX_CHORDS} roman numerals, such as i VI III VII")
    return tuple(_chord(numeral, key) for numeral in numerals)


def progression_text(text: str) -> str:
    """The progression as it is kept: numerals with a blank between, each spelled one way.

    Raises:
        UserError: as `parse_progression`.
    """
    return " ".join(chord.numeral for chord in parse_progression(text, Key("C", "minor")))


def sounding_chords(chords: Sequence[Chord], chord_beats: int, stretches: int) -> list[int]:
    """The index of the chord that sounds in each half bar: a progression goes round until the section ends.

    Args:
        chords: the progression, one chord or more.
        chord_beats: the length of each, of `CHORD_BEATS`.
        stretches: half bars.
    """
    each = chord_beats // STRETCH_BEATS
    return [stretch // each % len(chords) for stretch in range(stretches)]


def section_harmony(section: Section, key: Key, part: Part | None = None) -> tuple[tuple[Chord, ...], tuple[int, ...]]:
    """The chords of a section and, for each half bar, the index of the one that sounds; nothing where none are asked.

    Args:
        section: its constraints and length.
        key: the key that holds in it.
        part: a part whose form makes bars the same music: they are over the chords of the bar that they repeat.
    """
    constraints = section.constraints
    if constraints.chords is None:
        return (), ()
    chords = parse_progression(constraints.chords, key)
    at = sounding_chords(chords, constraints.chord_beats, section.bars * STRETCHES_A_BAR)
    form = None if part is None else constraints.form_of(part)
    if form is not None:
        turns = turn_bars(section.bars)
        for bar, model in enumerate(model_bars(form, constraints.form_bars, section.bars)):
            if bar not in turns:
                for half in range(STRETCHES_A_BAR):
                    at[bar * STRETCHES_A_BAR + half] = at[model * STRETCHES_A_BAR + half]
    return chords, tuple(at)


def diatonic_numeral(degree: int, scale: str) -> str:
    """The numeral of the triad on a step of a scale.

    Args:
        degree: 1-7.
        scale: of `song.scales.SCALES`; a chromatic one counts as minor.
    """
    steps = _steps(scale)
    root, third, fifth = (steps[(degree - 1 + up) % 7] for up in (0, 2, 4))
    name = next(name for name, at in _DEGREES.items() if at == degree - 1)
    shape = ((third - root) % 12, (fifth - root) % 12)
    quality = {(4, 8): "aug", (3, 6): "dim"}.get(shape, "")
    return (name.upper() if shape[0] == 4 else name) + _SUFFIX.get(quality, "")


def _chord(numeral: str, key: Key) -> Chord:
    match = _NUMERAL.fullmatch(numeral)
    accidental, roman, suffix = match.groups() if match else ("", "", "")
    # "Im7" would be a minor chord by its suffix and a major one by its numeral.
    suffix = suffix if suffix == "m7" and roman.isupper() else _SPELLINGS.get(suffix, suffix)
    if roman.lower() not in _DEGREES or suffix not in _QUALITIES:
        qualities = ", ".join(name for name in _QUALITIES if name)
        raise UserError(
            f'"{numeral}" is no chord: write numerals I to VII, small ones for minor, with b or # before and one of '
            f"{qualities} behind, such as i VI III VII or i bII V7"
        )
    degree, is_minor = _DEGREES[roman.lower()], roman.islower()
    steps = _steps(key.scale)
    if accidental or (key.scale == "harmonic minor" and degree == 6 and suffix != "dim"):
        steps = SCALES["minor" if key.is_minor else "major"]
    root = (key.tonic_class + steps[degree] + {"b": -1, "#": 1, "": 0}[accidental]) % 12
    tones = tuple((root + above) % 12 for above in _QUALITIES[suffix][is_minor])
    ending = _SUFFIX.get(suffix, suffix)
    letter = {"b": FLAT_NAMES[root], "#": SHARP_NAMES[root]}.get(accidental) or pitch_name(root, key)[:-2]
    return Chord(f"{accidental}{roman}{ending}", root, tones, _name(letter, suffix, is_minor))


def _name(letter: str, suffix: str, is_minor: bool) -> str:
    if suffix in ("5", "sus2", "sus4", "dim", "aug"):
        return letter + _SUFFIX.get(suffix, suffix)
    return letter + ("m" if is_minor else "") + suffix


def _steps(scale: str) -> tuple[int, ...]:
    return SCALES["minor" if scale == "chromatic" else scale]
