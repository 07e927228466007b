"""The feel of a bar of drums: where its loud snares fall, and which feel a style usually has."""

import numpy as np

from model.language.conditions import BACKBEAT, HALF_TIME, OTHER_FEEL, bar_feels, bar_kicks
from model.language.events import encode_phrase
from model.writing.drum_feel import choose_feel, choose_kicks, collect_feels, collect_kicks, join_counts
from song.notes import Note, Phrase
from song.parts import Part
from song.sections import SectionKind


def feel(*hits: tuple[int, int, int]) -> int:
    """The feel of one bar of (tick, drum, velocity)."""
    phrase = Phrase(1, tuple(sorted(Note(tick, drum, 24, velocity) for tick, drum, velocity in hits)))
    return int(bar_feels(encode_phrase(Part.DRUMS, phrase, 0), 1)[0])


def test_a_snare_on_three_alone_is_half_time_and_ghost_notes_do_not_count() -> None:
    assert feel((0, 36, 100), (192, 38, 110)) == HALF_TIME
    assert feel((192, 39, 110), (96, 38, 30), (288, 38, 40)) == HALF_TIME
    assert feel((196, 38, 110)) == HALF_TIME


def test_a_snare_on_two_and_four_is_a_backbeat() -> None:
    assert feel((96, 38, 110), (288, 38, 110)) == BACKBEAT
    assert feel((96, 38, 110), (192, 38, 110), (288, 40, 110)) == BACKBEAT


def test_anything_else_is_neither() -> None:
    assert feel((0, 36, 100)) == OTHER_FEEL
    assert feel((96, 38, 110), (192, 38, 110)) == OTHER_FEEL
    assert feel((192, 42, 110)) == OTHER_FEEL


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


def test_the_kicks_of_a_bar_are_those_on_its_beats() -> None:
    def kicks(*hits: tuple[int, int]) -> list[int]:
        phrase = Phrase(1, tuple(Note(tick, drum, 24, 100) for tick, drum in hits))
        return bar_kicks(encode_phrase(Part.DRUMS, phrase, 0), 1)[0].nonzero()[0].tolist()

    assert kicks((0, 36), (100, 36), (100, 38), (192, 36), (284, 36)) == [0, 1, 2, 3]
    assert kicks((0, 36), (96, 36), (192, 42), (288, 38)) == [0, 1]
    assert kicks((48, 36), (264, 36)) == []


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
