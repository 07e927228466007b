"""The tempo of a song as changes, written only where it changes, and as a curve for programs that draw one."""

from collections.abc import Iterator

from song.limits import MAX_TEMPO_BPM, MIN_TEMPO_BPM
from song.sections import Song
from song.time import QUARTERS_PER_BAR, TICKS_PER_QUARTER, bars_to_ticks, ramp

_MICROSECONDS = 60_000_000


def microseconds(tempo_bpm: float) -> int:
    """A tempo as MIDI writes it: microseconds a quarter."""
    return round(_MICROSECONDS / tempo_bpm)


def tempo_changes(song: Song) -> list[tuple[int, float]]:
    """The tempo changes of a song, as (tick, quarters a minute): only where a MIDI file would hold another number.

    A ramp changes once a quarter.

    Raises:
        ValueError: for a tempo out of range: three bytes hold none below 3.6.
    """
    changes: list[tuple[int, float]] = []
    last = 0
    for start_bar, section in zip(song.start_bars(), song.sections, strict=True):
        for tick, tempo_bpm in ramp(*section.constraints.tempo_bpm, section.bars):
            if not MIN_TEMPO_BPM <= tempo_bpm <= MAX_TEMPO_BPM:
                raise ValueError(f"tempo {tempo_bpm} is outside {MIN_TEMPO_BPM:g}-{MAX_TEMPO_BPM:g}")
            written = microseconds(tempo_bpm)
            if written != last:
                changes.append((bars_to_ticks(start_bar) + tick, tempo_bpm))
                last = written
    return changes


def tempo_corners(song: Song) -> list[tuple[int, float]]:
    """The corners of the tempo's curve as (tick, quarters a minute); two on one tick are a step.

    On each quarter of a ramp the curve has the tempo that `tempo_changes` has; it is straight between.
    """
    corners: list[tuple[int, float]] = []
    for tick, tempo_bpm in _corners(song):
        if not corners or corners[-1] != (tick, tempo_bpm):
            corners.append((tick, tempo_bpm))
    return corners


def _corners(song: Song) -> Iterator[tuple[int, float]]:
    for start_bar, section in zip(song.start_bars(), song.sections, strict=True):
        start, end = bars_to_ticks(start_bar), bars_to_ticks(start_bar + section.bars)
        first, last = section.constraints.tempo_bpm
        yield start, first
        if first != last:
            yield start + (section.bars * QUARTERS_PER_BAR - 1) * TICKS_PER_QUARTER, last
        yield end, last
