"""Onsets a bar in the corpus, behind the densities 0.5 and 1 of `song.parts` and the defaults of `song.templates`.

Printed by `dropsmith corpus density`; its numbers are written into those two tables by hand.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

import msgspec
from rich.table import Table

from corpus.pieces import Piece
from song.notes import Phrase
from song.parts import PARTS, Part
from song.sections import SectionKind
from song.time import bars_to_ticks, ticks_to_bar

MEDIAN, HIGH = 0.5, 0.95
"""The shares of bars that density 0.5 and density 1 are as busy as or busier than."""

Counts = dict[Part, dict[str, Counter[int]]]
"""Numbers of bars by their onsets, for each part and collection."""


class BusyBars(msgspec.Struct, frozen=True):
    """Onsets a bar in the bars of one part.

    Attributes:
        bars: how many have an onset.
        median, high: onsets a bar of those bars, the median and the 95th percentile.
    """

    bars: int
    median: float
    high: float


def bar_onsets(phrase: Phrase) -> list[int]:
    """Distinct onset ticks of each bar that has any, 1 or more, in the order of the bars."""
    return list(Counter(ticks_to_bar(tick) for tick in sorted({note.onset_tick for note in phrase.notes})).values())


def onset_counts(pieces: Sequence[Piece]) -> Counts:
    """Numbers of bars by their onsets; a half-time copy counts with the collection that it was made from."""
    counts: Counts = {part: defaultdict(Counter) for part in PARTS}
    for piece in pieces:
        collection = piece.source.removesuffix(" half-time") if piece.renotated else piece.source
        for part, phrase in piece.parts.items():
            counts[part][collection].update(bar_onsets(phrase))
    return counts


def busy_bars(counts: Sequence[Counter[int]]) -> BusyBars:
    """Onsets a bar in the bars of some collections, every collection weighing the same however many bars it has.

    Args:
        counts: how many bars have so many onsets, one counter a collection; empty ones weigh nothing.

    Raises:
        ValueError: where no collection has a bar.
    """
    shares: dict[int, float] = defaultdict(float)
    for counter in counts:
        for onsets, bars in counter.items():
            shares[onsets] += bars / counter.total()
    if not shares:
        raise ValueError("no bar has an onset")
    bars = sum(counter.total() for counter in counts)
    return BusyBars(bars, _quantile(shares, MEDIAN), _quantile(shares, HIGH))


def section_onsets(pieces: Sequence[Piece], style: str) -> dict[SectionKind, dict[Part, float]]:
    """Mean onsets a bar of each part in each section kind, over the sections of pieces that have some of a style.

    A section in which the part rests counts as 0.
    """
    found: dict[SectionKind, dict[Part, list[float]]] = defaultdict(lambda: {part: [] for part in PARTS})
    for piece in pieces:
        if not piece.style.get(style):
            continue
        ticks = {part: {note.onset_tick for note in phrase.notes} for part, phrase in piece.parts.items()}
        for section in piece.sections:
            start, end = bars_to_ticks(section.start_bar), bars_to_ticks(section.start_bar + section.bars)
            for part in PARTS:
                inside = sum(start <= tick < end for tick in ticks.get(part, ()))
                found[section.kind][part].append(inside / section.bars)
    return {
        kind: {part: sum(rates) / len(rates) for part, rates in found[kind].items()}
        for kind in SectionKind
        if kind in found
    }


def density_table(counts: Counts) -> Table:
    """Each part's bars by collection, then the numbers that `song.parts` takes, rounded to 0.5."""
    table = Table(title="Onsets a bar, in bars that have any")
    for heading in ("part", "collection", "bars", "median", "95th percentile"):
        table.add_column(heading, justify="left" if heading in ("part", "collection") else "right")
    for part, collections in counts.items():
        if not collections:
            continue
        for name, counter in sorted(collections.items()):
            one = busy_bars([counter])
            table.add_row(part, name, f"{one.bars:,}", f"{one.median:.1f}", f"{one.high:.1f}")
        every = busy_bars(list(collections.values()))
        told = (f"{round(every.median * 2) / 2:.1f}", f"{round(every.high * 2) / 2:.1f}")
        table.add_row(part, "all, weighing the same", f"{every.bars:,}", *told, style="bold", end_section=True)
    return table


def section_table(rates: dict[SectionKind, dict[Part, float]], style: str) -> Table:
    """Onsets a bar by section kind and part."""
    table = Table(title=f"Onsets a bar by section kind, where some of the style is {style}")
    table.add_column("section kind")
    for part in PARTS:
        table.add_column(part, justify="right")
    for kind, by_part in rates.items():
        table.add_row(kind, *(f"{by_part[part]:.1f}" for part in PARTS))
    return table


def _quantile(shares: dict[int, float], share: float) -> float:
    """The onsets that a share of bars lies below, every count spread evenly from half below to half above itself.

    Without the spreading half a percent of bars more or less would move a median by a whole onset.
    """
    wanted = share * sum(shares.values())
    for onsets, weight in sorted(shares.items()):
        if wanted <= weight:
            return onsets - 0.5 + wanted / weight
        wanted -= weight
    return max(shares) + 0.5
