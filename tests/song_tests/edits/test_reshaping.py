import pytest

from song.edits.reshaping import at_other_speed, legato, mirrored, with_depth, with_next_shape
from song.errors import UserError
from song.notes import SHAPES, Note, Phrase, Wobble
from song.parts import Part
from song.time import TICKS_PER_BAR

NOTES = (Note(0, 60, 24, 90), Note(96, 64, 48, 90), Note(192, 67, 24, 90))
PHRASE = Phrase(2, (*NOTES, Note(TICKS_PER_BAR + 48, 72, 24, 90)))


def places(phrase: Phrase) -> list[tuple[int, int, int]]:
    return [(note.onset_tick, note.pitch, note.duration_ticks) for note in phrase.notes]


def test_legato_holds_notes_until_the_next_and_the_last_to_its_bar() -> None:
    assert places(legato(PHRASE, PHRASE.notes)) == [(0, 60, 96), (96, 64, 96), (192, 67, 240), (432, 72, 336)]
    assert places(legato(PHRASE, NOTES[:1]))[1:] == places(PHRASE)[1:]


def test_mirrored_bars_run_from_back_to_front_and_back_again() -> None:
    turned = mirrored(PHRASE, Part.LEAD, NOTES, 0, TICKS_PER_BAR)
    assert places(turned)[:3] == [(168, 67, 24), (240, 64, 48), (360, 60, 24)]
    again = mirrored(turned, Part.LEAD, turned.notes[:3], 0, TICKS_PER_BAR)
    assert again == PHRASE


def test_a_mirrored_drum_hit_stays_on_the_grid_whatever_its_length() -> None:
    hits = Phrase(1, (Note(0, 36, 7, 90), Note(96, 38, 11, 90)))
    turned = mirrored(hits, Part.DRUMS, hits.notes, 0, TICKS_PER_BAR)
    assert [note.onset_tick for note in turned.notes] == [264, 360]


def test_twice_as_fast_is_heard_twice() -> None:
    quick = at_other_speed(PHRASE, NOTES, 0, TICKS_PER_BAR, faster=True)
    assert places(quick)[:6] == [(0, 60, 12), (48, 64, 24), (96, 67, 12), (192, 60, 12), (240, 64, 24), (288, 67, 12)]
    assert quick.notes[-1] == PHRASE.notes[-1]


def test_half_as_fast_is_the_first_half() -> None:
    slow = at_other_speed(PHRASE, NOTES, 0, TICKS_PER_BAR, faster=False)
    assert places(slow)[:2] == [(0, 60, 48), (192, 64, 96)]
    assert len(slow.notes) == 3


def test_notes_of_one_tick_go_no_faster() -> None:
    phrase = Phrase(1, (Note(0, 60, 1, 90),))
    with pytest.raises(UserError, match="no faster"):
        at_other_speed(phrase, phrase.notes, 0, TICKS_PER_BAR, faster=True)


def test_depth_and_shape_change_where_they_are_asked_to() -> None:
    phrase = Phrase(2, (), (Wobble(0, 2 * TICKS_PER_BAR, "1/8", 0.5, SHAPES[0]),))
    deeper = with_depth(phrase, 0, TICKS_PER_BAR, 0.2)
    assert [(one.onset_tick, one.depth) for one in deeper.wobbles] == [(0, 0.7), (TICKS_PER_BAR, 0.5)]
    assert with_depth(deeper, 0, TICKS_PER_BAR, -0.2) == phrase
    assert with_depth(phrase, 0, 2 * TICKS_PER_BAR, 9).wobbles[0].depth == 1
    shaped = with_next_shape(phrase, TICKS_PER_BAR, 2 * TICKS_PER_BAR)
    assert [one.shape for one in shaped.wobbles] == [SHAPES[0], SHAPES[1]]
    with pytest.raises(UserError, match="no wobble here"):
        with_next_shape(Phrase(1), 0, 96)
