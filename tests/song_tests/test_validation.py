"""Values that are out of range: the first one is named with its place and what is allowed."""

from typing import Any

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from song.notes import Note, Phrase, Wobble
from song.parts import Part
from song.sections import Cell, Cells, Constraints, Density, PartForms, Section, SectionKind, Song, Take, WobbleRange
from song.templates import song_from_form
from song.validation import find_phrase_problem, find_problem
from tests.song_tests.song_strategies import filled, mixed_songs

FORM = [(SectionKind.INTRO, 2), (SectionKind.DROP, 2)]


def with_bass(phrase: Phrase) -> Song:
    """A song whose second section has that bass."""
    return filled(song_from_form(FORM), 1, Part.BASS, phrase)


@given(mixed_songs)
@settings(max_examples=40)
def test_a_song_within_its_ranges_has_no_problem_whatever_is_muted(song: Song) -> None:
    assert find_problem(song) is None
    assert find_problem(replace(song, muted=(), solo=())) is None


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"seed": -1}, "seed: -1 is outside 0-9223372036854775807"),
        ({"seed": 2**63}, "seed: 9223372036854775808 is outside 0-9223372036854775807"),
        ({"key": "H minor"}, 'key "H minor" is not known: write a tonic A to G (with # or b) and one of minor,'),
        ({"style": {"polka": 1.0}}, 'style "polka" is not known: use one of dubstep'),
        ({"sections": (Section(SectionKind.DROP, 0),)}, "section 1: bars: 0 is outside 1-128"),
        ({"sections": (Section(SectionKind.DROP, 129),)}, "section 1: bars: 129 is outside 1-128"),
    ],
)
def test_a_wrong_value_of_the_song_is_named(changes: dict[str, Any], problem: str) -> None:
    assert (find_problem(replace(song_from_form(FORM), **changes)) or "").startswith(problem)


@pytest.mark.parametrize("seed", [0, 2**63 - 1])
def test_the_smallest_and_the_largest_seed_are_allowed(seed: int) -> None:
    assert find_problem(Song(seed=seed)) is None


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"tempo_bpm": (140.0, 301.0)}, "tempo_bpm: [140.0, 301.0] is outside 40-300"),
        ({"tempo_bpm": (float("nan"), 140.0)}, "tempo_bpm: [nan, 140.0] is outside 40-300"),
        ({"density": Density(chords=-0.5)}, "density: chords -0.5 is outside 0-1"),
        ({"wobble": WobbleRange(("1/8", "1/5"))}, 'wobble: rate "1/5" is not one of 1/1., '),
        ({"wobble": WobbleRange(depth=1.5)}, "wobble: depth 1.5 is outside 0-1"),
        ({"form": ""}, 'form: "" is not one or more of the letters A-Z'),
        ({"forms": PartForms(lead="ab")}, 'forms: lead: "ab" is not one or more of the letters A-Z'),
        ({"form": "A\u00c4"}, 'form: "A\u00c4" is not one or more of the letters A-Z'),
        ({"form_bars": 0}, "form_bars: 0 is outside 1-8"),
        ({"temperature": 2.5}, "temperature: 2.5 is outside 0.1-2"),
    ],
)
def test_a_wrong_constraint_is_named_with_its_section(changes: dict[str, Any], problem: str) -> None:
    wrong = Section(SectionKind.DROP, 4, replace(Constraints(), **changes))
    found = find_problem(Song(sections=(Section(SectionKind.INTRO, 4), wrong)))
    assert (found or "").startswith(f"section 2: {problem}")


@pytest.mark.parametrize(
    ("phrase", "problem"),
    [
        (Phrase(3), "a take has 3 bars, outside 1-2"),
        (Phrase(2, (Note(768, 40, 96, 100),)), "a note at tick 768 lies outside its 2 bars, or lasts under a tick"),
        (Phrase(2, (Note(0, 40, 0, 100),)), "a note at tick 0 lies outside its 2 bars, or lasts under a tick"),
        (
            Phrase(2, (Note(0, 40, 2**64, 100),)),
            "a note at tick 0 lies outside its 2 bars, or lasts under a tick or lon",
        ),
        (Phrase(2, (Note(0, 128, 96, 100),)), "a note has pitch 128 and velocity 100, outside 0-127 and 1-127"),
        (Phrase(2, (Note(0, 40, 96, 0),)), "a note has pitch 40 and velocity 0, outside 0-127 and 1-127"),
        (
            Phrase(2, (Note(96, 40, 96, 100), Note(0, 40, 96, 100))),
            "the notes are not in the order of their ticks and pitches",
        ),
        (Phrase(2, (), (Wobble(0, 97, "1/8", 0.5), Wobble(96, 96, "1/8", 0.5))), "two wobbles overlap"),
        (Phrase(2, (), (Wobble(800, 96, "1/8", 0.5),)), "a wobble at tick 800 lies outside its 2 bars"),
    ],
)
def test_a_wrong_phrase_is_named_with_its_cell(phrase: Phrase, problem: str) -> None:
    assert (find_problem(with_bass(phrase)) or "").startswith(f"section 2: bass: {problem}")


def test_takes_that_do_not_sound_are_looked_at_too() -> None:
    song = with_bass(Phrase(2))
    section = song.sections[1]
    silent = Cell((Take(Phrase(2)), Take(Phrase(2), kept=(2,))), 0)
    changed = replace(section, cells=replace(section.cells, bass=silent))
    found = find_problem(replace(song, sections=(song.sections[0], changed)))
    assert found == "section 2: bass: a take has edited or kept bars outside 0-1"


def test_counts_that_could_not_be_written_again_are_named() -> None:
    section = Section(SectionKind.DROP, 4, id=2**64)
    assert find_problem(Song(sections=(section,))) == f"section 1: id: {2**64} is above {2**31 - 1}"
    for count in (-1, 2**64):
        takes = (Take(Phrase(4), copied_notes=count),)
        section = Section(SectionKind.DROP, 4, cells=Cells(bass=Cell(takes, 0)))
        found = find_problem(Song(sections=(section,)))
        assert found == f"section 1: bass: a take has {count} copied notes, outside 0-{2**31 - 1}"


def test_a_phrase_alone_is_looked_at_too() -> None:
    assert find_phrase_problem(Phrase(128)) is None
    assert find_phrase_problem(Phrase(4), 2) == "a take has 4 bars, outside 1-2"


def test_of_several_problems_the_first_is_told() -> None:
    wrong = Section(SectionKind.DROP, 0, Constraints(temperature=9))
    assert find_problem(Song(seed=-1, sections=(wrong,))) == "seed: -1 is outside 0-9223372036854775807"
    assert find_problem(Song(sections=(wrong,))) == "section 1: bars: 0 is outside 1-128"
