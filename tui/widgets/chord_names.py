"""Progressions by the names of their chords: as many as there is room for, and where one stands among them.

Pure: knows a view and columns, and no widget. The numerals that are asked for stand among the constraints.
"""

from collections.abc import Sequence

from song.harmony import STRETCH_TICKS, STRETCHES_A_BAR, Chord, section_harmony
from song.scales import parse_key
from song.sections import Song
from tui.view import View

Harmony = tuple[tuple[Chord, ...], tuple[int, ...]]
"""The chords of a section and, for each half bar, the index of the one that sounds; nothing where harmony is free."""


def harmony_of(song: Song, index: int) -> Harmony:
    """The harmony of a section in the key that holds there."""
    return section_harmony(song.sections[index], parse_key(song.key_of(index)))


def chord_here(view: View, harmony: Harmony) -> int | None:
    """Index of the chord where one stands in the selected section; None where harmony is free."""
    tick, sounding = view.cursor.tick if view.cursor is not None else None, harmony[1]
    half = view.bar * STRETCHES_A_BAR if tick is None else tick // STRETCH_TICKS
    return sounding[half] if half < len(sounding) else None


def bar_names(harmony: Harmony, bar: int) -> tuple[str, ...]:
    """The name of the chord of each half of a bar; one where the whole bar has it, none where harmony is free."""
    chords, sounding = harmony
    names = tuple(chords[at].name for at in sounding[bar * STRETCHES_A_BAR : (bar + 1) * STRETCHES_A_BAR])
    return names[:1] if len(set(names)) == 1 else names


def fitting_names(names: Sequence[str], room: int, here: int | None, ellipsis: str) -> list[tuple[str, int | None]]:
    """Names with blanks between as far as they fit, whole ones alone: (text, which one), None for what is no name.

    Args:
        names: of one chord or more.
        room: columns there are.
        here: the one that has to be seen if any is; None for the first ones.
        ellipsis: stands where others are left out.
    """
    for first in range((here or 0) + 1):
        for last in range(len(names), first, -1):
            pieces: list[tuple[str, int | None]] = [(ellipsis, None)] if first else []
            for at in range(first, last):
                pieces += [(" ", None)] if at > first else []
                pieces.append((names[at], at))
            pieces += [(ellipsis, None)] if last < len(names) else []
            if sum(len(text) for text, _ in pieces) <= room:
                if here is None or here < last:
                    return pieces
                break
    return []
