"""Forms: every bar under one letter, none of them a turn, and one bar that the others of its place are held to."""

from hypothesis import given
from hypothesis import strategies as st

from song.forms import letter_bars, model_bars, turn_bars

forms, units, lengths = st.text("ABCD", min_size=1, max_size=6), st.integers(1, 8), st.integers(1, 40)


def test_turns_are_the_last_bars_of_eight_and_of_all() -> None:
    assert turn_bars(16) == {7, 15}
    assert turn_bars(10) == {7, 9}
    assert turn_bars(1) == {0}


def test_letters_hold_the_bars_that_are_no_turns() -> None:
    assert letter_bars("AABA", 2, 16) == {"A": (0, 1, 2, 3, 6, 8, 9, 10, 11, 14), "B": (4, 5, 12, 13)}
    assert letter_bars("AB", 8, 16) == {"A": tuple(range(7)), "B": tuple(range(8, 15))}
    assert letter_bars("AB", 1, 2) == {"A": (0,), "B": ()}


def test_a_turn_is_nobodys_model_where_its_letter_has_another_bar() -> None:
    assert model_bars("AB", 2, 10) == (0, 1, 2, 3, 0, 1, 2, 3, 0, 1)
    assert model_bars("A", 8, 24)[7::8] == (7, 15, 23), "turns alone"
    assert model_bars("ABCDEFGHI", 1, 27)[7::9] == (16, 16, 16), "the first that is no turn"


@given(forms, units, lengths)
def test_every_bar_has_a_model_of_its_letter_and_place(form: str, unit: int, bars: int) -> None:
    models, turns = model_bars(form, unit, bars), turn_bars(bars)
    held = letter_bars(form, unit, bars)
    assert sorted(bar for group in held.values() for bar in group) == [bar for bar in range(bars) if bar not in turns]
    for bar, model in enumerate(models):
        assert models[model] == model
        assert (form[bar // unit % len(form)], bar % unit) == (form[model // unit % len(form)], model % unit)
        assert model not in turns or model == bar
        assert bar in turns or model <= bar
