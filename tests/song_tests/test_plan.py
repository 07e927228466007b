"""Plans that are right: what each key becomes, and what holds where a key is left out."""

import re
from pathlib import Path

import msgspec
import pytest

from song.errors import UserError
from song.limits import MAX_SEED
from song.notes import RATES, SHAPES
from song.parts import PARTS, Part
from song.plan import load_plan, parse_plan
from song.sections import GAPS, Density, PartPatches, SectionKind, Song, WobbleRange
from song.templates import default_constraints

# The example that the documentation gives.
NIGHT_BUS = """
title = "Night Bus"
style = "dubstep"
key = "F minor"
tempo = 140
seed = 7

[[section]]
kind = "build"
bars = 8
tempo = [140, 150]
density = 0.5

[[section]]
kind = "drop"
bars = 16
tempo = 150
density = { drums = 0.7, bass = 0.8, chords = 0.2, lead = 0.4 }
wobble = { rates = ["1/8", "1/8T", "1/16"], depth = 0.9 }
form = "ABAC"          # one letter = form_bars bars
"""


def drop(extra: str = "", head: str = "") -> Song:
    return parse_plan(f'{head}\n[[section]]\nkind = "drop"\nbars = 8\n{extra}', "plan.toml")


def test_the_documented_example() -> None:
    song = parse_plan(NIGHT_BUS, "plan.toml")
    assert (song.title, song.style, song.key, song.seed, song.sub) == (
        "Night Bus",
        {"dubstep": 1.0},
        "F minor",
        7,
        True,
    )
    build, dropped = song.sections
    assert (build.kind, build.bars, build.constraints.tempo_bpm) == (SectionKind.BUILD, 8, (140.0, 150.0))
    assert build.constraints.density == Density(0.5, 0.5, 0.5, 0.5)
    assert (dropped.kind, dropped.bars, dropped.constraints.tempo_bpm) == (SectionKind.DROP, 16, (150.0, 150.0))
    assert dropped.constraints.density == Density(0.7, 0.8, 0.2, 0.4)
    assert dropped.constraints.wobble == WobbleRange(("1/8", "1/8T", "1/16"), 0.9, "triangle")
    assert (dropped.constraints.form, dropped.constraints.form_bars) == ("ABAC", 2)
    assert song.bars == 24
    assert song.section_names() == ["BUILD", "DROP"]


def test_what_is_left_out_comes_from_the_kind() -> None:
    song = drop()
    assert (song.title, song.key, song.seed, song.style) == ("Untitled", "F minor", 0, {"dubstep": 1.0})
    drawn = song.sections[0].constraints
    assert msgspec.structs.replace(drawn, chords=None) == default_constraints(SectionKind.DROP)
    assert song.sections[0].name == ""


def test_the_songs_tempo_holds_where_a_section_has_none() -> None:
    assert drop(head="tempo = 174.5").sections[0].constraints.tempo_bpm == (174.5, 174.5)
    assert drop("tempo = 90", head="tempo = 174.5").sections[0].constraints.tempo_bpm == (90.0, 90.0)
    assert drop(head="tempo = [100, 120]").sections[0].constraints.tempo_bpm == (100.0, 120.0)


def test_a_density_of_some_parts_leaves_the_others_to_the_kind() -> None:
    default = default_constraints(SectionKind.DROP).density
    assert drop("density = { bass = 1 }").sections[0].constraints.density == Density(
        default.drums, 1.0, default.chords, default.lead
    )


def test_a_form_is_for_all_parts_or_for_those_that_are_named() -> None:
    whole = drop('form = "AABA"').sections[0].constraints
    some = drop('form = { drums = "A", bass = "ABAC" }').sections[0].constraints
    assert [whole.form_of(part) for part in PARTS] == ["AABA"] * 4
    assert [some.form_of(part) for part in PARTS] == ["A", "ABAC", None, None]


def test_wobble_rates_come_out_from_slow_to_fast_and_once_each() -> None:
    wobble = drop('wobble = { rates = ["1/16", "1/4", "1/16"] }').sections[0].constraints.wobble
    assert wobble.rates == ("1/4", "1/16")


def test_no_rates_is_no_wobble() -> None:
    assert drop("wobble = { rates = [] }").sections[0].constraints.wobble.rates == ()


@pytest.mark.parametrize("rate", RATES)
def test_every_rate_may_be_named(rate: str) -> None:
    assert drop(f'wobble = {{ rates = ["{rate}"] }}').sections[0].constraints.wobble.rates == (rate,)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_may_be_named(shape: str) -> None:
    assert drop(f'wobble = {{ shape = "{shape}" }}').sections[0].constraints.wobble.shape == shape


@pytest.mark.parametrize(
    "extra",
    ["tempo = 40", "tempo = 300", "tempo = [300, 40]", "density = 0", "density = 1", "wobble = { depth = 0 }",
     "wobble = { depth = 1 }", "form_bars = 1", "form_bars = 8", "temperature = 0.1", "temperature = 2"],
)  # fmt: skip
def test_the_ends_of_every_range_belong_to_it(extra: str) -> None:
    assert len(drop(extra).sections) == 1


@pytest.mark.parametrize("bars", [1, 128])
def test_the_shortest_and_the_longest_section(bars: int) -> None:
    assert parse_plan(f'[[section]]\nkind = "drop"\nbars = {bars}', "p").bars == bars


def test_a_style_may_be_a_mixture() -> None:
    assert drop(head="style = { dubstep = 4, classical = 1 }").style == {"dubstep": 0.8, "classical": 0.2}


