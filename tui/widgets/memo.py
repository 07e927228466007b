"""Results that a widget works out of a part of the song, kept for as long as that part is the same object.

Songs share what an edit leaves alone, so that after a key nearly everything that was worked out still holds.
"""

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")


class Memo(Generic[_T]):
    """One result for each key, and what it was made from."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[tuple[Any, ...], _T]] = {}

    def of(self, key: Hashable, inputs: tuple[Any, ...], make: Callable[[], _T]) -> _T:
        """The result under a key; made anew unless every input is the very object that it was made from.

        Args:
            key: where it is kept; a result under a key takes the place of the one before.
            inputs: all that the result depends on; whole numbers and texts are told by their value.
            make: makes it.
        """
        kept = self._kept.get(key)
        if kept is not None and all(
            one is other or _same(one, other) for one, other in zip(kept[0], inputs, strict=True)
        ):
            return kept[1]
        result = make()
        self._kept[key] = (inputs, result)
        return result


def _same(one: object, other: object) -> bool:
    return isinstance(one, int | str) and one == other
