"""The arrangements a song can be started from: what each genre's plan says, against what the genre does."""

import pytest

from song.arrangements import ARRANGEMENTS, arrangement, first_drop, seconds_to
from song.parts import Part
from song.sections import SectionKind
from song.styles import STYLES
from song.validation import find_problem

TEMPI = {
    "dubstep": (138, 150),
    "riddim": (140, 150),
    "melodic dubstep": (140, 150),
    "drum & bass": (170, 180),
    "trap": (130, 170),
    "house": (120, 128),
}
"""BPM from the project's notes on the genres."""


@pytest.mark.parametrize("name", ARRANGEMENTS)
def test_every_arrangement_is_a_valid_empty_song_of_its_style(name: str) -> None:
    song = arrangement(name)
    assert find_problem(song) is None
    assert song.style == {name: 1.0}
    assert name in STYLES
    low, high = TEMPI[name]
    assert all(low <= bpm <= high for section in song.sections for bpm in section.constraints.tempo_bpm)
    assert all(section.cell(part).chosen is None for section in song.sections for part in Part)
    assert [section.bars % 8 for section in song.sections] == [0] * len(song.sections)
    assert (song.sections[0].kind, song.sections[-1].kind) == (SectionKind.INTRO, SectionKind.OUTRO)


@pytest.mark.parametrize("name", ARRANGEMENTS)
def test_every_drop_follows_a_build_or_a_drop_and_the_first_comes_in_time(name: str) -> None:
    song = arrangement(name)
    kinds = [section.kind for section in song.sections]
    for index, kind in enumerate(kinds):
        if kind is SectionKind.DROP:
            assert kinds[index - 1] in (SectionKind.BUILD, SectionKind.DROP)
    drop = first_drop(song)
    assert drop is not None
    assert 40 <= seconds_to(song, drop) <= 80
    assert 120 <= seconds_to(song, len(song.sections)) <= 260


def test_the_bass_wobbles_where_the_genre_does() -> None:
    wobbling = {
        name: any(section.constraints.wobble.rates for section in arrangement(name).sections) for name in ARRANGEMENTS
    }
    assert [name for name, wobbles in wobbling.items() if not wobbles] == ["trap", "house"]
