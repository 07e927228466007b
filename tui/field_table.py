"""What a field of the constraints is, and the arithmetic of stepping one. The fields are in `tui.fields`."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from song.parts import Part
from song.sections import Section, Song

_T = TypeVar("_T")
Step = Callable[[Song, int, int], Song]


class Field(msgspec.Struct, frozen=True):
    """One constraint.

    Attributes:
        id: its name in the app.
        label: its name on the screen.
        step: (song, section index, steps) to the changed song; it stops at the ends of the range.
        text: what is shown for it; empty where the song's own holds.
        coarse: steps in a coarse step, 2 or more.
        share: its value as 0-1 where it has a slider.
        part: the part whose density it is.
        inherited: the song's own, where a section may leave it to that.
        checks: the name of its finding, of `song.checks`; empty where no take can break it.
        checked_part: the part whose take that is about; None for the selected one.
        selects: the part that choosing it selects, beside `part`.
    """

    id: str
    label: str
    step: Step
    text: Callable[[Section], str]
    coarse: int
    share: Callable[[Section], float] | None = None
    part: Part | None = None
    inherited: Callable[[Song], str] | None = None
    checks: str = ""
    checked_part: Part | None = None
    selects: Part | None = None


def within(value: float, low: float, high: float) -> float:
    """A value, or the end of a range that it is beyond."""
    return min(high, max(low, value))


def along(choices: Sequence[_T], value: _T, steps: int) -> _T:
    """The choice so many places on, round and round; a value that is not among them counts as the first."""
    at = choices.index(value) if value in choices else 0
    return choices[(at + steps) % len(choices)]
