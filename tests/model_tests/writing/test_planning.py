"""Onsets a bar are shared out in whole numbers; forms become repeats."""

from collections import Counter
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.language.conditions import LABELS, NEW, SAME_LABELS
from model.language.events import POSITIONS
from model.writing.planning import MOST_FORMS, BarRow, collect_forms, plan_cell, read_row, share_out
from song.forms import letter_bars, model_bars, turn_bars
from song.parts import PARTS, Part
from song.sections import Constraints, Density, PartForms, Section, SectionKind


def plan(section: Section, part: Part = Part.DRUMS, gap_beats: int = 0, seed: int = 0):
    return plan_cell(section, part, gap_beats, {}, np.random.default_rng(seed))


@given(
    st.integers(1, 40),
    st.floats(0, 1),
    st.sampled_from(SectionKind),
    st.sampled_from(PARTS),
    st.one_of(st.none(), st.text("ABCD", min_size=1, max_size=6)),
    st.integers(1, 4),
    st.integers(0, 2),
)
def test_achieved_onsets_lie_within_15_percent_or_one(
    bars: int, density: float, kind: SectionKind, part: Part, form: str | None, form_bars: int, gap_beats: int
) -> None:
    constraints = Constraints(density=Density(density, density, density, density), form=form, form_bars=form_bars)
    cell = plan(Section(kind, bars, constraints), part, gap_beats)
    asked = constraints.requested_onsets(part)
    assert len(cell.quotas) == len(cell.labels) == len(cell.copies) == len(cell.limits) == bars
    assert abs(sum(cell.quotas) / bars - asked) <= max(0.15 * asked, 1) + 1e-9


@given(st.floats(0, 12), st.integers(1, 32))
def test_free_bars_meet_the_total_to_half_an_onset(asked: float, bars: int) -> None:
    quotas = share_out(asked * bars, list(range(bars)), [1.0] * bars, [POSITIONS] * bars)
    assert abs(sum(quotas) - asked * bars) <= 0.5 + 1e-9
    assert max(quotas) - min(quotas) <= 1


def test_bars_of_one_letter_repeat_and_have_the_same_count() -> None:
    constraints = Constraints(form="ABAC", form_bars=2, density=Density(drums=0.43))
    cell = plan(Section(SectionKind.DROP, 16, constraints))
    assert cell.copies == (0, 0, 0, 0, 4, 4, 0, 0, 4, 4, 8, 8, 4, 4, 8, 0)
    for bar, lag in enumerate(cell.copies):
        assert cell.quotas[bar] == cell.quotas[bar - lag]


letters, units = st.text("ABCD", min_size=1, max_size=6), st.integers(1, 8)


