"""Usual feel and kicks of drums by style and section kind: where the snare falls, and which beats have a kick.

Both are counted in music when weights are trained, lie in their card, and are held to while sampling. Imports NumPy
but no JAX.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from model.language.conditions import BACKBEAT, HALF_TIME, OTHER_FEEL
from song.sections import SectionKind

FEELS = (HALF_TIME, BACKBEAT, OTHER_FEEL)
_BARS_FOR_A_HABIT = 4
_UNKNOWN_KIND_SHARE = 0.25
"""Weight of a bar whose section kind nobody knows: without such bars a few hybrids would speak for rock."""
_USUAL_SHARE = 0.4
"""The share of bars from which a feel is asked for: in most sections some bars are fills, which have none."""
_BARS_THAT_SPEAK = 50
"""Bars of known section kind from which on no bars of unknown kind are needed beside them."""
_FLOOR_SHARE, _KICK_SHARE = 0.5, 0.9
"""The shares of bars from which four kicks, and a kick on one beat, are held."""


def collect_feels(
    rows: Sequence[tuple[Mapping[str, float], SectionKind | None, Sequence[int]]],
) -> dict[str, tuple[float, ...]]:
    """Count bars of drums of each feel (half-time, backbeat, another), by "STYLE KIND".

    Args:
        rows: stretches of drums: shares of styles, the section kind where it is known, the feel of each bar; bars of
            unknown kind are counted by "STYLE".
    """
    counts: dict[str, list[float]] = {}
    for style, kind, feels in rows:
        for name, share in style.items():
            group = counts.setdefault(_group(name, kind), [0.0] * len(FEELS))
            for feel in feels:
                if feel:
                    group[feel - 1] += share
    return {name: tuple(round(count, 1) for count in counts[name]) for name in sorted(counts)}


def choose_feel(feels: Mapping[str, Sequence[float]], style: Mapping[str, float], kind: SectionKind | None) -> int:
    """The feel that drums of such a section usually have in a mixture of styles; 0 where none is usual.

    Args:
        feels: as `collect_feels` counts them.
        style: shares of styles.
        kind: None where it is unknown.
    """
    mixed = np.zeros(len(FEELS))
    for name, share in style.items():
        nothing = (0.0,) * len(FEELS)
        counts = np.array(feels.get(_group(name, kind), nothing) if kind else nothing)
        counts += _UNKNOWN_KIND_SHARE * np.array(feels.get(name, nothing))
        if counts.sum() >= _BARS_FOR_A_HABIT:
            mixed += share * counts / counts.sum()
    usual = int(mixed[: OTHER_FEEL - 1].argmax())
    return FEELS[usual] if mixed[usual] >= _USUAL_SHARE * max(sum(style.values()), 1e-9) else 0


def collect_kicks(
    rows: Sequence[tuple[Mapping[str, float], SectionKind | None, np.ndarray]],
) -> dict[str, tuple[float, ...]]:
    """Count bars of drums with a kick on beat 1, 2, 3 and 4, on all four, and bars that sound, by "STYLE KIND".

    Args:
        rows: stretches of drums: shares of styles, the section kind where it is known, and for each bar that sounds on
            which beats it has a kick, bool (bars, 4); bars of unknown kind are counted by "STYLE".
    """
    counts: dict[str, np.ndarray] = {}
    for style, kind, kicks in rows:
        found = np.array([*kicks.sum(0), kicks.all(1).sum(), len(kicks)])
        for name, share in style.items() if len(kicks) else ():
            group = counts.setdefault(_group(name, kind), np.zeros(6))
            group += share * found
    return {name: tuple(round(float(count), 1) for count in counts[name]) for name in sorted(counts)}


def join_counts(
    before: Mapping[str, tuple[float, ...]],
    found: Mapping[str, tuple[float, ...]],
    bars: Callable[[tuple[float, ...]], float],
) -> dict[str, tuple[float, ...]]:
    """Counts of the music learned from last, and those before where it has too few bars to speak of.

    Args:
        before, found: as `collect_feels` or `collect_kicks` give them.
        bars: how many bars a row of these counts: the sum of feels, the greatest of kicks.
    """
    return {**before, **{name: counts for name, counts in found.items() if bars(counts) >= _BARS_FOR_A_HABIT}}


def choose_kicks(
    kicks: Mapping[str, Sequence[float]], style: Mapping[str, float], kind: SectionKind | None
) -> tuple[int, ...]:
    """The beats, 0 to 3, on which drums of such a section hold a kick in a mixture of styles.

    All four where bars have them all more often than not, otherwise those that nine bars in ten have. Bars of the
    section kind speak for themselves where they are many; few need bars of unknown kind that agree, or a handful of
    hybrids would speak for latin. Bars of unknown kind speak alone only where none is of the kind: they would put
    house's four kicks into its breaks.

    Args:
        kicks: as `collect_kicks` counts them.
        style: shares of styles.
        kind: None where it is unknown.
    """
    usual = np.zeros(5)
    for name, share in style.items():
        *held, bars = kicks.get(_group(name, kind), (0.0,) * 6) if kind else (0.0,) * 6
        *held_in_all, bars_in_all = kicks.get(name, (0.0,) * 6)
        shares = [np.array(held) / bars] if bars else []
        if bars < _BARS_THAT_SPEAK:
            shares.append(np.array(held_in_all) / max(bars_in_all, _BARS_FOR_A_HABIT))
        usual += share * np.min(shares, axis=0)
    usual /= max(sum(style.values()), 1e-9)
    return tuple(beat for beat in range(4) if max(usual[beat] / _KICK_SHARE, usual[4] / _FLOOR_SHARE) >= 1)


def _group(style: str, kind: SectionKind | None) -> str:
    return f"{style} {kind.value}" if kind else style
