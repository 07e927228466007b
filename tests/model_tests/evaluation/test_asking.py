"""Songs that ask for one thing each, and the classifier that listens for it."""

import numpy as np

from model.evaluation.asking import asking_plans, asking_table, describe_takes, hear_levels
from model.metrics.phrase_measures import PhraseVectors
from model.training.plans import LEVELS
from song.notes import Note, Phrase
from song.parts import Part


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