@given(letters, units, st.integers(1, 40))
def test_what_is_no_turn_copies_the_bars_of_its_letter_and_a_turn_nothing(form: str, unit: int, bars: int) -> None:
    cell = plan(Section(SectionKind.DROP, bars, Constraints(form=form, form_bars=unit)))
    models, turns = model_bars(form, unit, bars), turn_bars(bars)
    places = [(form[bar // unit % len(form)], bar % unit) for bar in range(bars)]
    for bar, lag in enumerate(cell.copies):
        assert (lag > 0) == (models[bar] != bar and bar not in turns)
        assert models[bar - lag] == models[bar]
        assert not lag or bar - lag not in turns
        assert (cell.labels[bar] == NEW) == (places.index(places[bar]) == bar)
        if bar in turns and places.index(places[bar]) != bar:
            assert cell.labels[bar] == 0


def test_a_part_is_planned_by_the_form_that_it_is_asked_for() -> None:
    constraints = Constraints(form="A", form_bars=1, forms=PartForms(bass="AB", lead=""))
    section = Section(SectionKind.DROP, 8, constraints)
    copied = {part: plan(section, part).copies for part in PARTS}
    assert copied[Part.DRUMS] == copied[Part.CHORDS] == (0, *[1] * 6, 0)
    assert copied[Part.BASS] == (0, 0, *[2] * 5, 0)
    assert copied[Part.LEAD] == (0,) * 8


def test_a_turn_gets_its_onsets_from_the_row_that_is_drawn() -> None:
    row = {"drums drop": ("11111111 4,4,4,4,4,4,4,8",)}
    section = Section(SectionKind.DROP, 16, Constraints(form="A", density=Density(drums=0.4)))
    cell = plan_cell(section, Part.DRUMS, 0, row, np.random.default_rng(0))
    assert cell.quotas[7] == pytest.approx(2 * cell.quotas[6], abs=1)
    assert cell.quotas[15] == pytest.approx(2 * cell.quotas[14], abs=1)


@given(letters, units, st.integers(1, 32), st.floats(0, 1), st.randoms(use_true_random=False))
def test_around_kept_letters_the_others_are_copied(
    form: str, unit: int, bars: int, density: float, random: Random
) -> None:
    constraints = Constraints(form=form, form_bars=unit, density=Density(bass=density))
    held = letter_bars(form, unit, bars)
    asked = constraints.requested_onsets(Part.BASS)
    kept = {bar: round(asked) for letter in held if random.random() < 0.5 for bar in held[letter]}
    section = Section(SectionKind.DROP, bars, constraints)
    cell = plan_cell(section, Part.BASS, 0, {}, np.random.default_rng(0), kept)
    whole = plan(section, Part.BASS)
    assert cell.labels == whole.labels
    assert cell.copies == tuple(0 if bar in kept else lag for bar, lag in enumerate(whole.copies))
    for bar, lag in enumerate(cell.copies):
        assert cell.quotas[bar] == cell.quotas[bar - lag]
    assert abs(sum(cell.quotas) / bars - asked) <= max(0.15 * asked, 1) + 1e-9


def test_a_bar_that_repeats_a_kept_one_has_its_onsets() -> None:
    section = Section(SectionKind.DROP, 5, Constraints(form="A", form_bars=1, density=Density(drums=0.4)))
    cell = plan_cell(section, Part.DRUMS, 0, {}, np.random.default_rng(0), {0: 9})
    assert cell.copies == (0, 1, 1, 1, 0)
    assert cell.quotas[:4] == (9,) * 4


def test_around_kept_bars_a_last_bar_of_silence_gets_nothing() -> None:
    section = Section(SectionKind.BREAK, 4)
    kept = dict.fromkeys(range(3), 2)
    assert plan_cell(section, Part.BASS, 4, {}, np.random.default_rng(0), kept).quotas == (2, 2, 2, 0)


def test_a_build_grows_and_stops_short_of_the_drop() -> None:
    section = Section(SectionKind.BUILD, 8, Constraints(density=Density(drums=0.7)))
    cell = plan(section, Part.DRUMS, gap_beats=1)
    assert sum(cell.quotas[4:]) > 1.5 * sum(cell.quotas[:4])
    assert cell.limits == (POSITIONS,) * 7 + (POSITIONS * 3 // 4,)
    assert plan(section, Part.DRUMS).limits[-1] == POSITIONS
    assert plan(section, Part.BASS, gap_beats=2).limits[-1] == POSITIONS // 2


@pytest.mark.parametrize("part", PARTS)
def test_a_bar_of_silence_leaves_the_onsets_to_the_others(part: Part) -> None:
    section = Section(SectionKind.BREAK, 4, Constraints(density=Density(0.3, 0.3, 0.3, 0.3)))
    cell = plan(section, part, gap_beats=4)
    assert cell.quotas[-1] == cell.limits[-1] == 0
    assert sum(cell.quotas) == pytest.approx(4 * section.constraints.requested_onsets(part), abs=0.5)
    assert plan(Section(SectionKind.BREAK, 1, section.constraints), part, gap_beats=4).quotas == (0,)


def test_silence_is_silence() -> None:
    section = Section(SectionKind.BREAK, 8, Constraints(density=Density(0, 0, 0, 0)))
    assert plan(section).quotas == (0,) * 8


def test_corpus_forms_are_used_and_chosen_by_seed() -> None:
    same = str(SAME_LABELS[1])
    forms = {"drums drop": ("1" + same * 7, "1" * 8)}
    rows = {
        plan_cell(Section(SectionKind.DROP, 8), Part.DRUMS, 0, forms, np.random.default_rng(s)).labels
        for s in range(20)
    }
    assert rows == {(1, *[SAME_LABELS[1]] * 7), (1,) * 8}


def test_forms_are_collected_by_part_kind_and_style_each_sort_by_its_share() -> None:
    drop = SectionKind.DROP
    rows = [(Part.BASS, drop, {"dubstep": 1.0}, [1, 2], [4, 3])] * 30
    rows += [(Part.BASS, drop, {"house": 1.0}, [1, 1], [0, 12])] * 10
    rows += [(Part.BASS, None, {"house": 1.0}, [1, 7], [1, 1])] * 5
    forms = collect_forms(rows, most=4)
    assert forms["bass drop"] == ("11 0,12", "12 4,3", "12 4,3", "12 4,3")
    assert forms["bass drop dubstep"] == ("12 4,3",) * 4
    assert forms["bass drop house"] == ("11 0,12",) * 4
    assert set(forms) == {"bass", "bass drop", "bass drop dubstep", "bass drop house"}
    assert collect_forms(rows[:3]) == {"bass": ("12 4,3",) * 3, "bass drop": ("12 4,3",) * 3}
    assert len(LABELS) <= 10


def test_a_row_is_read_in_shares_of_its_mean() -> None:
    assert read_row("1234 2,0,4,2") == BarRow((1, 2, 3, 4), (1.0, 0.0, 2.0, 1.0), 2.0)
    assert read_row("1234").shares == (1.0,) * 4, "of earlier weights"
    assert read_row("12 1,2,3").shares == read_row("12 0,0").shares == (1.0, 1.0)


def test_bars_get_onsets_in_the_proportions_of_the_row_that_is_drawn() -> None:
    row = {"bass drop": ("1111 1,2,0,5",)}
    constraints = Constraints(density=Density(bass=0.4))
    section = Section(SectionKind.DROP, 8, constraints)
    cell = plan_cell(section, Part.BASS, 0, row, np.random.default_rng(0))
    asked = constraints.requested_onsets(Part.BASS)
    assert sum(cell.quotas) == pytest.approx(8 * asked, abs=0.5)
    for first, second in zip(cell.quotas[:4], cell.quotas[4:], strict=True):
        assert abs(first - second) <= 1
    assert cell.quotas[2] == cell.quotas[6] == 0
    assert cell.quotas[3] > 2 * cell.quotas[0]


def test_bars_of_as_many_onsets_keep_as_many_where_the_total_bears_it() -> None:
    row = {"drums": ("11111111 4,4,8,4,4,7,8,0",)}
    constraints = Constraints(density=Density(drums=0.42))
    asked = constraints.requested_onsets(Part.DRUMS)
    cell = plan_cell(Section(SectionKind.DROP, 16, constraints), Part.DRUMS, 0, row, np.random.default_rng(0))
    fours, eights = {cell.quotas[bar] for bar in (0, 1, 3, 4)}, {cell.quotas[bar] for bar in (2, 6)}
    assert len(fours) == len(eights) == 1
    assert cell.quotas[7] == 0
    assert sum(cell.quotas) == pytest.approx(16 * asked, rel=0.05)


def test_a_bar_that_has_anothers_rhythm_has_its_onsets_and_follows_it() -> None:
    row = {"bass": ("11616616 3,5,3,2,5,2,1,5",)}
    cell = plan_cell(
        Section(SectionKind.DROP, 8, Constraints(density=Density(bass=0.35))), Part.BASS, 0, row,
        np.random.default_rng(0),
    )  # fmt: skip
    assert cell.follows == (0, 0, 2, 0, 0, 2, 0, 0), "as the row's own counts say, the nearest first"
    assert cell.quotas[2] == cell.quotas[0]
    assert cell.quotas[5] == cell.quotas[3]


def test_rows_are_drawn_from_those_near_the_density_that_is_asked_for() -> None:
    sparse, full = "11111111 1,1,1,1,1,1,1,2", "11111111 9,9,9,9,9,9,9,7"
    forms = {"lead": (sparse,) * 40 + (full,) * 40}
    calm = Section(SectionKind.BREAK, 8, Constraints(density=Density(lead=0.1)))
    for seed in range(10):
        quotas = plan_cell(calm, Part.LEAD, 0, forms, np.random.default_rng(seed)).quotas
        assert quotas[7] >= quotas[0]


def test_a_row_gets_evener_where_its_fullest_bars_could_not_hold_their_share() -> None:
    row = {"lead": ("11111111 0,0,0,0,0,0,0,9",)}
    constraints = Constraints(density=Density(lead=1.0))
    cell = plan_cell(Section(SectionKind.DROP, 8, constraints), Part.LEAD, 0, row, np.random.default_rng(0))
    assert sum(cell.quotas) == pytest.approx(8 * constraints.requested_onsets(Part.LEAD), rel=0.04)
    assert cell.quotas[7] == max(cell.quotas) > min(cell.quotas) > 0


def forms_of_seeds(forms: dict[str, tuple[str, ...]], style: dict[str, float], seeds: int) -> Counter[str]:
    """The forms in which so many seeds write a drop of two bars of bass, counted."""
    section = Section(SectionKind.DROP, 2)
    plans = (plan_cell(section, Part.BASS, 0, forms, np.random.default_rng(seed), None, style) for seed in range(seeds))
    return Counter("".join(str(label) for label in plan.labels) for plan in plans)


def test_a_mixture_of_styles_takes_its_form_from_one_of_them() -> None:
    forms = {
        "bass drop dubstep": ("12",) * MOST_FORMS,
        "bass drop house": ("13",) * MOST_FORMS,
        "bass drop": ("14",) * MOST_FORMS,
    }
    assert set(forms_of_seeds(forms, {"dubstep": 1.0}, 30)) == {"12"}
    assert set(forms_of_seeds(forms, {"dubstep": 0.5, "house": 0.5}, 30)) == {"12", "13"}
    assert set(forms_of_seeds(forms, {"jazz": 1.0}, 30)) == {"14"}


def test_where_forms_of_a_style_are_few_those_of_all_styles_and_sections_join_in() -> None:
    forms = {"bass drop dubstep": ("12",) * 16, "bass drop": ("13",) * 16, "bass": ("14",) * 4}
    found = forms_of_seeds(forms, {"dubstep": 1.0}, 400)
    assert found["12"] == pytest.approx(200, abs=40)
    assert found["13"] == pytest.approx(100, abs=35)
    assert found["14"] == pytest.approx(100, abs=35)
    assert set(forms_of_seeds({"bass drop dubstep": ("12",)}, {"dubstep": 1.0}, 20)) == {"12"}


@pytest.mark.parametrize("bars", [1, 3, 7])
def test_any_length_can_be_planned(bars: int) -> None:
    assert len(plan(Section(SectionKind.BUILD, bars), gap_beats=1).quotas) == bars
