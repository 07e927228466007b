"""The feel of a bar of drums: where its loud snares fall, and which feel a style usually has."""

from model.features import BACKBEAT, HALF_TIME, OTHER_FEEL, bar_feels
from model.planning import choose_feel, collect_feels
from model.vocabulary import encode_phrase
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
