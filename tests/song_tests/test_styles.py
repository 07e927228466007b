"""Styles by name: mixtures as shares, and mixtures that are none."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from song.errors import UserError
from song.styles import STYLES, check_style, own_style


def test_the_order_of_styles_is_that_of_the_networks_inputs() -> None:
    # Shipped weights hold for this order alone.
    assert STYLES == (
        "dubstep", "riddim", "melodic dubstep", "drum & bass", "trap", "house",
        "electronic", "rock", "funk", "jazz", "latin", "classical",
    )  # fmt: skip


@pytest.mark.parametrize("name", STYLES)
def test_a_name_alone_is_the_whole_of_it(name: str) -> None:
    assert check_style(name) == {name: 1.0}


def test_weights_of_any_sum_become_shares_in_their_order() -> None:
    shares = check_style({"trap": 3, "dubstep": 1})
    assert list(shares.items()) == [("trap", 0.75), ("dubstep", 0.25)]


@given(st.dictionaries(st.sampled_from(STYLES), st.floats(1e-6, 1e6), min_size=1))
def test_shares_add_up_to_one_and_stay_as_they_are(weights: dict[str, float]) -> None:
    shares = check_style(weights)
    assert set(shares) == set(weights)
    assert math.isclose(sum(shares.values()), 1)
    assert check_style(shares) == pytest.approx(shares)


@pytest.mark.parametrize("style", ["polka", "", "Dubstep", {"dubstep": 1.0, "polka": 1.0}])
def test_an_unknown_style_is_named_with_those_that_there_are(style: str | dict[str, float]) -> None:
    with pytest.raises(UserError, match=r'style ".*" is not known: use one of dubstep, riddim, .*, classical'):
        check_style(style)


@pytest.mark.parametrize("weight", [0.0, -1.0, math.nan, math.inf])
def test_a_weight_that_makes_no_share_is_refused(weight: float) -> None:
    with pytest.raises(UserError, match="each with a weight above 0"):
        check_style({"dubstep": 1.0, "trap": weight})


def test_a_style_of_no_name_at_all_is_refused() -> None:
    with pytest.raises(UserError, match="style needs at least one name"):
        check_style({})


def test_a_share_that_vanishes_beside_another_is_refused() -> None:
    with pytest.raises(UserError, match="each with a weight above 0"):
        check_style({"dubstep": 5e-324, "house": 1e308})


def test_a_style_of_ones_own_has_a_name_that_can_be_read() -> None:
    assert own_style("  Neuro   Funk ") == "neuro funk"
    for name in ("", " ", "x" * 41, "a\x1b[1m"):
        with pytest.raises(UserError, match="1-40 letters"):
            own_style(name)
