"""Small pictures of a phrase: how busy it is over its length, in few columns. Numbers only; widgets pick the glyphs."""

from song.notes import Phrase
from song.parts import PART_SPECS, Part
from song.time import TICKS_PER_BAR


def onset_levels(phrase: Phrase, part: Part, slots: int, top: int) -> list[int]:
    """The busyness of each of `slots` equal stretches of a phrase: 0 where nothing starts, else 1 to `top`.

    The top stands for the part's onsets a bar at density 1, or more.

    Args:
        phrase: the music.
        part: whose density is the measure.
        slots: 1 or more.
        top: 1 or more.
    """
    counts = onset_counts(phrase, slots)
    bars_per_slot = phrase.length_ticks / slots / TICKS_PER_BAR
    busiest = PART_SPECS[part].high_onsets * bars_per_slot
    return [0 if not count else min(top, max(1, round(top * count / max(busiest, 1)))) for count in counts]


def onset_counts(phrase: Phrase, slots: int) -> list[int]:
    """The number of ticks that a note starts on, in each of `slots` equal stretches of a phrase.

    Args:
        phrase: the music.
        slots: 1 or more.
    """
    counts = [0] * slots
    for onset in {note.onset_tick for note in phrase.notes}:
        counts[min(slots - 1, onset * slots // phrase.length_ticks)] += 1
    return counts
