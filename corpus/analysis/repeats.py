"""Repeats: each bar of a part beside the bars one, two, four and eight before it, and how often they are alike.

Loop music lives by this. The labels are numbers, as the model takes them; `model.writing.planning` plans with them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from corpus.pieces import Piece
from song.notes import Phrase
from song.parts import Part
from song.sections import SectionKind
from song.time import TICKS_PER_BAR

LAGS = (1, 2, 4, 8)
"""Distances in bars over which a part is compared with itself."""

LABELS = ("hidden", "new", "same 1", "same 2", "same 4", "same 8", "same rhythm", "similar")
"""Repeat labels of a bar: its likeness to the bars one, two, four and eight back."""
SAME_LABELS = {lag: 2 + index for index, lag in enumerate(LAGS)}
NEW, SAME_RHYTHM, SIMILAR = 1, 6, 7
SIMILAR_SHARE = 0.6
"""Bars with at least this much of their notes in common are similar."""

Bar = frozenset[tuple[int, int]]
"""The notes of a bar as (place in the bar, pitch), in any units; lengths, velocities and wobbles do not count."""


class RepeatShares(msgspec.Struct, frozen=True):
    """Shares of repeat labels among the bars of one part, in one style and one kind of section.

    Attributes:
        part: whose bars they are.
        style: a name of `song.styles.STYLES`, empty where it is unknown.
        kind: of the section that they lie in, None where it is unknown.
        bars: how many bars have a note in them; a piece of two styles counts for each by its share.
        shares: of each label of `LABELS` that any of them has, adding up to 1.
    """

    part: Part
    style: str
    kind: SectionKind | None
    bars: float
    shares: dict[str, float]


def label_bars(bars: Sequence[Bar]) -> list[int]:
    """The repeat label of each bar of a part, values of `LABELS` but "hidden".

    The same notes as an earlier bar, the nearest first; else the same rhythm; else similar; else new. A silent bar is
    the same as another silent one.
    """
    return [_label(bars, index) for index in range(len(bars))]


def phrase_labels(phrase: Phrase) -> list[int]:
    """The repeat label of each bar of a phrase."""
    return label_bars(bars_of(phrase))


def bars_of(phrase: Phrase) -> list[Bar]:
    """The notes of each bar of a phrase, by the bar that they start in."""
    notes: list[set[tuple[int, int]]] = [set() for _ in range(phrase.bars)]
    for note in phrase.notes:
        bar, place = divmod(note.onset_tick, TICKS_PER_BAR)
        notes[bar].add((place, note.pitch))
    return [frozenset(bar) for bar in notes]


def repeat_statistics(pieces: Iterable[Piece]) -> list[RepeatShares]:
    """Shares of repeat labels by part, style and section kind, sorted in that order; silent bars are left out."""
    counts: dict[tuple[Part, str, SectionKind | None], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for piece in pieces:
        kinds: list[SectionKind | None] = [None] * piece.bars
        for section in piece.sections:
            kinds[section.start_bar : section.start_bar + section.bars] = [section.kind] * section.bars
        for part, phrase in piece.parts.items():
            contents = bars_of(phrase)
            for bar, label, kind in zip(contents, label_bars(contents), kinds, strict=False):
                for style, share in (piece.style or {"": 1.0}).items() if bar else ():
                    counts[part, style, kind][label] += share
    found = []
    for (part, style, kind), labels in counts.items():
        total = sum(labels.values())
        shares = {LABELS[label]: labels[label] / total for label in sorted(labels)}
        found.append(RepeatShares(part, style, kind, total, shares))
    order = list(Part), list(SectionKind)
    return sorted(
        found,
        key=lambda one: (order[0].index(one.part), one.style, -1 if one.kind is None else order[1].index(one.kind)),
    )


def _label(bars: Sequence[Bar], index: int) -> int:
    now = bars[index]
    earlier = [(lag, bars[index - lag]) for lag in LAGS if index >= lag]
    for lag, then in earlier:
        if now == then:
            return SAME_LABELS[lag]
    rhythm = {place for place, _ in now}
    if rhythm and any(rhythm == {place for place, _ in then} for _, then in earlier):
        return SAME_RHYTHM
    if any(len(now & then) >= SIMILAR_SHARE * len(now | then) for _, then in earlier):
        return SIMILAR
    return NEW
