"""The table of constraints: how each field steps, where it stops, and what it shows."""

import pytest

from song.edits.constraints import set_constraints, set_part_form
from song.errors import UserError
from song.parts import Part
from song.progressions import progression_choices
from song.scales import parse_key
from song.sections import Density, SectionKind, Song
from song.theme import QUOTES, USUAL_QUOTES
from tests.tui_tests.example_songs import drop_and_build
from tui.fields import FIELD_IDS, FIELDS, KEYS, RATE_PRESETS, field, mean_density, next_of, shown_fields, shown_text

DROP = 0


@pytest.fixture
def song() -> Song:
    return drop_and_build()


@pytest.mark.parametrize("field_id", [field_id for field_id in FIELD_IDS if field_id != "share"])
def test_a_step_up_changes_what_is_shown_and_a_step_down_takes_it_back(song: Song, field_id: str) -> None:
    one = field(field_id)
    raised = one.step(song, DROP, 1)
    assert shown_text(raised, DROP, one) != shown_text(song, DROP, one)
    assert shown_text(one.step(raised, DROP, -1), DROP, one) == shown_text(song, DROP, one)
    assert raised.sections[1] is song.sections[1]


@pytest.mark.parametrize("field_id", ["bars", "tempo", "ramp", "density", "drums", "bass", "chords", "lead", "depth"])
@pytest.mark.parametrize("direction", [-1000, 1000])
def test_a_number_stops_at_the_end_of_its_range(song: Song, field_id: str, direction: int) -> None:
    one = field(field_id)
    stopped = one.step(song, DROP, direction)
    assert one.step(stopped, DROP, 1 if direction > 0 else -1) == stopped


def test_a_steady_tempo_moves_whole_and_a_ramp_by_its_ends(song: Song) -> None:
    faster = field("tempo").step(song, DROP, 10)
    assert faster.sections[DROP].constraints.tempo_bpm == (150, 150)
    ramp = field("ramp").step(faster, DROP, 5)
    assert ramp.sections[DROP].constraints.tempo_bpm == (150, 155)
    assert field("tempo").step(ramp, DROP, -1).sections[DROP].constraints.tempo_bpm == (149, 155)
    assert field("ramp").text(faster.sections[DROP]) == "steady"
    assert field("ramp").text(ramp.sections[DROP]) == "155 BPM"


def test_rates_and_keys_go_round(song: Song) -> None:
    assert field("wobble").step(song, DROP, len(RATE_PRESETS)) == song
    once_round = field("key").step(song, DROP, len(KEYS))
    assert once_round.sections[DROP].constraints.key is None


def test_rates_that_are_no_preset_step_to_one(song: Song) -> None:
    assert song.sections[1].constraints.wobble.rates == ()
    after = field("wobble").step(song, 1, 1)
    assert after.sections[1].constraints.wobble.rates == RATE_PRESETS[1]


def test_the_overall_density_is_the_mean_of_what_plays(song: Song) -> None:
    mixed = set_constraints(song, 1, density=Density(0.6, 0.0, 0.45, 0.4))
    assert mean_density(mixed.sections[1]) == pytest.approx((0.6 + 0.45 + 0.4) / 3)
    silent = set_constraints(song, 1, density=Density(0, 0, 0, 0))
    assert mean_density(silent.sections[1]) == 0


def test_a_group_is_walked_from_its_first() -> None:
    assert next_of(("tempo", "ramp"), "bars") == "tempo"
    assert next_of(("tempo", "ramp"), "tempo") == "ramp"
    assert next_of(("tempo", "ramp"), "ramp") == "tempo"


def test_of_the_parts_forms_only_those_are_shown_that_are_set_or_selected_or_chosen(song: Song) -> None:
    def forms(made: Song, part: Part, chosen: str = "bars") -> list[str]:
        return [one.id for one in shown_fields(made.sections[DROP], part, chosen) if one.id.endswith("-form")]

    assert forms(song, Part.BASS) == ["bass-form"]
    assert forms(song, Part.BASS, "lead-form") == ["bass-form", "lead-form"]
    assert forms(set_part_form(song, DROP, Part.DRUMS, ""), Part.BASS) == ["drums-form", "bass-form"]
    assert len(shown_fields(song.sections[DROP], Part.BASS, "bars")) == len(FIELDS) - 3


