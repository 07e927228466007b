"""Notes, wobbles and phrases: the music of one cell, counted in ticks from its section's start."""

from collections.abc import Callable, Sequence

import msgspec

from song.time import TICKS_PER_BAR

SHAPES = ("sine", "triangle", "square", "saw", "ramp")
"""LFO shapes. A saw falls from open to closed, a ramp rises from closed to open; each starts a cycle at a note."""

_PLAIN_TICKS = {"1/1": 384, "1/2": 192, "1/4": 96, "1/8": 48, "1/16": 24, "1/32": 12}

RATE_TICKS: dict[str, int] = {
    **_PLAIN_TICKS,
    **{f"{rate}.": ticks * 3 // 2 for rate, ticks in _PLAIN_TICKS.items()},
    **{f"{rate}T": ticks * 2 // 3 for rate, ticks in _PLAIN_TICKS.items()},
}
"""Ticks in one cycle of each wobble rate. "1/8." is dotted, "1/8T" a triplet: three cycles in the time of two 1/8."""

RATES = tuple(sorted(RATE_TICKS, key=lambda rate: -RATE_TICKS[rate]))
"""Every wobble rate, the slowest first."""


class Note(msgspec.Struct, frozen=True, order=True, gc=False):
    """One note.

    Attributes:
        onset_tick: 0 or more, from the section's start.
        duration_ticks: 1 or more.
        pitch: MIDI note number 0-127; for drums the General MIDI drum.
        velocity: 1-127.
    """

    onset_tick: int
    pitch: int
    duration_ticks: int
    velocity: int

    @property
    def end_tick(self) -> int:
        """The first tick after the note."""
        return self.onset_tick + self.duration_ticks


class Wobble(msgspec.Struct, frozen=True, order=True, gc=False):
    """A stretch of the bass over which a low-frequency oscillator moves its filter.

    Attributes:
        onset_tick: 0 or more, from the section's start; the oscillator starts a cycle here and at each note within.
        duration_ticks: 1 or more.
        rate: one of `RATES`.
        depth: 0-1; 0 leaves the filter open, 1 closes it fully once a cycle.
        shape: one of `SHAPES`.
    """

    onset_tick: int
    duration_ticks: int
    rate: str
    depth: float
    shape: str = "triangle"

    @property
    def end_tick(self) -> int:
        """The first tick after the stretch."""
        return self.onset_tick + self.duration_ticks


class Phrase(msgspec.Struct, frozen=True):
    """The music of one cell: its length, its notes in time order, and the wobbles of a bass.

    Attributes:
        bars: 1 or more.
        notes: sorted; every onset lies within the bars.
        wobbles: sorted and free of overlaps.
    """

    bars: int
    notes: tuple[Note, ...] = ()
    wobbles: tuple[Wobble, ...] = ()

    @property
    def length_ticks(self) -> int:
        """Ticks from the first bar line to the last."""
        return self.bars * TICKS_PER_BAR

    def onset_count(self) -> int:
        """The number of distinct ticks on which notes start."""
        return len({note.onset_tick for note in self.notes})

    def onsets_per_bar(self) -> float:
        """Distinct start ticks of the notes, divided by the bars: the published meaning of density."""
        return self.onset_count() / self.bars


def some_bars(phrase: Phrase, first: int, bars: int) -> Phrase:
    """Some bars of a phrase, counted from the first of them: what began before is left out, the end cut.

    Args:
        phrase: the music.
        first: the first bar, from 0.
        bars: how many, 1 or more.
    """
    low, high = first * TICKS_PER_BAR, (first + bars) * TICKS_PER_BAR
    notes = tuple(
        Note(note.onset_tick - low, note.pitch, min(note.duration_ticks, high - note.onset_tick), note.velocity)
        for note in phrase.notes
        if low <= note.onset_tick < high
    )
    wobbles = tuple(
        Wobble(one.onset_tick - low, min(one.duration_ticks, high - one.onset_tick), one.rate, one.depth, one.shape)
        for one in phrase.wobbles
        if low <= one.onset_tick < high
    )
    return Phrase(bars, notes, wobbles)


def silenced(phrase: Phrase, from_tick: int) -> Phrase:
    """The phrase with nothing sounding from a tick on: what begins there is left out, what reaches there cut."""
    notes = tuple(
        Note(note.onset_tick, note.pitch, min(note.duration_ticks, from_tick - note.onset_tick), note.velocity)
        for note in phrase.notes
        if note.onset_tick < from_tick
    )
    wobbles = tuple(
        Wobble(one.onset_tick, min(one.duration_ticks, from_tick - one.onset_tick), one.rate, one.depth, one.shape)
        for one in phrase.wobbles
        if one.onset_tick < from_tick
    )
    return Phrase(phrase.bars, notes, wobbles)


def cut_overlaps(notes: tuple[Note, ...], end_tick: int) -> tuple[Note, ...]:
    """The same notes, sorted, with no two of one pitch sounding at once and none past `end_tick`.

    The earlier of two notes is shortened; of two that start together on one pitch the longer stays, and of two as long
    the louder. A sampler that reads overlapping notes of one pitch swaps their lengths, and FL Studio glues them.
    """
    next_onset: dict[int, int] = {}
    kept: list[Note] = []
    for note in sorted(notes, key=lambda n: (-n.onset_tick, n.pitch, -n.duration_ticks, -n.velocity)):
        limit = next_onset.get(note.pitch, end_tick)
        if note.onset_tick >= limit:
            continue
        duration = min(note.duration_ticks, limit - note.onset_tick)
        kept.append(
            note if duration == note.duration_ticks else Note(note.onset_tick, note.pitch, duration, note.velocity)
        )
        next_onset[note.pitch] = note.onset_tick
    return tuple(sorted(kept))


def cut_at_boundaries(notes: Sequence[Note], side_of: Callable[[int], int]) -> list[Note]:
    """The notes, each cut at the first onset behind it that is on another side than its own.

    Args:
        notes: sorted.
        side_of: the side that a tick is on, such as of bars that were there before and others.
    """
    cut = []
    for index, note in enumerate(notes):
        side, end = side_of(note.onset_tick), note.end_tick
        for later in notes[index + 1 :]:
            if later.onset_tick >= end:
                break
            if later.onset_tick > note.onset_tick and side_of(later.onset_tick) != side:
                end = later.onset_tick
                break
        cut.append(msgspec.structs.replace(note, duration_ticks=end - note.onset_tick))
    return cut