def test_a_key_of_one_section_and_a_name() -> None:
    section = drop('key = "e phrygian"\nname = "The big one"').sections[0]
    assert (section.constraints.key, section.name) == ("E phrygian", "The big one")


def test_the_sub_bass_can_be_switched_off_and_the_seed_be_large() -> None:
    song = drop(head=f"sub = false\nseed = {MAX_SEED}")
    assert (song.sub, song.seed) == (False, MAX_SEED)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_with_or_without_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(NIGHT_BUS.replace("Night Bus", "夜行バス"), encoding=encoding)
    assert load_plan(path).title == "夜行バス"


def test_a_section_may_have_a_style_and_ranges_of_its_own() -> None:
    text = '[[section]]\nkind = "drop"\nbars = 8\nstyle = { dubstep = 3, trap = 1 }\nrange = { bass = ["A1", "A2"] }\n'
    section = parse_plan(text, "plan").sections[0]
    assert section.constraints.style == {"dubstep": 0.75, "trap": 0.25}
    assert section.constraints.pitch_range(Part.BASS) == (33, 45)
    assert section.constraints.pitch_range(Part.LEAD) == (55, 96)


def test_a_song_whose_plan_names_no_seed_has_the_one_that_is_given() -> None:
    text = '[[section]]\nkind = "drop"\nbars = 8'
    assert parse_plan(text, "plan", 5).seed == 5
    assert parse_plan(f"seed = 3\n{text}", "plan", 5).seed == 3


def test_harmony_quotations_and_passing_notes_of_a_section() -> None:
    asked = drop('chords = "i, bII7 | VI"\nchord_beats = 8\ntheme = "thinned"\npassing = true').sections[0].constraints
    assert (asked.chords, asked.chord_beats, asked.theme, asked.passing) == ("i bII7 VI", 8, "thinned", True)
    plain = drop().sections[0].constraints
    assert (plain.theme, plain.passing) == (None, None)


@pytest.mark.parametrize(
    ("says", "theme"),
    [("2", 2), ('"DROP 2"', 3), ('"Hook"', 2), ("false", -1), ("1", 1)],
)
def test_a_theme_is_named_by_number_or_name_or_switched_off(says: str, theme: int) -> None:
    drop_table = '[[section]]\nkind = "drop"\nbars = 4\n'
    middle = '[[section]]\nkind = "break"\nname = "Hook"\nbars = 4\n'
    text = f"theme = {says}\n{drop_table}{middle}{drop_table}"
    song = parse_plan(text, "plan.toml")
    assert [section.kind.value for section in song.sections] == ["drop", "break", "drop"]
    assert song.theme == theme
    assert song.theme == -1 or song.index_of(song.theme) is not None


@pytest.mark.parametrize("says", ["0", "4", "-1", "true", "1.0", '"DROP 3"', '""', "[1]", "1e99"])
def test_a_theme_that_is_no_section_is_told_which_there_are(says: str) -> None:
    with pytest.raises(UserError, match=r"theme: write the number of a section, 1-1, one of DROP, or false"):
        drop(head=f"theme = {says}")


def test_a_gap_before_a_drop_is_named_and_another_word_is_refused() -> None:
    drop = '[[section]]\nkind = "drop"\nbars = 4\n'
    assert parse_plan(drop, "p").sections[0].constraints.gap is None
    gaps = [parse_plan(f'{drop}gap = "{name}"', "p").sections[0].constraints.gap for name in GAPS]
    assert gaps == [0, 1, 2, 4]
    for wrong in ('"3 beats"', "2", "[]"):
        with pytest.raises(UserError, match="gap: write one of none, beat, two beats, bar"):
            parse_plan(f"{drop}gap = {wrong}", "p")


def test_the_length_of_chords_that_a_plan_asks_for_stays_where_they_are_drawn() -> None:
    section = '[[section]]\nkind = "drop"\nbars = 8\n'
    for seed in range(8):
        asked = parse_plan(f"{section}chord_beats = 16", "plan.toml", seed).sections[0].constraints
        assert (asked.chords is not None, asked.chord_beats) == (True, 16)


def test_a_seed_instead_of_the_plans_draws_the_same_chords_whatever_else_is_given() -> None:
    plans = [f'{seed}[[section]]\nkind = "drop"\nbars = 8\n' for seed in ("", "seed = 3\n")]
    for instead in range(8):
        songs = [parse_plan(text, "plan.toml", other, instead) for text in plans for other in range(8)]
        assert {song.seed for song in songs} == {instead}
        assert len({song.sections[0].constraints.chords for song in songs}) == 1


def test_patches_of_parts_are_read() -> None:
    text = 'patch = { bass = "metal", drums = "my-kit" }\n[[section]]\nkind = "drop"\nbars = 4\n'
    assert parse_plan(text, "plan.toml").patches == PartPatches(bass="metal", drums="my-kit")


@pytest.mark.parametrize(
    ("says", "message"),
    [
        ('"metal"', "plan.toml: patch: write a table such as"),
        ('{ guitar = "metal" }', "plan.toml: patch.guitar: unknown key: use drums, bass, chords, lead"),
        ('{ bass = "../metal" }', 'plan.toml: patch.bass: "../metal" cannot be a patch: use a-z'),
        ("{ bass = 5 }", "plan.toml: patch.bass: write a line of text in quotes"),
    ],
)
def test_a_patch_that_cannot_be_is_refused(says: str, message: str) -> None:
    with pytest.raises(UserError, match=re.escape(message)):
        parse_plan(f'patch = {says}\n[[section]]\nkind = "drop"\nbars = 4\n', "plan.toml")
