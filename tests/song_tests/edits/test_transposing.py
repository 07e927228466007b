import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from song.edits.takes import add_takes, set_locked
from song.edits.transposing import (
    Interval,
    has_pitched_notes,
    read_transposition,
    scope_cells,
    shortest_way,
    transpose_cells,
    transposed,
)
from song.errors import UserError
from song.notes import Note, Phrase
from song.parts import PART_SPECS, PARTS, Part
from song.scales import SCALES, TONIC_NAMES, Key, parse_key
from song.sections import Section, SectionKind, Song, Take
from song.validation import find_problem

KEY = parse_key("F minor")
PITCHED = [part for part in PARTS if part is not Part.DRUMS]


def phrase(*pitches: int, bars: int = 2) -> Phrase:
    return Phrase(bars, tuple(Note(48 * place, pitch, 24, 90) for place, pitch in enumerate(pitches)))


def pitches(one: Phrase | None) -> list[int]:
    assert one is not None
    return [note.pitch for note in one.notes]


def written() -> Song:
    song = Song(key="F minor", sections=(Section(SectionKind.BUILD, 2), Section(SectionKind.DROP, 2)))
    for index in range(2):
        song = add_takes(song, index, Part.DRUMS, (Take(phrase(36, 38)),))
        song = add_takes(song, index, Part.BASS, (Take(phrase(41, 44)), Take(phrase(48))))
        song = add_takes(song, index, Part.LEAD, (Take(phrase(65, 68, 72)),))
    return song


@pytest.mark.parametrize(
    ("text", "interval", "scope"),
    [
        ("3", Interval(3), "cell"),
        (" +3 ", Interval(3), "cell"),
        ("-12 song", Interval(-12), "song"),
        ("1 octave section", Interval(12), "section"),
        ("2 steps of the part", Interval(2, True), "part"),
        ("-1 step", Interval(-1, True), "cell"),
        ("5 semitones song", Interval(5), "song"),
    ],
)
def test_what_is_typed_is_an_interval_and_a_scope(text: str, interval: Interval, scope: str) -> None:
    assert read_transposition(text) == (interval, scope)


@pytest.mark.parametrize("text", ["", "0", "25", "3 octaves", "up", "3 bars", "song", "9" * 5000, "1.5"])
def test_what_is_none_is_refused_with_what_may_be_written(text: str) -> None:
    with pytest.raises(UserError, match="such as 3 or -12, or 2 steps of the scale; then cell, section, part, song"):
        read_transposition(text)


def test_all_takes_of_a_cell_move_and_nothing_else_does() -> None:
    song = written()
    changed = transpose_cells(song, scope_cells(song, "cell", 1, Part.BASS), Interval(2))
    assert [pitches(take.phrase) for take in changed.sections[1].cell(Part.BASS).takes] == [[43, 46], [50]]
    assert changed.sections[0] == song.sections[0]
    assert changed.sections[1].cell(Part.LEAD) == song.sections[1].cell(Part.LEAD)


def test_a_scope_is_a_cell_a_section_a_part_or_all_without_drums_and_locked_cells() -> None:
    song = set_locked(written(), 0, Part.LEAD, True)
    assert scope_cells(song, "cell", 0, Part.DRUMS) == []
    assert scope_cells(song, "section", 0, Part.DRUMS) == [(0, Part.BASS), (0, Part.CHORDS)]
    assert scope_cells(song, "part", 0, Part.LEAD) == [(1, Part.LEAD)]
    assert len(scope_cells(song, "song", 0, Part.BASS)) == 5
    with pytest.raises(UserError, match="no notes to move"):
        transpose_cells(song, scope_cells(song, "cell", 0, Part.DRUMS), Interval(1))


def test_steps_are_those_of_the_scale_and_a_note_outside_keeps_its_distance() -> None:
    assert pitches(transposed(phrase(65, 67, 68, 72), Part.LEAD, KEY, Interval(2, True))) == [68, 70, 72, 75]
    assert pitches(transposed(phrase(66), Part.LEAD, KEY, Interval(1, True))) == [68], "a Gb goes to Ab, as F to G"
    assert pitches(transposed(phrase(77, 80), Part.LEAD, KEY, Interval(-7, True))) == [65, 68]


def test_the_key_of_the_section_counts() -> None:
    song = written()
    asked = msgspec.structs.replace(song.sections[1].constraints, key="F major")
    song = msgspec.structs.replace(
        song, sections=(song.sections[0], msgspec.structs.replace(song.sections[1], constraints=asked))
    )
    changed = transpose_cells(song, scope_cells(song, "part", 0, Part.LEAD), Interval(2, True))
    assert [pitches(section.cell(Part.LEAD).phrase)[0] for section in changed.sections] == [68, 69]


def test_a_phrase_that_would_leave_its_range_goes_to_the_octave_where_it_fits() -> None:
    high = PART_SPECS[Part.BASS].high
    assert pitches(transposed(phrase(high, high - 2), Part.BASS, KEY, Interval(3))) == [high - 9, high - 11]


def test_whole_octaves_out_of_the_range_are_refused() -> None:
    high = PART_SPECS[Part.BASS].high
    with pytest.raises(UserError, match="out of what bass plays"):
        transposed(phrase(high), Part.BASS, KEY, Interval(12))


@given(
    st.sampled_from(PITCHED),
    st.data(),
    st.builds(Key, st.sampled_from(TONIC_NAMES), st.sampled_from(tuple(SCALES))),
    st.integers(-24, 24).filter(bool),
    st.booleans(),
)
def test_any_phrase_stays_playable_and_keeps_its_rhythm(
    part: Part, data: st.DataObject, key: Key, amount: int, in_scale: bool
) -> None:
    spec = PART_SPECS[part]
    one = phrase(*data.draw(st.lists(st.integers(spec.low, spec.high), min_size=1, max_size=8)))
    try:
        moved = transposed(one, part, key, Interval(amount, in_scale))
    except UserError:
        assert amount % 12 == 0 or in_scale
        return
    assert [note.onset_tick for note in moved.notes] == [note.onset_tick for note in one.notes]
    song = Song(key=str(key), sections=(Section(SectionKind.DROP, 2),))
    assert find_problem(add_takes(song, 0, part, (Take(moved),))) is None


def test_there_and_back_is_where_it_was() -> None:
    one = phrase(60, 63, 65, 70)
    for in_scale in (False, True):
        there = transposed(one, Part.LEAD, parse_key("C minor"), Interval(3, in_scale))
        assert transposed(there, Part.LEAD, parse_key("C minor"), Interval(-3, in_scale)) == one


def test_the_shorter_way_between_keys() -> None:
    assert [shortest_way(KEY, parse_key(f"{tonic} minor")) for tonic in ("F", "G", "E", "B", "C")] == [0, 2, -1, -6, -5]


def test_drums_are_no_pitched_notes() -> None:
    song = Song(sections=(Section(SectionKind.DROP, 2),))
    assert not has_pitched_notes(add_takes(song, 0, Part.DRUMS, (Take(phrase(36)),)))
    assert has_pitched_notes(written())
