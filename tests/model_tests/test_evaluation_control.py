"""Every rule's check finds what breaks it, and an untrained network breaks none."""

from typing import Any

import msgspec
import numpy as np
import pytest

from model.evaluation.asking import asking_plans, asking_table, describe_takes, hear_levels
from model.evaluation.control import RULES, CellCheck, check_cell, control_plans, control_tables
from model.evaluation.generation import generate
from model.metrics.phrase_measures import PhraseVectors
from model.protocol import CellRef
from model.training.plans import LEVELS, random_song
from model.writing.fill import Filler
from song.notes import RATES, Note, Phrase, Wobble
from song.parts import PARTS, Part
from song.problems import find_problem
from song.sections import Constraints, Density, Section, SectionKind, Song, WobbleRange

BASS_NOTE = Note(0, 41, 96, 100)


def song(kind: SectionKind = SectionKind.DROP, bars: int = 2, **asked: Any) -> Song:
    constraints = Constraints(wobble=WobbleRange(("1/8",), 0.5, "sine"), **asked)
    return Song(key="F minor", sections=(Section(kind, bars, constraints), Section(SectionKind.DROP, 4)))


def broken(phrase: Phrase, part: Part = Part.BASS, made: Song | None = None) -> dict[str, int]:
    found = check_cell(made or song(), 0, part, phrase).broken
    assert found.keys() == RULES.keys()
    return {rule: count for rule, count in found.items() if count}


def bass(*notes: Note, wobbles: tuple[Wobble, ...] = ()) -> Phrase:
    return Phrase(2, notes, wobbles)


@pytest.mark.parametrize(
    ("phrase", "rule"),
    [
        (bass(Note(0, 42, 96, 100)), "scale"),
        (bass(Note(0, 29, 96, 100)), "range"),
        (bass(Note(0, 41, 96, 100), Note(0, 44, 96, 100)), "polyphony"),
        (bass(Note(0, 41, 96, 100), Note(48, 41, 96, 100)), "overlap"),
        (bass(Note(700, 41, 96, 100)), "bounds"),
        (bass(BASS_NOTE, wobbles=(Wobble(0, 48, "1/4", 0.5, "sine"),)), "rate"),
        (bass(BASS_NOTE, wobbles=(Wobble(0, 48, "1/8", 0.6, "sine"),)), "depth"),
        (bass(BASS_NOTE, wobbles=(Wobble(0, 48, "1/8", 0.5, "saw"),)), "shape"),
        (bass(BASS_NOTE, wobbles=(Wobble(96, 48, "1/8", 0.5, "sine"),)), "no note"),
    ],
)
def test_each_rule_is_seen_broken_once(phrase: Phrase, rule: str) -> None:
    assert broken(phrase) == {rule: 1}


def test_music_that_keeps_the_rules_breaks_none() -> None:
    assert broken(bass(BASS_NOTE, Note(96, 41, 96, 100), wobbles=(Wobble(0, 48, "1/8", 0.5, "sine"),))) == {}


def test_a_form_is_broken_by_each_bar_that_differs_from_its_letter() -> None:
    made = song(bars=4, form="AB", form_bars=1)
    kept = Phrase(4, tuple(Note(bar * 384, 41 + 3 * (bar % 2), 48, 100) for bar in range(4)))
    changed = msgspec.structs.replace(kept, notes=(*kept.notes[:3], Note(3 * 384, 46, 48, 100)))
    assert broken(kept, made=made) == {}
    assert broken(changed, made=made) == {"form": 1}


def test_a_build_stops_short_of_a_drop() -> None:
    late = Phrase(2, (Note(384 + 264, 36, 24, 100), Note(384 + 288, 36, 24, 100)))
    assert broken(late, Part.DRUMS, song(SectionKind.BUILD)) == {"gap": 1}
    assert broken(late, Part.DRUMS, song(SectionKind.BREAK)) == {}


@pytest.mark.parametrize(("onsets", "misses"), [(10, False), (12, False), (13, True), (0, True)])
def test_a_cell_misses_its_density_by_a_share_and_a_whole_onset(onsets: int, misses: bool) -> None:
    made = song(density=Density(bass=0.5))  # five onsets a bar
    phrase = bass(*(Note(24 * n, 41, 12, 100) for n in range(onsets)))
    assert check_cell(made, 0, Part.BASS, phrase).misses is misses


