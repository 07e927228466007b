"""Notes outside the scale that a bass or a lead may pass through: short, and off the beat.

Source: the project's notes on dubstep conventions (flat second and fifth as short passing notes, the root on the
beat); the leading note is that of harmonic minor.
"""

from collections.abc import Mapping

from song.harmony import STRETCH_TICKS, section_harmony
from song.notes import Note, Phrase
from song.parts import Part
from song.scales import Key
from song.sections import Constraints, Section
from song.time import TICKS_PER_QUARTER

PASSING_STYLES = frozenset({"dubstep", "riddim", "trap"})
"""Styles whose lines leave the scale where nothing else is said."""
MOST_TICKS = TICKS_PER_QUARTER // 2
"""The longest note that is short: an eighth."""
_ABOVE_TONIC = (1, 6, 11)
"""Flat second, flat fifth, leading note."""
_SIXTEENTH = TICKS_PER_QUARTER // 4


def passing_classes(constraints: Constraints, key: Key, style: Mapping[str, float]) -> frozenset[int]:
    """The pitch classes outside the scale that short notes off the beat may have, 0-11; none where they are not wanted.

    Args:
        constraints: say whether they are wanted, or leave it to the style.
        key: the key that holds; in a major key there are none.
        style: shares of styles; half or more has to have them.
    """
    usual = sum(share for name, share in style.items() if name in PASSING_STYLES) >= 0.5
    wanted = usual if constraints.passing is None else constraints.passing
    if not wanted or not key.is_minor:
        return frozenset()
    return frozenset((key.tonic_class + above) % 12 for above in _ABOVE_TONIC) - key.pitch_classes()


def is_passing(note: Note) -> bool:
    """True for a note that is short and starts off the beat: nearer to another sixteenth than to a quarter's."""
    nearest = (note.onset_tick + _SIXTEENTH // 2) // _SIXTEENTH
    return note.duration_ticks <= MOST_TICKS and nearest % 4 != 0


def outside_notes(section: Section, part: Part, phrase: Phrase, key: Key, style: Mapping[str, float]) -> list[Note]:
    """The notes of a phrase that neither the key nor the harmony of its section allows.

    Chords over a progression have the tones of the chord that sounds. Bass and lead have the scale, those tones, and
    passing notes where they are wanted. Without a progression everything has the scale.

    Args:
        section: its constraints and length.
        part: the phrase's part; drums have no pitch to be outside with.
        phrase: the music, of any length.
        key: the key that holds in the section.
        style: shares of styles that hold in it.
    """
    if part is Part.DRUMS:
        return []
    scale, passing = key.pitch_classes(), passing_classes(section.constraints, key, style)
    chords, sounding = section_harmony(section, key, part)

    def is_outside(note: Note) -> bool:
        pitch_class, stretch = note.pitch % 12, note.onset_tick // STRETCH_TICKS
        tones = chords[sounding[stretch]].tones if stretch < len(sounding) else ()
        if part is Part.CHORDS:
            return pitch_class not in (tones or scale)
        return not (pitch_class in scale or pitch_class in tones or (pitch_class in passing and is_passing(note)))

    return [note for note in phrase.notes if is_outside(note)]
