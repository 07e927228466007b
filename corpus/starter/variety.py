"""The variety of a set of phrases: what repeats, what is unlike anything else, and how busy, high and fast it gets.

Measured over the starter set by `dropsmith corpus starter variety`, which `corpus.starter.commands` prints.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from statistics import median

import msgspec

from corpus.density import bar_onsets
from corpus.starter.phrases import StarterPhrase
from song.notes import Phrase
from song.parts import PARTS, Part
from song.time import TICKS_PER_BAR, bars_to_ticks, ticks_to_bar

BarFigure = tuple[tuple[int, int, int], ...]
"""The notes that start in a bar, as (tick in the bar, semitones above some pitch, length in ticks)."""


class PartVariety(msgspec.Struct, frozen=True):
    """The variety of the phrases of one part.

    Attributes:
        phrases: how many there are.
        twins: pairs of names whose music is the same under transposition, whatever their velocities and wobbles.
        bars: how many have an onset.
        distinct_bars: how many of them differ in onsets, lengths or pitches, transposed ones counting as the same.
        distinct_rhythms: how many of them differ in where their notes start.
        wobbled_bars: how many have a wobble that sounds.
        distinct_wobbles: how many of them differ in which rate sounds when.
    """

    phrases: int
    twins: tuple[tuple[str, str], ...]
    bars: int
    distinct_bars: int
    distinct_rhythms: int
    wobbled_bars: int
    distinct_wobbles: int


class Spread(msgspec.Struct, frozen=True):
    """The range of onsets, pitches and wobble rates in some phrases of one part.

    Attributes:
        phrases: how many there are.
        onsets: onsets a bar in bars that have any: the least, the median and the most.
        pitches: the lowest and the highest MIDI note, in C.
        rates: the share of the wobbled time that each wobble rate has, the largest first.
    """

    phrases: int
    onsets: tuple[int, float, int]
    pitches: tuple[int, int]
    rates: dict[str, float]


def variety(phrases: Sequence[StarterPhrase]) -> dict[Part, PartVariety]:
    """The variety of each part that has phrases."""
    return {part: _part_variety(own) for part, own in _by_part(phrases).items()}


def spreads(phrases: Sequence[StarterPhrase], by: str) -> dict[tuple[Part, str], Spread]:
    """The spread of each part's phrases, in groups.

    Args:
        phrases: a phrase counts in every group that it names.
        by: "kinds" or "styles", the field of a phrase that names its groups.
    """
    groups: dict[tuple[Part, str], list[Phrase]] = defaultdict(list)
    for phrase in phrases:
        for name in getattr(phrase, by):
            groups[phrase.part, str(name)].append(phrase.phrase)
    order = {part: index for index, part in enumerate(PARTS)}
    return {key: _spread(groups[key]) for key in sorted(groups, key=lambda key: (order[key[0]], key[1]))}


def figure_of(phrase: Phrase, part: Part) -> tuple[BarFigure, ...]:
    """The music of a phrase without its key, its velocities, its wobbles and its repeats.

    Two phrases with the same figure are one idea: transposed, louder, or played twice where the other plays it once.
    """
    lowest = 0 if part is Part.DRUMS else min((note.pitch for note in phrase.notes), default=0)
    bars = [_bar_figure(phrase, bar, lowest) for bar in range(phrase.bars)]
    for period in range(1, phrase.bars):
        if phrase.bars % period == 0 and bars == bars[:period] * (phrase.bars // period):
            return tuple(bars[:period])
    return tuple(bars)


def _part_variety(phrases: Sequence[StarterPhrase]) -> PartVariety:
    named: dict[tuple[BarFigure, ...], str] = {}
    twins = []
    bars: list[BarFigure] = []
    wobbles: list[tuple[tuple[int, str], ...]] = []
    for phrase in phrases:
        first = named.setdefault(figure_of(phrase.phrase, phrase.part), phrase.name)
        if first != phrase.name:
            twins.append((first, phrase.name))
        for bar in range(phrase.phrase.bars):
            bars.append(_bar_figure(phrase.phrase, bar, 0 if phrase.part is Part.DRUMS else None))
            wobbles.append(_wobble_figure(phrase.phrase, bar))
    sounding = [bar for bar in bars if bar]
    wobbled = [wobble for wobble in wobbles if wobble]
    return PartVariety(
        phrases=len(phrases),
        twins=tuple(twins),
        bars=len(sounding),
        distinct_bars=len(set(sounding)),
        distinct_rhythms=len({tuple(sorted({tick for tick, _, _ in bar})) for bar in sounding}),
        wobbled_bars=len(wobbled),
        distinct_wobbles=len(set(wobbled)),
    )


def _bar_figure(phrase: Phrase, bar: int, lowest: int | None) -> BarFigure:
    """The notes that start in a bar.

    Args:
        phrase: the phrase.
        bar: counted from 0.
        lowest: what pitches are counted from; None counts them from the lowest in the bar.
    """
    inside = [note for note in phrase.notes if ticks_to_bar(note.onset_tick) == bar]
    base = min((note.pitch for note in inside), default=0) if lowest is None else lowest
    return tuple((note.onset_tick % TICKS_PER_BAR, note.pitch - base, note.duration_ticks) for note in inside)


def _wobble_figure(phrase: Phrase, bar: int) -> tuple[tuple[int, str], ...]:
    """The rates that sound in a bar as (tick in the bar, rate)."""
    start, end = bars_to_ticks(bar), bars_to_ticks(bar + 1)
    inside = [wobble for wobble in phrase.wobbles if wobble.onset_tick < end and wobble.end_tick > start]
    return tuple((max(0, wobble.onset_tick - start), wobble.rate) for wobble in inside)


def _spread(phrases: Sequence[Phrase]) -> Spread:
    onsets = [count for phrase in phrases for count in bar_onsets(phrase)]
    pitches = [note.pitch for phrase in phrases for note in phrase.notes]
    ticks: Counter[str] = Counter()
    for phrase in phrases:
        for wobble in phrase.wobbles:
            ticks[wobble.rate] += wobble.duration_ticks
    return Spread(
        phrases=len(phrases),
        onsets=(min(onsets), float(median(onsets)), max(onsets)),
        pitches=(min(pitches), max(pitches)),
        rates={rate: count / ticks.total() for rate, count in ticks.most_common()},
    )


def _by_part(phrases: Iterable[StarterPhrase]) -> dict[Part, list[StarterPhrase]]:
    found: dict[Part, list[StarterPhrase]] = defaultdict(list)
    for phrase in phrases:
        found[phrase.part].append(phrase)
    return {part: found[part] for part in PARTS if part in found}
