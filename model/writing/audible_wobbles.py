"""Wobbles that can be heard as such: a rate is chosen for how long the bass goes on under it.

The network names a rate with each note before it is known how long that note will last. Here, where it is, a rate that
has no time for two cycles gives way to one that has. Imports no JAX.
"""

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from song.notes import RATE_TICKS, Note, Phrase, Wobble
from song.time import TICKS_PER_QUARTER

DRY_NOTES = 4
"""The most notes in a row without a wobble, in a bass that may wobble."""
ENOUGH_CYCLES, FEWEST_CYCLES = 2, 1
_LEAST_TICKS = TICKS_PER_QUARTER
"""A rate under a note that goes on holds for a beat or more; what changes sooner is no change."""
_SHORT_TICKS = TICKS_PER_QUARTER // 2
"""A note shorter than an eighth is a stab: fewer than two cycles under it are heard as its attack, not as a wobble."""


def audible_wobbles(phrase: Phrase, rates: Collection[str]) -> Phrase:
    """The phrase with every wobble at a rate that its length has time for, of those that are allowed.

    A wobble keeps its rate where two cycles fit. Else it takes the slowest of which two do, or else the fastest; it
    goes where not even one cycle of that fits, or under a stab. No more than `DRY_NOTES` in a row are left without,
    and of however few notes one keeps its wobble: whoever names rates wants to hear them. Wobbles of one note that
    change within a beat become one.

    Args:
        phrase: a bass; its wobbles lie within its notes.
        rates: what is allowed, of `song.notes.RATES`; not empty.
    """
    by_speed = sorted(rates, key=lambda rate: -RATE_TICKS[rate])
    waiting = _joined(phrase.wobbles, phrase.notes)
    kept: list[Wobble] = []
    last, gone = -1, -1
    latest: Wobble | None = None
    for number, note in enumerate(phrase.notes):
        while waiting and waiting[0].onset_tick < note.end_tick:
            wobble = _fitted(waiting.pop(0), by_speed)
            if _is_heard(wobble):
                kept.append(wobble)
                last = number
            else:
                gone, latest = number, wobble
        if number - last > DRY_NOTES and gone > last and latest is not None:
            kept.append(latest)
            last = gone
    # A few notes alone are no row, and rates were named for them too.
    if not kept and latest is not None:
        kept.append(latest)
    return replace(phrase, wobbles=tuple(kept))


def _fitted(wobble: Wobble, by_speed: Sequence[str]) -> Wobble:
    enough = [rate for rate in (wobble.rate, *by_speed) if _cycles(wobble, rate) >= ENOUGH_CYCLES]
    return replace(wobble, rate=enough[0] if enough else by_speed[-1])


def _is_heard(wobble: Wobble) -> bool:
    cycles = _cycles(wobble, wobble.rate)
    return cycles >= (ENOUGH_CYCLES if wobble.duration_ticks < _SHORT_TICKS else FEWEST_CYCLES)


def _cycles(wobble: Wobble, rate: str) -> float:
    return wobble.duration_ticks / RATE_TICKS[rate]


def _joined(wobbles: Sequence[Wobble], notes: Sequence[Note]) -> list[Wobble]:
    """The wobbles, those of one note that follow within a beat as one, at the rate and depth of the longer."""
    onsets = {note.onset_tick for note in notes}
    joined: list[Wobble] = []
    longest = 0
    for wobble in wobbles:
        before = joined[-1] if joined else None
        goes_on = before is not None and before.end_tick == wobble.onset_tick and wobble.onset_tick not in onsets
        if before is not None and goes_on and min(before.duration_ticks, wobble.duration_ticks) < _LEAST_TICKS:
            whole = before.duration_ticks + wobble.duration_ticks
            leading = wobble if wobble.duration_ticks > longest else before
            longest = max(longest, wobble.duration_ticks)
            joined[-1] = replace(leading, onset_tick=before.onset_tick, duration_ticks=whole)
        else:
            joined.append(wobble)
            longest = wobble.duration_ticks
    return joined
