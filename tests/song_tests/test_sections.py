"""Sections and songs: their names, places and ids, and what holds in each of them."""

import pytest
from msgspec.structs import replace

from song.notes import Note, Phrase
from song.parts import PART_SPECS, PARTS, Part
from song.plan import parse_plan
from song.sections import (
    Cell,
    Cells,
    Constraints,
    Density,
    PitchRanges,
    Section,
    SectionKind,
    Song,
    Take,
    number_sections,
    renumber_sections,
)


def song_of(*ids: int) -> Song:
    """A song of one-bar drops with those ids."""
    return Song(sections=tuple(Section(SectionKind.DROP, 1, id=one) for one in ids))


def ids(song: Song) -> list[int]:
    return [section.id for section in song.sections]


def test_sections_of_one_kind_are_numbered() -> None:
    kinds = ["intro", "build", "drop", "break", "build", "drop", "outro"]
    song = parse_plan("".join(f'[[section]]\nkind = "{kind}"\nbars = 8\n' for kind in kinds), "p")
    assert song.section_names() == ["INTRO", "BUILD 1", "DROP 1", "BREAK", "BUILD 2", "DROP 2", "OUTRO"]
    assert song.start_bars() == [0, 8, 16, 24, 32, 40, 48]


def test_a_section_with_a_name_of_its_own_is_not_counted_among_its_kind() -> None:
    drop = Section(SectionKind.DROP, 8)
    assert Song(sections=(drop, replace(drop, name="THE ONE"))).section_names() == ["DROP", "THE ONE"]
    three = Song(sections=(drop, replace(drop, name="THE ONE"), drop))
    assert three.section_names() == ["DROP 1", "THE ONE", "DROP 2"]


def test_a_song_is_as_long_as_its_sections() -> None:
    song = Song(sections=(Section(SectionKind.INTRO, 3), Section(SectionKind.DROP, 5)))
    assert [section.length_ticks for section in song.sections] == [3 * 384, 5 * 384]
    assert (song.bars, song.length_ticks) == (8, 8 * 384)
    assert (Song().bars, Song().length_ticks, Song().start_bars(), Song().section_names()) == (0, 0, [], [])


def test_cells_are_counted_section_by_section() -> None:
    assert list(song_of(1, 2).cell_refs()) == [(index, part) for index in (0, 1) for part in PARTS]


def test_sections_without_an_id_of_their_own_get_one_above_all_others() -> None:
    assert ids(number_sections(song_of(0, 0, 0))) == [1, 2, 3]
    assert ids(number_sections(song_of(7, 0, 7, 2, -1))) == [7, 8, 9, 2, 10]
    assert ids(number_sections(song_of(-1, -5))) == [1, 2]


def test_sections_that_all_have_ids_leave_the_song_itself() -> None:
    song = song_of(3, 1, 2)
    assert number_sections(song) is song


def test_a_new_section_gets_an_id_above_the_last_one_there_ever_was() -> None:
    # Sections 1 and 2 are known; 3 was removed, and what is new must not be taken for it.
    song, last_id = renumber_sections(song_of(1, 3, 2), known={1, 2}, last_id=3)
    assert (ids(song), last_id) == ([1, 4, 2], 4)
    song, last_id = renumber_sections(song_of(1, 9, 2), known={1, 2}, last_id=3)
    assert (ids(song), last_id) == ([1, 9, 2], 9)


def test_known_sections_keep_their_ids_and_the_song_itself() -> None:
    song = song_of(2, 1)
    same, last_id = renumber_sections(song, known={1, 2}, last_id=5)
    assert same is song
    assert last_id == 5


def test_a_section_is_found_by_its_id_until_it_is_gone() -> None:
    assert [song_of(5, 3, 4).index_of(wanted) for wanted in (3, 4, 5, 6)] == [1, 2, 0, None]


def test_a_section_takes_style_and_key_of_the_song_unless_it_has_its_own() -> None:
    own = Constraints(key="A minor", style={"trap": 1.0})
    song = Song(sections=(Section(SectionKind.DROP, 1), Section(SectionKind.DROP, 1, own)))
    assert [song.key_of(index) for index in (0, 1)] == ["F minor", "A minor"]
    assert [song.style_of(index) for index in (0, 1)] == [{"dubstep": 1.0}, {"trap": 1.0}]


def test_muted_parts_are_not_heard_and_beside_solo_no_others() -> None:
    assert Song().heard_parts() == PARTS
    assert Song(muted=(Part.BASS,)).heard_parts() == (Part.DRUMS, Part.CHORDS, Part.LEAD)
    assert Song(solo=(Part.DRUMS, Part.LEAD)).heard_parts() == (Part.DRUMS, Part.LEAD)
    assert Song(solo=(Part.DRUMS, Part.LEAD), muted=(Part.LEAD,)).heard_parts() == (Part.DRUMS,)


def test_the_chosen_take_is_the_one_that_sounds() -> None:
    takes = tuple(Take(Phrase(1, (Note(0, pitch, 96, 100),)), seed=pitch) for pitch in (40, 43))
    section = Section(SectionKind.DROP, 1, cells=Cells(bass=Cell(takes, 1), lead=Cell(takes)))
    assert section.cell(Part.BASS).take == takes[1]
    assert section.cell(Part.BASS).phrase == takes[1].phrase
    assert (section.cell(Part.LEAD).take, section.cell(Part.LEAD).phrase) == (None, None)


def test_density_and_range_are_asked_of_each_part_by_itself() -> None:
    asked = Constraints(density=Density(drums=0.0, bass=0.5, chords=1.0), ranges=PitchRanges(bass=(36, 48)))
    assert [asked.requested_onsets(part) for part in (Part.DRUMS, Part.BASS, Part.CHORDS)] == [
        0.0,
        PART_SPECS[Part.BASS].median_onsets,
        PART_SPECS[Part.CHORDS].high_onsets,
    ]
    assert asked.pitch_range(Part.BASS) == (36, 48)
    for part in (Part.DRUMS, Part.CHORDS, Part.LEAD):
        assert asked.pitch_range(part) == (PART_SPECS[part].low, PART_SPECS[part].high)


@pytest.mark.parametrize(
    ("before", "gap", "beats"),
    [("build", None, 1), ("break", None, 1), ("drop", None, 0), ("build", 0, 0), ("drop", 2, 2), ("intro", 4, 4)],
)
def test_a_drop_has_a_beat_of_silence_before_it_unless_it_asks_for_another_or_follows_one(
    before: str, gap: int | None, beats: int
) -> None:
    sections = (Section(SectionKind(before), 4), Section(SectionKind.DROP, 4, Constraints(gap=gap)))
    assert [Song(sections=sections).gap_after(index) for index in range(2)] == [beats, 0]
