"""The feel and the kicks that a style usually has, counted in music and chosen from the counts."""

import numpy as np

from model.language.conditions import BACKBEAT, HALF_TIME, OTHER_FEEL
from model.writing.drum_feel import choose_feel, choose_kicks, collect_feels, collect_kicks, join_counts
from song.sections import SectionKind


def test_the_usual_feel_of_a_style_is_chosen_and_none_where_there_is_none() -> None:
    feels = collect_feels(
        [
            ({"dubstep": 1.0}, SectionKind.DROP, [HALF_TIME] * 9 + [OTHER_FEEL]),
            ({"house": 1.0}, SectionKind.DROP, [BACKBEAT] * 10),
            ({"dubstep": 0.5, "trap": 0.5}, SectionKind.BREAK, [OTHER_FEEL] * 20),
            ({"funk": 1.0}, SectionKind.DROP, [BACKBEAT] * 3),
            ({"rock": 1.0}, SectionKind.DROP, [HALF_TIME] * 8),
            ({"rock": 1.0}, None, [BACKBEAT] * 400),
        ]
    )
    assert feels["dubstep drop"] == (9.0, 0.0, 1.0)
    assert feels["trap break"] == (0.0, 0.0, 10.0)
    assert choose_feel(feels, {"dubstep": 1.0}, SectionKind.DROP) == HALF_TIME
    assert choose_feel(feels, {"dubstep": 0.3, "house": 0.7}, SectionKind.DROP) == BACKBEAT
    assert choose_feel(feels, {"dubstep": 1.0}, SectionKind.BREAK) == 0
    assert choose_feel(feels, {"funk": 1.0}, SectionKind.DROP) == 0
    assert choose_feel(feels, {"rock": 1.0}, SectionKind.DROP) == BACKBEAT
    assert choose_feel(feels, {"jazz": 1.0}, SectionKind.OUTRO) == 0


def test_kicks_are_held_where_music_of_the_style_and_section_has_them() -> None:
    four, first, none = np.ones((1, 4), bool), np.eye(1, 4, dtype=bool), np.zeros((1, 4), bool)

    def bars(**counts: int) -> np.ndarray:
        named = {"four": four, "first": first, "none": none}
        return np.concatenate([four[:0], *(named[name].repeat(count, axis=0) for name, count in counts.items())])

    kicks = collect_kicks(
        [
            ({"house": 1.0}, SectionKind.DROP, bars(four=8, none=2)),
            ({"house": 1.0}, SectionKind.BREAK, bars(none=10)),
            ({"house": 1.0}, None, bars(four=60, none=40)),
            ({"latin": 0.5, "funk": 0.5}, SectionKind.DROP, bars(four=20)),
            ({"latin": 1.0}, None, bars(four=20, first=75, none=5)),
            ({"dubstep": 1.0}, SectionKind.DROP, bars(first=95, none=5)),
            ({"dubstep": 1.0}, SectionKind.BREAK, bars(first=40, none=5)),
            ({"dubstep": 1.0}, None, bars(four=100, none=300)),
            ({"trap": 1.0}, SectionKind.BUILD, bars(four=30)),
            ({"trap": 1.0}, SectionKind.BREAK, bars()),
            ({"rock": 1.0}, SectionKind.BREAK, bars(none=1)),
            ({"rock": 1.0}, None, bars(first=90)),
        ]
    )
    assert kicks["house drop"] == (8.0, 8.0, 8.0, 8.0, 8.0, 10.0)
    assert kicks["funk drop"] == (10.0,) * 6
    assert kicks["latin"] == (95.0, 20.0, 20.0, 20.0, 20.0, 100.0)
    assert choose_kicks(kicks, {"house": 1.0}, SectionKind.DROP) == (0, 1, 2, 3)
    assert choose_kicks(kicks, {"house": 0.9, "trap": 0.1}, SectionKind.DROP) == (0, 1, 2, 3)
    assert choose_kicks(kicks, {"house": 1.0}, SectionKind.OUTRO) == (0, 1, 2, 3)
    assert choose_kicks(kicks, {"house": 1.0}, SectionKind.BREAK) == ()
    assert choose_kicks(kicks, {"house": 0.5, "dubstep": 0.5}, SectionKind.DROP) == ()
    assert choose_kicks(kicks, {"latin": 1.0}, SectionKind.DROP) == (0,)
    assert choose_kicks(kicks, {"dubstep": 1.0}, SectionKind.DROP) == (0,)
    assert choose_kicks(kicks, {"dubstep": 1.0}, SectionKind.BREAK) == ()
    assert choose_kicks(kicks, {"trap": 1.0}, SectionKind.BUILD) == ()
    assert "trap break" not in kicks
    assert choose_kicks(kicks, {"rock": 1.0}, SectionKind.DROP) == (0,)
    assert choose_kicks(kicks, {"rock": 1.0}, SectionKind.BREAK) == ()
    assert choose_kicks(kicks, {"house": 1.0}, None) == (0, 1, 2, 3)
    assert choose_kicks(kicks, {}, SectionKind.DROP) == ()


def test_counts_of_a_few_bars_do_not_replace_those_of_before() -> None:
    before = {"house break": (0.0, 0.0, 0.0, 0.0, 0.0, 20.0), "house drop": (9.0, 9.0, 9.0, 9.0, 9.0, 10.0)}
    found = {"house break": (1.0, 1.0, 1.0, 1.0, 1.0, 1.0), "house drop": (6.0, 0.0, 0.0, 0.0, 0.0, 6.0)}
    assert join_counts(before, found, max) == {**before, "house drop": found["house drop"]}
    assert join_counts({}, {"dubstep drop": (2.0, 1.0, 2.0)}, sum) == {"dubstep drop": (2.0, 1.0, 2.0)}
