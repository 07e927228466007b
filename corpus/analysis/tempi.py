"""Tempo changes as a song may have them: what is out of bounds is held at the nearest tempo, and told.

Readers bring the changes of a file; how a section holds them is decided where a file becomes a song.
"""

from collections import Counter
from collections.abc import Sequence

import msgspec

from song.limits import MAX_TEMPO_BPM, MIN_TEMPO_BPM

DEFAULT_TEMPO_BPM = 120.0
"""The tempo of a file that names none. Source: Standard MIDI Files 1.0."""
MICROS_PER_MINUTE = 60_000_000
_MOST_DECIMALS = 6


class Tempi(msgspec.Struct, frozen=True):
    """The tempo changes of a song.

    Attributes:
        changes: (tick, quarters a minute 40-300), the first at 0, no two alike in a row.
        main: the tempo that lasts longest, to hundredths.
        told: what had to be changed, a line each.
    """

    changes: tuple[tuple[int, float], ...]
    main: float
    told: tuple[str, ...] = ()


def tempo_of_micros(micros: int) -> float:
    """The tempo in quarters a minute with the fewest decimals that is written as so many microseconds a quarter.

    Args:
        micros: 1 or more.
    """
    exact = MICROS_PER_MINUTE / micros
    for decimals in range(_MOST_DECIMALS):
        short = round(exact, decimals)
        if short > 0 and round(MICROS_PER_MINUTE / short) == micros:
            return short
    return round(exact, _MOST_DECIMALS)


def fit_tempi(changes: Sequence[tuple[int, float]], end_tick: int, default_bpm: float = DEFAULT_TEMPO_BPM) -> Tempi:
    """The changes of a file, held within what a song may have.

    Args:
        changes: (tick, quarters a minute above 0) in order; the last of one tick is meant.
        end_tick: where the music ends, 1 or more; what comes later is left out.
        default_bpm: what holds before the first.
    """
    held: dict[int, float] = {0: default_bpm}
    outside: dict[float, None] = {}
    for tick, bpm in changes:
        if tick < end_tick:
            held[max(tick, 0)] = bpm
    found: list[tuple[int, float]] = []
    for tick, bpm in sorted(held.items()):
        inside = min(MAX_TEMPO_BPM, max(MIN_TEMPO_BPM, bpm))
        if inside != bpm:
            outside[bpm] = None
        if not found or found[-1][1] != inside:
            found.append((tick, inside))
    told = tuple(
        f"its tempo of {_shown(bpm)} BPM is outside {MIN_TEMPO_BPM:.0f}-{MAX_TEMPO_BPM:.0f}: "
        f"{min(MAX_TEMPO_BPM, max(MIN_TEMPO_BPM, bpm)):.0f} is written"
        for bpm in list(outside)[:3]
    )
    return Tempi(tuple(found), _longest(found, end_tick), told)


def _shown(bpm: float) -> str:
    return f"{bpm:.2f}".rstrip("0").rstrip(".") if bpm < 1_000_000 else f"{bpm:.3g}"


def _longest(changes: Sequence[tuple[int, float]], end_tick: int) -> float:
    lasting: Counter[float] = Counter()
    for index, (tick, bpm) in enumerate(changes):
        stop = changes[index + 1][0] if index + 1 < len(changes) else end_tick
        lasting[round(bpm, 2)] += stop - tick
    return max(lasting, key=lambda bpm: lasting[bpm])
