"""The generator of all that is drawn, held to the numbers that its authors' own code gives."""

from collections import Counter

import pytest

from song.dice import Dice

SPLITMIX64_OF_1234567 = (
    6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821,
)  # fmt: skip
"""The first numbers from seed 1234567 of splitmix64.c, as published with it (Vigna, 2015; Rosetta Code)."""


def test_the_published_numbers() -> None:
    dice = Dice(1234567)
    assert [dice.random() for _ in SPLITMIX64_OF_1234567] == [one / 2**64 for one in SPLITMIX64_OF_1234567]


@pytest.mark.parametrize("seed", [0, 2**64 - 1, 2**64, -1, 2**200])
def test_any_seed_gives_shares_that_are_spread(seed: int) -> None:
    dice = Dice(seed)
    shares = [dice.random() for _ in range(400)]
    assert 0 <= min(shares) < 0.05 < 0.95 < max(shares) < 1
    again = Dice(seed)
    assert [again.random() for _ in range(400)] == shares


def test_a_choice_is_as_likely_as_it_stands_there_often() -> None:
    dice = Dice(3)
    drawn = Counter(dice.one_of("aab") for _ in range(3000))
    assert drawn["a"] == pytest.approx(2000, rel=0.06)
