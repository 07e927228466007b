"""A plan that a song was written as, read back as a plan."""

import msgspec
import pytest
from hypothesis import given

from song.notes import RATES
from song.parts import PARTS
from song.plan import load_plan, parse_plan
from song.plan_text import plan_text
from song.sections import Cells, Constraints, PartForms, PitchRanges, Section, SectionKind, Song
from tests.places import ROOT
from tests.song_tests.export.made_songs import made_songs
from tests.song_tests.song_strategies import songs

PLANS = [*sorted((ROOT / "song" / "plans").glob("*.toml")), *sorted((ROOT / "docs" / "songs").glob("*.toml"))]


def asked(song: Song) -> object:
    """All that a plan asks, forms as they hold for each part and names as a plan can write them."""
    sections = [
        (
            section.kind,
            section.bars,
            "".join(letter if letter.isprintable() else " " for letter in section.name),
            [section.constraints.form_of(part) for part in PARTS],
            msgspec.structs.replace(section.constraints, form=None, forms=PartForms()),
        )
        for section in song.sections
    ]
    return song.key, song.seed, song.sub, song.theme, sections


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_plans_come_back_as_they_were(path) -> None:
    song = load_plan(path, 7)
    again = parse_plan(plan_text(song), "plan.toml")
    assert asked(again) == asked(song)
    assert again.style == pytest.approx(song.style)
    assert again.title == song.title


def rates_in_order(song: Song) -> Song:
    """Rates as a plan keeps them, and ranges of an octave or more."""
    sections = []
    for section in song.sections:
        asked_for = section.constraints
        wobble = asked_for.wobble
        rates = tuple(rate for rate in RATES if rate in wobble.rates)
        asked_for = msgspec.structs.replace(
            asked_for, wobble=msgspec.structs.replace(wobble, rates=rates), ranges=PitchRanges(bass=(36, 48))
        )
        sections.append(msgspec.structs.replace(section, constraints=asked_for, cells=Cells()))
    theme = song.theme if song.theme == -1 or song.index_of(song.theme) is not None else 0
    return msgspec.structs.replace(song, sections=tuple(sections), theme=theme, muted=(), solo=())


@given(songs)
def test_any_song_s_plan_asks_the_same(song: Song) -> None:
    if not song.sections:
        return
    song = rates_in_order(song)
    total = sum(song.style.values())
    again = parse_plan(plan_text(song), "plan.toml")
    assert asked(again) == asked(song)
    assert again.style == pytest.approx({name: share / total for name, share in song.style.items()})


@pytest.mark.parametrize("name", made_songs())
def test_made_songs_have_plans(name: str) -> None:
    song = made_songs()[name]
    assert [section.bars for section in parse_plan(plan_text(song), "p").sections] == [
        one.bars for one in song.sections
    ]


def test_a_name_of_any_letters_is_a_line_of_text() -> None:
    section = Section(SectionKind.DROP, 1, Constraints(), name='"\\ \n 🚌 \x7f')
    (again,) = parse_plan(plan_text(Song(title='a"b\\', sections=(section,))), "p").sections
    assert again.name == '"\\   🚌  '
