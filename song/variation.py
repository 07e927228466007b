"""Some bars of a phrase written anew: the bars that a variation keeps, and old and new bars put together.

Nothing is sampled here: `model.writing` writes the new bars.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import msgspec

from song.density import density_to_onsets
from song.letters import put_under_letters
from song.notes import RATE_TICKS, Phrase, Wobble, cut_at_boundaries, cut_overlaps
from song.parts import Part
from song.passing import outside_notes
from song.scales import Key, parse_key
from song.sections import Section, SectionKind, Song, WobbleRange
from song.time import TICKS_PER_BAR

KEPT_SHARE = 0.5
"""The share of its bars that a variation keeps unless told otherwise: it is the same section, changed."""
_MADE_UP = 0.5
"""The most that bars may be off the density asked for to make up for kept ones, as a share of it."""
_MOST_LACKING = 0.15
"""The most that a section may be off its density where no bar is left to make up for it, as a share of it."""
_CHANGE_ORDER = (3, 1, 2, 0)
"""Bars of four in the order that a variation changes them: the last, where fills and turns stand, before the others."""


def kept_bars(bars: int, share: float) -> tuple[int, ...]:
    """The bars that a variation keeps, in ascending order, counted from 0.

    What changes first are the ends of four-bar phrases, those late in the section before the early ones, so that the
    listener recognizes the opening and hears something new where a phrase turns.

    Args:
        bars: bars of the section, 1 or more.
        share: how much stays, 0-1 inclusive; at least one bar changes.
    """
    order = sorted(range(bars), key=lambda bar: (_CHANGE_ORDER.index(bar % 4), -bar))
    changed = max(1, round(bars * (1 - share)))
    return tuple(sorted(order[changed:]))


def varied_drops(song: Song) -> dict[int, int]:
    """For each drop after the first, by its index, the drop that it changes: the first of its key.

    Their forms may differ: what a drop keeps of another is put into its own, as `borrow` does.
    """
    found: dict[int, int] = {}
    first: dict[str, int] = {}
    for index, section in enumerate(song.sections):
        if section.kind is SectionKind.DROP:
            source = first.setdefault(section.constraints.key or song.key, index)
            if source != index:
                found[index] = source
    return found


def merge_bars(old: Phrase, new: Phrase, kept: Collection[int], one_voice: bool) -> Phrase:
    """The new phrase with some bars of the old one, note by note as they were.

    A note counts for the bar that it starts in. Where one reaches over a boundary between old and new bars, it is cut
    at the next note of its pitch, or at the next note at all.

    Args:
        old: its length may differ; bars that it does not have stay empty.
        new: gives the length.
        kept: bars taken from the old phrase, from 0.
        one_voice: whether any next note ends the one before, as in a bass.
    """

    def is_kept(tick: int) -> bool:
        return tick // TICKS_PER_BAR in kept

    end = new.length_ticks
    notes = [note for note in old.notes if is_kept(note.onset_tick) and note.onset_tick < end]
    notes += [note for note in new.notes if not is_kept(note.onset_tick)]
    if one_voice:
        notes = cut_at_boundaries(sorted(notes), is_kept)
    wobbles = [*_clipped(old.wobbles, kept, new.bars, True), *_clipped(new.wobbles, kept, new.bars, False)]
    return Phrase(new.bars, cut_overlaps(tuple(notes), end), tuple(sorted(wobbles)))


def fit_wobbles(phrase: Phrase, wanted: WobbleRange) -> Phrase:
    """A phrase from elsewhere under a section's wobble: each rate the nearest that is allowed, none deeper than asked.

    Args:
        phrase: what is borrowed; its notes stay.
        wanted: what the section asks for; without rates no wobble is left.
    """

    def nearest(rate: str) -> str:
        return min(wanted.rates, key=lambda other: (abs(math.log(RATE_TICKS[other] / RATE_TICKS[rate])), other))

    deepest = max((wobble.depth for wobble in phrase.wobbles), default=0.0)
    if not wanted.rates or wanted.depth == 0 or deepest == 0:
        return msgspec.structs.replace(phrase, wobbles=())
    scale = wanted.depth / deepest
    fitted = tuple(
        msgspec.structs.replace(
            wobble, rate=nearest(wobble.rate), depth=round(wobble.depth * scale, 3), shape=wanted.shape
        )
        for wobble in phrase.wobbles
    )
    return msgspec.structs.replace(phrase, wobbles=fitted)


def borrow(
    phrase: Phrase, kept: Collection[int], section: Section, part: Part, key: str, style: Mapping[str, float]
) -> tuple[Phrase, frozenset[int]]:
    """Bars of another section's phrase as far as one may keep them and still have all that it asks for itself.

    Wobbles are fitted. A bar goes that leaves the range or the scale, and those furthest from the density asked for
    until the other bars can make up for the rest. Where the part has a form, letters are kept or go as a whole: all
    bars of one have the music that the phrase has where the letter comes first.

    Args:
        phrase: the music.
        kept: bars to keep of it, from 0.
        section: the one that is to keep them.
        part: whose music it is.
        key: the key that holds in the section, as `song.scales.parse_key` reads it.
        style: shares of styles that hold in it.

    Returns:
        The phrase with its bars as the form has them, and those that stay.
    """
    constraints = section.constraints
    phrase = fit_wobbles(phrase, constraints.wobble)
    stay = [frozenset({bar}) for bar in kept if bar < min(section.bars, phrase.bars)]
    if constraints.form_of(part) is not None:
        phrase, stay = put_under_letters(phrase, kept, section, part)
    outside = bars_outside(phrase, section, part, parse_key(key), style)
    onsets = Counter(tick // TICKS_PER_BAR for tick in {note.onset_tick for note in phrase.notes})
    return phrase, within_density([group for group in stay if not group & outside], onsets, section, part)


def within_density(
    groups: Sequence[frozenset[int]], onsets: Mapping[int, int], section: Section, part: Part
) -> frozenset[int]:
    """The bars that may stay: without those furthest from the density asked for, until the others can make up for it.

    Args:
        groups: bars that stay or go together.
        onsets: onsets of each of these bars, by its number in the section.
        section: its density and length.
        part: whose density.
    """
    stay = list(groups)
    asked, most = section.constraints.requested_onsets(part), density_to_onsets(part, 1)

    def onsets_off(group: frozenset[int]) -> float:
        return abs(sum(onsets[bar] for bar in group) / len(group) - asked)

    while stay:
        bars = frozenset().union(*stay)
        free = section.bars - len(bars)
        lacking = asked * section.bars - sum(onsets[bar] for bar in bars)
        if not free and abs(lacking) <= _MOST_LACKING * asked * section.bars:
            break
        left = lacking / free if free else -1.0
        if asked * (1 - _MADE_UP) <= left <= min(asked * (1 + _MADE_UP), max(most, asked)):
            break
        stay.remove(max(stay, key=lambda group: (onsets_off(group), max(group))))
    return frozenset().union(*stay)


def bars_outside(phrase: Phrase, section: Section, part: Part, key: Key, style: Mapping[str, float]) -> frozenset[int]:
    """The bars with a note below or above a section's range, or outside its key and harmony.

    Args:
        phrase: the music.
        section: the one that it is to stand in.
        part: whose music it is; drums have neither.
        key, style: those that hold in the section.
    """
    if part is Part.DRUMS:
        return frozenset()
    low, high = section.constraints.pitch_range(part)
    out_of_range = [note for note in phrase.notes if not low <= note.pitch <= high]
    outside = [*out_of_range, *outside_notes(section, part, phrase, key, style)]
    return frozenset(note.onset_tick // TICKS_PER_BAR for note in outside)


def _clipped(wobbles: Sequence[Wobble], kept: Collection[int], bars: int, inside: bool) -> list[Wobble]:
    """The stretches of wobbles within bars that are kept, or within those that are not."""
    pieces = []
    for wobble in wobbles:
        bar = wobble.onset_tick // TICKS_PER_BAR
        while bar < bars and bar * TICKS_PER_BAR < wobble.end_tick:
            first = bar
            while bar < bars and (bar in kept) == inside and bar * TICKS_PER_BAR < wobble.end_tick:
                bar += 1
            if bar > first:
                start = max(wobble.onset_tick, first * TICKS_PER_BAR)
                stop = min(wobble.end_tick, bar * TICKS_PER_BAR)
                pieces.append(msgspec.structs.replace(wobble, onset_tick=start, duration_ticks=stop - start))
            else:
                bar += 1
    return pieces
