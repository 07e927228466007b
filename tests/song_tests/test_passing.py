"""Notes outside the scale: which a line may pass through, where, and what the harmony makes of the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from song.notes import Note, Phrase
from song.parts import PARTS, Part
from song.passing import MOST_TICKS, PASSING_STYLES, is_passing, outside_notes, passing_classes
from song.scales import SCALES, Key, parse_key
from song.sections import Constraints, Section, SectionKind
from song.styles import STYLES

DUBSTEP, JAZZ = {"dubstep": 1.0}, {"jazz": 1.0}


def outside(
    part: Part, *notes: Note, key: str = "C minor", style: dict[str, float] = JAZZ, **asked: object
) -> list[int]:
    """The pitches that are outside, in a section of two bars."""
    section = Section(SectionKind.DROP, 2, Constraints(**asked))
    return [note.pitch for note in outside_notes(section, part, Phrase(2, notes), parse_key(key), style)]


def test_flat_second_flat_fifth_and_leading_note_pass_where_the_scale_lacks_them() -> None:
    assert passing_classes(Constraints(), parse_key("C minor"), DUBSTEP) == {1, 6, 11}
    assert passing_classes(Constraints(), parse_key("E minor"), DUBSTEP) == {5, 10, 3}
    assert passing_classes(Constraints(), parse_key("C phrygian"), DUBSTEP) == {6, 11}
    assert passing_classes(Constraints(), parse_key("C harmonic minor"), DUBSTEP) == {1, 6}
    assert passing_classes(Constraints(), parse_key("C major"), DUBSTEP) == frozenset()
    assert passing_classes(Constraints(), parse_key("C chromatic"), DUBSTEP) == frozenset()


@pytest.mark.parametrize("name", STYLES)
def test_the_style_says_whether_lines_pass_and_the_section_says_it_louder(name: str) -> None:
    key = parse_key("C minor")
    assert bool(passing_classes(Constraints(), key, {name: 1.0})) is (name in PASSING_STYLES)
    assert passing_classes(Constraints(passing=True), key, {name: 1.0})
    assert not passing_classes(Constraints(passing=False), key, {name: 1.0})


def test_half_a_style_that_passes_is_enough() -> None:
    key = parse_key("C minor")
    assert passing_classes(Constraints(), key, {"dubstep": 0.5, "jazz": 0.5})
    assert passing_classes(Constraints(), key, {"dubstep": 0.3, "trap": 0.3, "jazz": 0.4})
    assert not passing_classes(Constraints(), key, {"dubstep": 0.4, "jazz": 0.6})
    assert not passing_classes(Constraints(), key, {})


@pytest.mark.parametrize("beat", range(8))
def test_a_note_passes_off_the_beat_alone_and_no_longer_than_an_eighth(beat: int) -> None:
    at = 96 * beat
    assert not is_passing(Note(at, 61, 24, 90))
    assert not is_passing(Note(at + 4, 61, 24, 90)), "a late note is still on the beat"
    assert at == 0 or not is_passing(Note(at - 4, 61, 24, 90)), "and so is an early one"
    for sixteenth in (24, 48, 72):
        assert is_passing(Note(at + sixteenth, 61, MOST_TICKS, 90))
        assert not is_passing(Note(at + sixteenth, 61, MOST_TICKS + 1, 90))


def test_without_a_progression_every_part_has_the_scale() -> None:
    notes = (Note(0, 60, 48, 90), Note(96, 61, 48, 90), Note(192, 64, 48, 90))
    assert outside(Part.BASS, *notes) == outside(Part.CHORDS, *notes) == outside(Part.LEAD, *notes) == [61, 64]
    assert outside(Part.DRUMS, *notes) == []


def test_lines_pass_and_chords_do_not() -> None:
    passing, long, strong = Note(24, 61, 24, 90), Note(120, 61, 96, 90), Note(192, 61, 24, 90)
    third = Note(264, 64, 24, 90)
    for part in (Part.BASS, Part.LEAD):
        assert outside(part, passing, long, strong, third, style=DUBSTEP) == [61, 61, 64]
        assert outside(part, passing, long, strong, third, style=DUBSTEP, passing=False) == [61, 61, 61, 64]
    assert outside(Part.CHORDS, passing, style=DUBSTEP) == [61]


def test_over_a_progression_chords_have_its_tones_and_lines_have_them_beside_the_scale() -> None:
    asked = {"chords": "i V", "chord_beats": 4}
    over_i, over_v = Note(0, 71, 96, 90), Note(384, 71, 96, 90)
    root, seventh = Note(0, 60, 96, 90), Note(96, 70, 96, 90)
    assert outside(Part.CHORDS, over_i, root, seventh, over_v, **asked) == [71, 70]
    assert outside(Part.LEAD, over_i, root, seventh, over_v, **asked) == [71]
    halves = {"chords": "i V", "chord_beats": 2}
    assert outside(Part.CHORDS, Note(191, 71, 1, 90), Note(192, 71, 1, 90), **halves) == [71]


def test_music_beyond_the_section_is_held_to_the_scale() -> None:
    assert outside(Part.CHORDS, Note(768, 62, 96, 90), Note(768, 61, 96, 90), chords="i") == [61]


@given(
    st.sampled_from(PARTS),
    st.lists(st.builds(Note, st.integers(0, 767), st.integers(0, 127), st.integers(1, 200), st.just(90)), max_size=6),
    st.sampled_from(tuple(SCALES)),
    st.sampled_from((None, "i VI", "I bII7 v°")),
    st.sampled_from((None, True, False)),
)
def test_what_is_outside_is_outside_the_scale_or_the_chord(
    part: Part, notes: list[Note], scale: str, chords: str | None, passing: bool | None
) -> None:
    section = Section(SectionKind.DROP, 2, Constraints(chords=chords, passing=passing))
    key = Key("D", scale)
    found = outside_notes(section, part, Phrase(2, tuple(notes)), key, DUBSTEP)
    assert all(note in notes for note in found)
    if part is not Part.CHORDS or chords is None:
        assert all(note.pitch % 12 not in key.pitch_classes() for note in found)
    if scale == "chromatic" and (part is not Part.CHORDS or chords is None):
        assert found == []