def test_random_plans_ask_for_everything_and_come_from_their_seed() -> None:
    songs = [random_song(seed) for seed in range(40)]
    sections = [section for one in songs for section in one.sections]
    assert random_song(3) == songs[3]
    assert {section.kind for section in sections} == set(SectionKind)
    assert {rate for section in sections for rate in section.constraints.wobble.rates} == set(RATES)
    assert {section.constraints.form is None for section in sections} == {True, False}
    assert {section.constraints.key is None for section in sections} == {True, False}
    assert {section.constraints.style is None for section in sections} == {True, False}
    assert {section.constraints.ranges.bass is None for section in sections} == {True, False}
    assert [find_problem(one) for one in songs] == [None] * len(songs)
    assert len({one.key for one in songs}) > 20
    assert len({section.bars for section in sections}) >= 6


def test_an_untrained_network_keeps_every_rule(tiny_filler: Filler) -> None:
    checks = []
    for plan in control_plans(2, seed=1):
        written = generate(tiny_filler, plan, 1, plan.seed)
        assert len(written) == len(plan.sections) * len(PARTS)
        checks += [check_cell(plan, cell.section, cell.part, takes[0]) for cell, takes in written.items()]
    assert sum(sum(check.broken.values()) for check in checks) == 0
    assert not any(check.misses for check in checks)
    density, rules, _ = control_tables(checks)
    assert density.rows[-1][:2] == ("all", 40)
    assert all(row[-1] == 0 for row in rules.rows)


def test_takes_are_the_wanted_cells_alone_and_the_same_for_one_seed(tiny_filler: Filler) -> None:
    plan = random_song(1)
    cells = [CellRef(index, Part.DRUMS) for index in range(len(plan.sections))]
    one, same, other = (generate(tiny_filler, plan, 1, seed, cells) for seed in (1, 1, 2))
    assert one.keys() == set(cells)
    assert all(len(takes) == 1 for takes in one.values())
    assert one == same != other


def test_songs_that_ask_differ_in_one_thing_alone() -> None:
    plans = {(asked, level): plan for asked, level, plan in asking_plans()}
    assert len(plans) == sum(map(len, LEVELS.values()))
    density = {plans["density", level].sections[0].constraints.density for level in LEVELS["density"]}
    assert {one.drums for one in density} == {float(level) for level in LEVELS["density"]}
    for asked, levels in LEVELS.items():
        some = [plans[asked, level] for level in levels]
        assert len({plan.key for plan in some}) == 1
        assert (len({repr(plan.style) for plan in some}) > 1) == (asked == "style")
        assert (len({plan.sections[0].kind for plan in some}) > 1) == (asked == "section kind")
        assert (len({plan.sections[0].constraints for plan in some}) > 1) == (asked == "density")


def test_a_density_is_heard_by_its_rhythm_and_a_style_that_changes_nothing_is_not() -> None:
    rng = np.random.default_rng(0)

    def drums(onsets: int) -> Phrase:
        ticks = [bar * 384 + 24 * int(step) for bar in range(4) for step in sorted(rng.choice(16, onsets, False))]
        return Phrase(4, tuple(Note(tick, 36, 12, 100) for tick in ticks))

    described: dict[tuple[str, str], list[PhraseVectors]] = {}
    for asked, level, plan in asking_plans():
        onsets = round(16 * float(level)) if asked == "density" else 8
        for seed in range(5):
            takes = {Part.DRUMS: [drums(onsets) for _ in range(6)]}
            described.setdefault((asked, level), []).extend(describe_takes(plan, takes, str(seed)))
    heard = hear_levels(described, 0)
    assert heard.keys() == {(asked, Part.DRUMS) for asked in LEVELS}
    assert heard["density", Part.DRUMS].accuracy > 0.9
    assert heard["style", Part.DRUMS].accuracy < 0.4
    row = asking_table(heard).rows[0]
    assert row[:2] == ("density", "0.25, 0.5, 0.75")
    assert row[4:] == (None, None, None)


def test_the_tables_hold_the_worst_cell() -> None:
    check = CellCheck(Part.BASS, SectionKind.DROP, 4, 4.0, 6.0, 1, 0.5, 0.25, True, dict.fromkeys(RULES, 1))
    density, rules, depth = control_tables([check, msgspec.structs.replace(check, given=4.0)])
    assert density.rows[-1] == ("all", 2, 25.0, 47.5, 2.0, 1, 1)
    assert {row[-1] for row in rules.rows} == {2}
    assert depth.rows == (("depth over 0.25 to 0.5", 2, 2, 0.5, 0.5),)
