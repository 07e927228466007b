"""What drums of a style and section kind usually hold on to: where the snare falls, and on which beats a kick.

Both are counted in music when weights are trained, lie in their card, and are held to while sampling. Imports NumPy
but no JAX.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from model.features import BACKBEAT, HALF_TIME, OTHER_FEEL
from song.sections import SectionKind

FEELS = (HALF_TIME, BACKBEAT, OTHER_FEEL)
_BARS_FOR_A_HABIT = 8
_UNKNOWN_KIND_SHARE = 0.25
"""What a bar counts whose section kind nobody knows: without such bars a few hybrids would speak for rock."""
_USUAL_SHARE = 0.4
"""The share of bars from which a feel is asked for: in most sections some bars are fills, which have none."""
_BARS_THAT_SPEAK = 100
"""How many bars of known section kind need no bars of unknown kind beside them."""
_FLOOR_SHARE, _KICK_SHARE = 0.5, 0.9
"""The shares of bars from which four kicks, and a kick on one beat, are held."""


def collect_feels(
    rows: Sequence[tuple[Mapping[str, float], SectionKind | None, Sequence[int]]],
) -> dict[str, tuple[float, ...]]:
    """How many bars of drums have each feel (half-time, backbeat, another), by "STYLE KIND".

    Args:
        rows: stretches of drums: shares of styles, the section kind where it is known, the feel of each bar; bars of
            unknown kind are counted by "STYLE".
    """
    counts: dict[str, list[float]] = {}
    for style, kind, feels in rows:
        for name, share in style.items():
            group = counts.setdefault(f"{name} {kind.value}" if kind else name, [0.0] * len(FEELS))
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
        counts = np.array(feels.get(f"{name} {kind.value}", nothing) if kind else nothing)
        counts += _UNKNOWN_KIND_SHARE * np.array(feels.get(name, nothing))
        if counts.sum() >= _BARS_FOR_A_HABIT:
            mixed += share * counts / counts.sum()
    usual = int(mixed[: OTHER_FEEL - 1].argmax())
    return FEELS[usual] if mixed[usual] >= _USUAL_SHARE * max(sum(style.values()), 1e-9) else 0


def collect_kicks(
    rows: Sequence[tuple[Mapping[str, float], SectionKind | None, np.ndarray]],
) -> dict[str, tuple[float, ...]]:
    """How many bars of drums have a kick on beat 1, 2, 3 and 4, on all of them, and how many sound, by "STYLE KIND".

    Args:
        rows: stretches of drums: shares of styles, the section kind where it is known, and for each bar that sounds on
            which beats it has a kick, bool (bars, 4); bars of unknown kind are counted by "STYLE".
    """
    counts: dict[str, np.ndarray] = {}
    for style, kind, kicks in rows:
        found = np.array([*kicks.sum(0), kicks.all(1).sum(), len(kicks)])
        for name, share in style.items():
            group = counts.setdefault(f"{name} {kind.value}" if kind else name, np.zeros(6))
            group += share * found
    return {name: tuple(round(float(count), 1) for count in counts[name]) for name in sorted(counts)}


def choose_kicks(
    kicks: Mapping[str, Sequence[float]], style: Mapping[str, float], kind: SectionKind | None
) -> tuple[int, ...]:
    """The beats, 0 to 3, on which drums of such a section hold a kick in a mixture of styles.

    All four where bars have them all more often than not, otherwise those that nearly every bar has. Unless bars of the
    section kind are many, those of unknown kind have to agree: a few hybrids would speak for latin otherwise. These
    alone never suffice where any are of the kind: they would put house's four kicks into its breaks.
    """
    usual = np.zeros(5)
    for name, share in style.items():
        counts = [kicks.get(key, (0.0,) * 6) for key in (f"{name} {kind.value}" if kind else "", name)]
        counts = counts[:1] if counts[0][-1] >= _BARS_THAT_SPEAK else counts
        shares = [np.array(held) / bars for *held, bars in counts if bars >= _BARS_FOR_A_HABIT]
        usual += share * np.min(shares or [np.zeros(5)], axis=0)
    usual /= max(sum(style.values()), 1e-9)
    return tuple(beat for beat in range(4) if max(usual[beat] / _KICK_SHARE, usual[4] / _FLOOR_SHARE) >= 1)
