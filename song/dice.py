"""Numbers that follow from a seed, the same on every machine and in every version of Python."""

from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")
_MASK = (1 << 64) - 1


class Dice:
    """Numbers that follow from a seed: SplitMix64, of Steele, Lea and Flood (2014).

    The same on every machine and in every version of Python; and a start has no use for all that `random` imports.
    """

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def random(self) -> float:
        """The next number, 0 or more and below 1."""
        self._state = self._state + 0x9E3779B97F4A7C15 & _MASK
        mixed = self._state
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & _MASK
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & _MASK
        return (mixed ^ mixed >> 31) / (_MASK + 1)

    def one_of(self, choices: Sequence[_T]) -> _T:
        """One of some choices, each as likely as it stands there often."""
        return choices[int(self.random() * len(choices))]
