"""Typed values of constraints: read, refused with what may be written, and offered."""

import pytest

from song.edits.constraints import set_style
from song.errors import UserError
from song.sections import Song
from song.theme import NO_THEME, theme_section, way_of
from song.validation import find_problem
from tests.tui_tests.example_songs import drop_and_build
from tui.field_text import hint, read_field, typed_text
from tui.fields import FIELD_IDS, field

DROP = 0


@pytest.fixture
def song() -> Song:
    return drop_and_build()


@pytest.mark.parametrize(
    ("field_id", "text", "shown"),
    [
        ("bars", "12", "12"),
        ("tempo", "140-150", "140 BPM"),
        ("tempo", "151 bpm", "151 BPM"),
        ("ramp", "160", "160 BPM"),
        ("density", "0.5", "0.50"),
        ("lead", "0,75", "0.75"),
        ("wobble", "1/16 1/8T", "1/8T 1/16"),
        ("wobble", "", "none"),
        ("depth", "0.3", "0.30"),
        ("shape", "Saw", "saw"),
        ("key", "e phrygian", "E phrygian"),
        ("bass-range", "C2-C3", "C2 to C3"),
        ("lead-range", "F#4 to Bb5", "F#4 to Bb5"),
        ("lead-range", "", "G3 to C7"),
        ("form", "a a b a", "AABA"),
        ("bass-form", "a b a c", "ABAC"),
        ("bass-form", "Free", "free"),
        ("bass-form", "", "the section's"),
        ("letter", "4", "4 bars"),
        ("style", "dubstep 80% + trap 20", "dubstep 80% + trap 20%"),
        ("style", "house", "house"),
        ("heat", "1.3", "1.30"),
        ("kind", "Break", "break"),
        ("gap", "Two beats", "two beats"),
        ("gap", "", "usual"),
        ("progression", "i, vi | bII VIImaj7", "i vi bII VIImaj7"),
        ("progression", "i5 - viio", "i5 vii°"),
        ("progression", "Free", "free"),
        ("progression", "", "free"),
        ("chord-length", "2", "2 beats"),
        ("chord-length", "2 Bars", "2 bars"),
        ("chord-length", "16", "4 bars"),
        ("chord-length", "1 bar", "1 bar"),
        ("passing", "Yes", "yes"),
        ("passing", "no", "no"),
        ("passing", "", "usual"),
    ],
)
def test_a_value_is_typed(song: Song, field_id: str, text: str, shown: str) -> None:
    typed = read_field(song, DROP, field_id, text)
    assert find_problem(typed) is None
    assert field(field_id).text(typed.sections[DROP]) == shown


@pytest.mark.parametrize(
    ("field_id", "text", "said"),
    [
        ("bars", "12.5", "not a whole number"),
        ("bars", "0", "1 to 128 bars"),
        ("tempo", "fast", "not a number"),
        ("tempo", "140-400", "40 to 300"),
        ("density", "2", "0 to 1"),
        ("wobble", "1/7", "not a rate: use some of"),
        ("shape", "wavy", "not a wobble shape"),
        ("key", "H major", "not known"),
        ("bass-range", "C2-D2", "an octave or more"),
        ("bass-range", "low", "not a pitch"),
        ("form", "1 2", "a form is letters"),
        ("lead-form", "1 2", "a form is letters"),
        ("style", "polka", "not known"),
        ("style", "dubstep x9 + 3", "not known"),
        ("heat", "9", "0.1 to 2"),
        ("kind", "solo", "not a kind"),
        ("progression", "Am F H G", '"H" is no chord: write numerals'),
        ("progression", "i " * 17, "1 to 16 roman numerals"),
        ("chord-length", "3", "a chord lasts 2, 4, 8, 16 beats, not 3"),
        ("chord-length", "3 bars", "not 12"),
        ("chord-length", "", "2, 4, 8, 16"),
        ("chord-length", "long", "not a number"),
        ("chord-length", "inf", "not a whole number"),
        ("bars", "nan", "not a whole number"),
        ("passing", "maybe", "neither yes nor no"),
        ("gap", "3", "no gap: write none, beat, two beats, bar, or nothing"),
        ("progression", "Fm Dbsus9", '"Dbsus9" is no chord: write names'),
        ("chord-length", "3", "2, 4, 8, 16 beats, not 3"),
        ("passing", "perhaps", "neither yes nor no"),
        ("theme", "slow", "the theme is this section's"),
    ],
)
def test_what_cannot_be_read_says_what_may_be_written(song: Song, field_id: str, text: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        read_field(song, DROP, field_id, text)


def test_the_theme_is_put_here_or_nowhere_and_the_way_to_quote_stays(song: Song) -> None:
    slow = read_field(song, 1, "theme", "slow")
    here = read_field(slow, 1, "theme", "Here")
    assert here.theme == song.sections[1].id
    assert read_field(here, 0, "theme", "off").theme == NO_THEME
    assert here.sections == slow.sections


@pytest.mark.parametrize("field_id", FIELD_IDS)
def test_what_is_offered_for_typing_is_what_there_is(song: Song, field_id: str) -> None:
    mixed = set_style(song, DROP, {"dubstep": 0.75, "trap": 0.25})
    assert read_field(mixed, DROP, field_id, typed_text(mixed, DROP, field_id)) == mixed
    assert hint(field_id)


def test_a_theme_is_typed_as_a_way_to_quote_or_as_the_place_that_it_comes_from(song: Song) -> None:
    build = 1
    slow = read_field(song, build, "theme", "Slow")
    assert way_of(slow.sections[build]) == typed_text(slow, build, "theme") == "slow"
    here = read_field(slow, build, "theme", "here")
    assert (theme_section(here), typed_text(here, build, "theme")) == (build, "here")
    off = read_field(here, DROP, "theme", "off")
    assert (theme_section(off), typed_text(off, build, "theme")) == (None, "off")
    # Who says how to quote wants a theme.
    assert theme_section(read_field(off, build, "theme", "whole")) == DROP
    assert theme_section(read_field(here, build, "theme", "")) == DROP


def test_a_way_to_quote_that_there_is_not_is_refused_with_those_that_there_are(song: Song) -> None:
    other = next(index for index in range(len(song.sections)) if index != DROP)
    with pytest.raises(UserError, match="a theme is quoted none, whole, thinned, slow"):
        read_field(song, other, "theme", "zzz")
