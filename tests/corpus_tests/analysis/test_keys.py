"""The key of music whose key is known."""

import pytest

from corpus.analysis.keys import find_key, is_ambiguous
from song.notes import Note
from song.parts import Part

MINOR = (0, 2, 3, 5, 7, 8, 10)
MAJOR = (0, 2, 4, 5, 7, 9, 11)


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize("minor", [True, False])
def test_a_bass_on_the_tonic_and_a_scale_above_it_are_in_that_key(tonic, minor):
    scale = MINOR if minor else MAJOR
    bass = [Note(bar * 384, 36 + tonic, 384, 90) for bar in range(4)]
    lead = [Note(index * 96, 60 + tonic + step, 96, 90) for index, step in enumerate(scale)]
    triad = [Note(0, 48 + tonic + scale[degree], 768, 90) for degree in (0, 2, 4)]
    parts = {Part.BASS: bass, Part.LEAD: lead, Part.CHORDS: triad}
    assert find_key(parts) == (tonic, minor)
    assert not is_ambiguous(parts)


def test_drums_are_in_no_key():
    assert find_key({Part.DRUMS: [Note(0, 36, 24, 90)]}) == (None, True)


@pytest.mark.parametrize("pitches", [range(60, 72), range(60, 72, 2), (60, 63, 66, 69)])
def test_what_turns_into_itself_is_in_no_key_more_than_in_another(pitches):
    """A chromatic and a whole-tone scale, and a diminished seventh."""
    assert is_ambiguous({Part.CHORDS: [Note(0, pitch, 96, 90) for pitch in pitches]})


def test_drums_are_not_ambiguous_either():
    assert not is_ambiguous({Part.DRUMS: [Note(0, 36, 24, 90)]})
