"""Ready-made forms, and what section kinds ask for where nothing else is said."""

import pytest

from song.parts import Part
from song.sections import SectionKind
from song.templates import DUBSTEP_FORM, KIND_DENSITY, KIND_WOBBLE, default_constraints, song_from_form
from song.validation import find_problem


def test_the_built_in_form_is_an_empty_song_of_72_bars_with_two_drops() -> None:
    song = song_from_form()
    assert find_problem(song) is None
    assert song.section_names() == ["INTRO", "BUILD 1", "DROP 1", "BREAK", "BUILD 2", "DROP 2", "OUTRO"]
    assert [(section.kind, section.bars) for section in song.sections] == list(DUBSTEP_FORM)
    assert song.bars == 72
    assert all(section.cell(part).takes == () for section in song.sections for part in Part)


def test_a_form_has_one_tempo_throughout_and_sections_with_ids() -> None:
    song = song_from_form([(SectionKind.BUILD, 4), (SectionKind.DROP, 2)], title="Bus", tempo_bpm=150, seed=7)
    assert (song.title, song.seed) == ("Bus", 7)
    assert [section.constraints.tempo_bpm for section in song.sections] == [(150, 150)] * 2
    assert [section.id for section in song.sections] == [1, 2]


@pytest.mark.parametrize("kind", SectionKind)
def test_every_kind_asks_for_its_density_and_wobble_at_the_tempo_given(kind: SectionKind) -> None:
    asked = default_constraints(kind, (140.0, 150.0))
    assert asked.tempo_bpm == (140.0, 150.0)
    assert (asked.density, asked.wobble) == (KIND_DENSITY[kind], KIND_WOBBLE[kind])
    assert (asked.key, asked.form, asked.style) == (None, None, None)


def test_only_a_drop_wobbles_and_intro_and_build_have_no_bass() -> None:
    assert [kind for kind in SectionKind if KIND_WOBBLE[kind].rates] == [SectionKind.DROP]
    silent = [kind for kind in SectionKind if KIND_DENSITY[kind].bass == 0]
    assert silent == [SectionKind.INTRO, SectionKind.BUILD]
