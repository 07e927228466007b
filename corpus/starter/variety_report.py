"""The variety of the starter set as tables for a terminal; what they say is measured in `corpus.starter.variety`."""

from collections.abc import Mapping

from rich.table import Table

from corpus.starter.variety import PartVariety, Spread
from song.parts import Part

_LISTED_RATES = 4


def variety_table(found: Mapping[Part, PartVariety]) -> Table:
    """Phrases, twins, and how many of the bars, their rhythms and their wobbles are distinct, a row a part."""
    table = Table(title="Variety: distinct bars (whatever their key), rhythms and wobble sequences")
    table.add_column("part")
    headings = ("phrases", "twins", "bars", "distinct", "rhythms", "wobbled bars", "wobbles")
    for heading in headings:
        table.add_column(heading, justify="right")
    for part, one in found.items():
        table.add_row(
            part,
            str(one.phrases),
            str(len(one.twins)),
            str(one.bars),
            _of(one.distinct_bars, one.bars),
            _of(one.distinct_rhythms, one.bars),
            str(one.wobbled_bars),
            _of(one.distinct_wobbles, one.wobbled_bars),
        )
    return table


def spread_table(found: Mapping[tuple[Part, str], Spread], heading: str) -> Table:
    """Onsets a bar, pitches and wobble rates, a row for each part and section kind or style.

    Args:
        found: what `corpus.starter.variety.spreads` gives.
        heading: what the groups are, for the column above them.
    """
    table = Table(title=f"Onsets a bar, pitches in C and wobble rates by {heading}")
    for name in ("part", heading):
        table.add_column(name)
    for name in ("phrases", "onsets: least, median, most", "pitches"):
        table.add_column(name, justify="right")
    table.add_column("share of wobbled time")
    before: Part | None = None
    for (part, group), one in found.items():
        if before not in (None, part):
            table.add_section()
        before = part
        least, middle, most = one.onsets
        pitches = "" if part is Part.DRUMS else f"{one.pitches[0]}-{one.pitches[1]}"
        rates = ", ".join(f"{rate} {share:.0%}" for rate, share in list(one.rates.items())[:_LISTED_RATES])
        table.add_row(part, group, str(one.phrases), f"{least}, {middle:g}, {most}", pitches, rates)
    return table


def _of(count: int, of: int) -> str:
    return f"{count / of:.0%}" if of else ""
