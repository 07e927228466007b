"""Bars of a phrase that stay, put under the letters of a form: all that a letter holds is then the same music."""

from collections.abc import Collection, Iterable, Sequence

import msgspec

from song.forms import letter_bars, model_bars, turn_bars
from song.notes import Note, Phrase, Wobble, cut_at_boundaries, cut_overlaps
from song.parts import PART_SPECS, Part
from song.sections import Section
from song.time import TICKS_PER_BAR, bars_to_ticks, ticks_to_bar


def keep_letters(phrase: Phrase, kept: Collection[int], section: Section, part: Part) -> tuple[Phrase, frozenset[int]]:
    """A phrase with bars that stay as they are, and with them all that the part's form wants to be the same music.

    Kept bars under one letter that differ stay as they are; the others of their letter are as the first of them.

    Args:
        phrase: the music.
        kept: bars of it that stay, from 0; those that the section or the phrase does not have are passed over.
        section: the one whose bars they are.
        part: whose music it is.

    Returns:
        The phrase, and the bars that stay.
    """
    staying = frozenset(bar for bar in kept if bar < min(section.bars, phrase.bars))
    form = section.constraints.form_of(part)
    if form is None:
        return phrase, staying
    models, turns = model_bars(form, section.constraints.form_bars, section.bars), turn_bars(section.bars)
    first = {models[bar]: bar for bar in sorted(staying - turns, reverse=True)}
    sources = {bar: first[model] for bar, model in enumerate(models) if bar not in turns and model in first}
    sources |= {bar: bar for bar in staying}
    if sources.keys() == staying:
        return phrase, staying
    return rearranged(phrase, [sources.get(bar, bar) for bar in range(section.bars)], part), frozenset(sources)


def put_under_letters(
    phrase: Phrase, kept: Collection[int], section: Section, part: Part
) -> tuple[Phrase, list[frozenset[int]]]:
    """Another section's phrase under the letters of a part's form, and what a variation keeps of it.

    Each letter has the music that the phrase has where the letter comes first. As many bars stay as the form allows
    without tearing a letter; those that come first stay, so that the listener recognizes the opening, and where all of
    them do, the turns change.

    Args:
        phrase: the music.
        kept: bars that would be kept without a form, from 0.
        section: the one that is to have them; its part has a form.
        part: whose music it is.

    Returns:
        The phrase, as long as the section, and the bars that stay, together what stays or goes together.
    """
    form, unit = section.constraints.form_of(part) or "", section.constraints.form_bars
    models, turns = model_bars(form, unit, section.bars), turn_bars(section.bars)
    letters = [frozenset(bars) for bars in letter_bars(form, unit, section.bars).values() if bars]
    wanted = sum(bar not in turns for bar in kept)
    stay: list[frozenset[int]] = []
    have = 0
    for letter in letters:
        is_there = all(models[bar] < phrase.bars for bar in letter)
        if is_there and abs(have + len(letter) - wanted) < abs(have - wanted):
            stay.append(letter)
            have += len(letter)
    if len(stay) < len(letters):
        stay += [frozenset({bar}) for bar in kept if bar in turns and bar < phrase.bars]
    return rearranged(phrase, [bar if bar in turns else model for bar, model in enumerate(models)], part), stay


def rearranged(phrase: Phrase, sources: Sequence[int], part: Part) -> Phrase:
    """The phrase made of bars of another, in any order.

    A note that reaches over into a bar that did not follow its own is cut there at the next note of its pitch, or at
    the next note at all where the part plays one at a time; a wobble is cut at the bar line.

    Args:
        phrase: the other.
        sources: for each bar, the bar of the other whose music it has; one that is not there is silence.
        part: whose music it is.
    """
    starts = [bar for bar in range(len(sources)) if not bar or sources[bar] != sources[bar - 1] + 1]
    notes: list[Note] = []
    wobbles: list[Wobble] = []
    for start, stop in zip(starts, [*starts[1:], len(sources)], strict=True):
        low, high = bars_to_ticks(sources[start]), bars_to_ticks(sources[start] + stop - start)
        later = bars_to_ticks(start) - low
        found = [
            msgspec.structs.replace(note, onset_tick=note.onset_tick + later)
            for note in phrase.notes
            if low <= note.onset_tick < high
        ]
        notes += found
        wobbles += _moved(phrase.wobbles, low, high, later, found)
    stretch = {bar: start for start in starts for bar in range(start, len(sources))}
    notes.sort()
    if PART_SPECS[part].polyphony == 1:
        notes = cut_at_boundaries(notes, lambda tick: stretch[ticks_to_bar(tick)])
    return Phrase(len(sources), cut_overlaps(tuple(notes), len(sources) * TICKS_PER_BAR), tuple(sorted(wobbles)))


def _moved(wobbles: Iterable[Wobble], low: int, high: int, later: int, notes: Sequence[Note]) -> Iterable[Wobble]:
    """Wobbles from one tick to another so much later; without one that has none of the notes there under it."""
    for wobble in wobbles:
        start, end = max(wobble.onset_tick, low) + later, min(wobble.end_tick, high) + later
        if start < end and any(note.onset_tick < end and start < note.end_tick for note in notes):
            yield msgspec.structs.replace(wobble, onset_tick=start, duration_ticks=end - start)
