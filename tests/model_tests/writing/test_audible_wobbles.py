"""A wobble has time for its cycles: it takes another rate, goes, or is joined to the one before."""

import pytest

from model.writing.audible_wobbles import DRY_NOTES, audible_wobbles
from song.notes import Note, Phrase, Wobble

RATES = ("1/4", "1/8", "1/16")


def wobbles(*lengths_and_rates: tuple[int, str], rates: tuple[str, ...] = RATES) -> list[tuple[int, str]]:
    """The lengths and rates that are left of wobbles under a note each."""
    at, notes, under = 0, [], []
    for ticks, rate in lengths_and_rates:
        notes.append(Note(at, 40, ticks, 100))
        under.append(Wobble(at, ticks, rate, 0.8))
        at += ticks
    found = audible_wobbles(Phrase(8, tuple(notes), tuple(under)), rates)
    assert found.notes == tuple(notes)
    return [(one.duration_ticks, one.rate) for one in found.wobbles]


@pytest.mark.parametrize(
    ("ticks", "rate", "left"),
    [
        (192, "1/4", [(192, "1/4")]),
        (192, "1/16", [(192, "1/16")]),
        (96, "1/4", [(96, "1/8")]),
        (48, "1/4", [(48, "1/16")]),
        (36, "1/8", [(36, "1/16")]),
        (24, "1/16", [(24, "1/16")]),
    ],
)
def test_a_rate_is_chosen_for_how_long_the_note_is(ticks: int, rate: str, left: list[tuple[int, str]]) -> None:
    assert wobbles((ticks, rate)) == left


def test_where_no_rate_has_two_cycles_a_note_of_an_eighth_keeps_one() -> None:
    assert wobbles((60, "1/4"), rates=("1/4", "1/8")) == [(60, "1/8")]
    assert wobbles((96, "1/8"), (40, "1/4"), rates=("1/4", "1/8")) == [(96, "1/8")]


def test_a_stab_goes_without_beside_a_note_that_has_time_and_keeps_its_wobble_alone() -> None:
    assert wobbles((96, "1/8"), (24, "1/8")) == [(96, "1/8")]
    assert wobbles((24, "1/8")) == [(24, "1/16")]


def test_of_stabs_alone_every_fifth_wobbles() -> None:
    assert DRY_NOTES == 4
    assert wobbles(*[(24, "1/4")] * 11) == [(24, "1/16")] * 2
    bare = Phrase(8, tuple(Note(24 * number, 40, 24, 100) for number in range(11)), (Wobble(48, 24, "1/4", 0.8),))
    assert [one.onset_tick for one in audible_wobbles(bare, RATES).wobbles] == [48]


def test_a_division_under_a_note_holds_for_a_beat_or_becomes_its_neighbour() -> None:
    note = Note(0, 40, 384, 100)
    changes = (Wobble(0, 192, "1/8", 0.5), Wobble(192, 48, "1/16", 0.8), Wobble(240, 144, "1/16", 0.6))
    found = audible_wobbles(Phrase(1, (note,), changes), RATES).wobbles
    assert found == (Wobble(0, 240, "1/8", 0.5), Wobble(240, 144, "1/16", 0.6))


def test_wobbles_of_two_notes_are_not_joined() -> None:
    assert wobbles((48, "1/16"), (48, "1/16")) == [(48, "1/16")] * 2