def test_ids_are_unique() -> None:
    assert len(set(FIELD_IDS)) == len(FIELDS)


def test_the_share_of_a_second_style_moves_and_needs_one(song: Song) -> None:
    with pytest.raises(UserError, match="no second style"):
        field("share").step(song, DROP, 1)
    mixed = field("share").step(field("second").step(song, DROP, 1), DROP, 2)
    assert mixed.sections[DROP].constraints.style == pytest.approx({"dubstep": 0.7, "riddim": 0.3})
    assert field("share").step(mixed, DROP, 99).sections[DROP].constraints.style == pytest.approx(
        {"dubstep": 0.05, "riddim": 0.95}
    )
    assert field("style").step(mixed, DROP, 3).sections[DROP].constraints.style == pytest.approx(
        {"drum & bass": 0.7, "riddim": 0.3}
    )


def test_a_progression_steps_through_those_of_the_style_and_back_to_free(song: Song) -> None:
    one, key = field("progression"), parse_key(song.key_of(DROP))
    choices = progression_choices(SectionKind.DROP, key, song.style_of(DROP))
    shown = [one.text(one.step(song, DROP, steps).sections[DROP]) for steps in range(len(choices) + 2)]
    assert shown == ["free", *choices, "free"]
    own = set_constraints(song, DROP, chords="i bII7")
    assert one.text(one.step(own, DROP, 1).sections[DROP]) in ("free", *choices), (
        "one of one's own steps to one of them"
    )


def test_a_chord_stops_at_half_a_bar_and_at_four(song: Song) -> None:
    one = field("chord-length")
    assert one.text(one.step(song, DROP, -99).sections[DROP]) == "2 beats"
    assert one.text(one.step(song, DROP, 99).sections[DROP]) == "4 bars"


def test_ways_to_quote_start_from_what_the_kind_does(song: Song) -> None:
    one = field("theme")
    assert [one.text(section) for section in song.sections] == [USUAL_QUOTES[one.kind] for one in song.sections]
    other = next(index for index, section in enumerate(song.sections) if section.kind is not SectionKind.DROP)
    shown = {one.text(one.step(song, other, steps).sections[other]) for steps in range(len(QUOTES) + 1)}
    assert shown == set(QUOTES)


def test_a_progression_goes_round_and_its_chords_have_a_length(song: Song) -> None:
    progression, length = field("progression"), field("chord-length")
    assert progression.text(song.sections[DROP]) == "free"
    drawn = progression.step(song, DROP, 1)
    assert drawn.sections[DROP].constraints.chords in progression_choices(
        song.sections[DROP].kind, parse_key(song.key), song.style
    )
    assert progression.step(drawn, DROP, -1) == song
    texts = [length.text(length.step(drawn, DROP, steps).sections[DROP]) for steps in (-9, 0, 1, 9)]
    assert texts == ["2 beats", "1 bar", "2 bars", "4 bars"]


def test_a_theme_steps_through_the_ways_to_quote_and_comes_here(song: Song) -> None:
    theme = field("theme")
    assert (shown_text(song, DROP, theme), shown_text(song, 1, theme)) == ("here", "whole, of DROP")
    shown = []
    for _ in range(4):
        song = theme.step(song, 1, 1)
        shown.append(shown_text(song, 1, theme))
    assert shown == ["thinned, of DROP", "slow, of DROP", "here", "slow, of DROP"]
    off = theme.step(song, DROP, 1)
    assert [shown_text(off, index, theme) for index in (DROP, 1)] == ["off", "off"]
    assert shown_text(theme.step(off, 1, 1), DROP, theme) == "here"
