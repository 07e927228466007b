"""What a section asks for beyond tempo, density and wobble: forms, styles, temperature and ranges, and their bounds."""

import pytest

from song.edits.constraints import set_form, set_form_bars, set_range, set_style, set_temperature
from song.errors import UserError
from song.parts import Part
from song.problems import find_problem
from song.sections import Constraints, SectionKind, Song
from song.templates import song_from_form


@pytest.fixture
def song() -> Song:
    return song_from_form([(SectionKind.DROP, 8)])


def asked(song: Song) -> Constraints:
    assert find_problem(song) is None
    return song.sections[0].constraints


def test_a_form_is_letters_in_any_writing(song: Song) -> None:
    assert asked(set_form(song, 0, "a a b a")).form == "AABA"
    assert asked(set_form(set_form(song, 0, "AB"), 0, None)).form is None
    for form in ("", "A1", "A" * 33, "Ä"):
        with pytest.raises(UserError, match="a form is letters"):
            set_form(song, 0, form)


@pytest.mark.parametrize(("bars", "fine"), [(0, False), (1, True), (8, True), (9, False)])
def test_a_letter_is_one_to_eight_bars(song: Song, bars: int, fine: bool) -> None:
    if fine:
        assert asked(set_form_bars(song, 0, bars)).form_bars == bars
    else:
        with pytest.raises(UserError, match="1 to 8 bars"):
            set_form_bars(song, 0, bars)


@pytest.mark.parametrize(("temperature", "fine"), [(0.09, False), (0.1, True), (2.0, True), (2.01, False)])
def test_temperature_has_inclusive_bounds(song: Song, temperature: float, fine: bool) -> None:
    if fine:
        assert asked(set_temperature(song, 0, temperature)).temperature == temperature
    else:
        with pytest.raises(UserError, match=r"0\.1 to 2"):
            set_temperature(song, 0, temperature)


def test_a_style_mixture_is_shares_of_one_and_gives_way_to_the_songs(song: Song) -> None:
    mixed = set_style(song, 0, {"dubstep": 4, "classical": 1})
    assert asked(mixed).style == {"dubstep": 0.8, "classical": 0.2}
    assert mixed.style_of(0) == {"dubstep": 0.8, "classical": 0.2}
    assert set_style(mixed, 0, None).style_of(0) == {"dubstep": 1.0}
    for wrong in ({"polka": 1.0}, {"dubstep": 0.0}, {}):
        with pytest.raises(UserError, match="style"):
            set_style(song, 0, wrong)


def test_a_range_is_an_octave_or_more_within_the_parts(song: Song) -> None:
    narrow = set_range(song, 0, Part.BASS, 36, 47)
    assert asked(narrow).pitch_range(Part.BASS) == (36, 47)
    assert asked(narrow).pitch_range(Part.LEAD) == (55, 96)
    assert set_range(narrow, 0, Part.BASS, 31, 64) == song
    for low, high, said in ((36, 46, "octave"), (30, 47, "plays pitches 31 to 64"), (36, 65, "31 to 64")):
        with pytest.raises(UserError, match=said):
            set_range(song, 0, Part.BASS, low, high)
    with pytest.raises(UserError, match="drums have no range"):
        set_range(song, 0, Part.DRUMS, 36, 60)
