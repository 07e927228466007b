"""Edits of what a section asks for: their bounds, and what they leave alone."""

import msgspec
import pytest

from song.edits.constraints import (
    set_chord_beats,
    set_chords,
    set_constraints,
    set_density,
    set_form,
    set_form_bars,
    set_gap,
    set_key,
    set_part_form,
    set_passing,
    set_quote,
    set_range,
    set_style,
    set_temperature,
    set_tempo,
    set_theme,
    set_wobble,
    shift_density,
)
from song.errors import UserError
from song.parts import PARTS, Part
from song.sections import Constraints, Song
from song.theme import QUOTES
from song.validation import find_problem
from tests.song_tests.edited_songs import DROP, SONG


def test_a_constraint_changes_alone() -> None:
    changed = set_constraints(SONG, 1, temperature=1.5).sections[1].constraints
    assert changed == msgspec.structs.replace(SONG.sections[1].constraints, temperature=1.5)


def test_a_tempo_of_one_section_leaves_the_others(song: Song) -> None:
    changed = set_tempo(song, DROP, 140, 150)
    assert changed.sections[DROP].constraints.tempo_bpm == (140.0, 150.0)
    assert changed.sections[0] is song.sections[0]


@pytest.mark.parametrize("bpm", [39.9, 300.1, 0])
def test_a_tempo_outside_the_range_is_refused(song: Song, bpm: float) -> None:
    with pytest.raises(UserError, match="40 to 300"):
        set_tempo(song, DROP, 140, bpm)


@pytest.mark.parametrize("bpm", [40, 300])
def test_the_bounds_of_tempo_are_inclusive(song: Song, bpm: float) -> None:
    assert set_tempo(song, DROP, bpm, bpm).sections[DROP].constraints.tempo_bpm == (bpm, bpm)


def test_density_of_one_part_leaves_the_others(song: Song) -> None:
    before = song.sections[DROP].constraints.density
    after = set_density(song, DROP, Part.LEAD, 1).sections[DROP].constraints.density
    assert after.lead == 1
    assert [after.of(part) for part in PARTS if part is not Part.LEAD] == [
        before.of(part) for part in PARTS if part is not Part.LEAD
    ]


@pytest.mark.parametrize("density", [-0.01, 1.01])
def test_a_density_outside_the_range_is_refused(song: Song, density: float) -> None:
    with pytest.raises(UserError, match="0 to 1"):
        set_density(song, DROP, Part.BASS, density)


def test_shifting_density_leaves_silent_parts_silent(song: Song) -> None:
    assert song.sections[0].constraints.density.bass == 0
    before, after = (one.sections[0].constraints.density for one in (song, shift_density(song, 0, 0.1)))
    assert after.bass == 0
    assert after.drums == pytest.approx(before.drums + 0.1)
    assert after.chords == pytest.approx(before.chords + 0.1)


def test_shifting_density_stops_at_its_bounds_and_comes_back_from_silence(song: Song) -> None:
    silent = shift_density(song, DROP, -1)
    assert {silent.sections[DROP].constraints.density.of(part) for part in PARTS} == {0.0}
    back = shift_density(silent, DROP, 0.25)
    assert {back.sections[DROP].constraints.density.of(part) for part in PARTS} == {0.25}
    full = shift_density(song, DROP, 1)
    assert {full.sections[DROP].constraints.density.of(part) for part in PARTS} == {1.0}


def test_wobble_changes_one_thing_at_a_time(song: Song) -> None:
    wobble = set_wobble(song, DROP, shape="saw").sections[DROP].constraints.wobble
    assert wobble.shape == "saw"
    assert wobble.rates == song.sections[DROP].constraints.wobble.rates


@pytest.mark.parametrize("changes", [{"rates": ("1/5",)}, {"shape": "wavy"}, {"depth": 1.1}, {"depth": -0.1}])
def test_a_wobble_out_of_range_is_refused(song: Song, changes: dict[str, object]) -> None:
    with pytest.raises(UserError, match="wobble"):
        set_wobble(song, DROP, **changes)


def test_a_key_of_the_section_alone(song: Song) -> None:
    assert set_key(song, DROP, "e phrygian").sections[DROP].constraints.key == "E phrygian"
    assert set_key(set_key(song, DROP, "E phrygian"), DROP, None) == song
    with pytest.raises(UserError, match="key"):
        set_key(song, DROP, "H major")


def asked(song: Song) -> Constraints:
    assert find_problem(song) is None
    return song.sections[0].constraints


def test_a_form_is_letters_in_any_writing(song: Song) -> None:
    assert asked(set_form(song, 0, "a a b a")).form == "AABA"
    assert asked(set_form(set_form(song, 0, "AB"), 0, None)).form is None
    for form in ("", "A1", "A" * 33, "Ä"):
        with pytest.raises(UserError, match="a form is letters"):
            set_form(song, 0, form)


def test_a_part_has_the_sections_form_or_one_of_its_own_or_none(song: Song) -> None:
    made = set_form(set_part_form(set_part_form(song, 0, Part.BASS, "a b"), 0, Part.LEAD, ""), 0, "AABA")
    assert [asked(made).form_of(part) for part in PARTS] == ["AABA", "AB", "AABA", None]
    assert set_form(set_part_form(set_part_form(made, 0, Part.BASS, None), 0, Part.LEAD, None), 0, None) == song
    with pytest.raises(UserError, match="a form is letters"):
        set_part_form(song, 0, Part.BASS, "A1")


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


def test_a_progression_is_kept_in_one_spelling_and_can_be_left_free(song: Song) -> None:
    typed = set_chords(song, 0, "i,VI - bII7 | viio")
    assert typed.sections[0].constraints.chords == "i VI bII7 vii°"
    assert typed.sections[1] is song.sections[1]
    assert set_chords(typed, 0, None).sections[0].constraints.chords is None
    with pytest.raises(UserError, match='"H" is no chord'):
        set_chords(song, 0, "i H")


def test_a_chord_is_as_long_as_there_are_lengths(song: Song) -> None:
    assert set_chord_beats(song, 0, 16).sections[0].constraints.chord_beats == 16
    for wrong in (0, 1, 3, 32):
        with pytest.raises(UserError, match=f"a chord lasts 2, 4, 8, 16 beats, not {wrong}"):
            set_chord_beats(song, 0, wrong)


def test_a_theme_its_quotations_and_passing_notes_are_set_and_left_to_kind_and_style(song: Song) -> None:
    assert set_theme(song, 2).theme == 2
    assert set_theme(song, 2).sections == song.sections
    for way in (*QUOTES, None):
        assert set_quote(song, 0, way).sections[0].constraints.theme == way
    with pytest.raises(UserError, match="a theme is quoted none, whole, thinned, slow"):
        set_quote(song, 0, "backwards")
    for passing in (True, False, None):
        assert set_passing(song, 0, passing).sections[0].constraints.passing is passing


def test_a_gap_is_one_of_those_that_there_are(song: Song) -> None:
    assert set_gap(song, 0, 2).sections[0].constraints.gap == 2
    assert set_gap(set_gap(song, 0, 4), 0, None) == song
    with pytest.raises(UserError, match="a gap is none, beat, two beats, bar"):
        set_gap(song, 0, 3)
