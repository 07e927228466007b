"""The feel of a bar of drums, by where its loud snares fall, and the beats that have a kick."""

from model.language.conditions import BACKBEAT, HALF_TIME, OTHER_FEEL, bar_feels, bar_kicks
from model.language.events import encode_phrase
from song.notes import Note, Phrase
from song.parts import Part


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


def test_the_kicks_of_a_bar_are_those_on_its_beats() -> None:
    def kicks(*hits: tuple[int, int]) -> list[int]:
        phrase = Phrase(1, tuple(Note(tick, drum, 24, 100) for tick, drum in hits))
        return bar_kicks(encode_phrase(Part.DRUMS, phrase, 0), 1)[0].nonzero()[0].tolist()

    assert kicks((0, 36), (100, 36), (100, 38), (192, 36), (284, 36)) == [0, 1, 2, 3]
    assert kicks((0, 36), (96, 36), (192, 42), (288, 38)) == [0, 1]
    assert kicks((48, 36), (264, 36)) == []
