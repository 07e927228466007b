"""Wobbles in what a source tells of a bass: controllers that go round at a musical rate, and synced filters.

A curve is read twice: as this program writes one (`corpus.analysis.wobble_written`), and where that explains nothing
as anybody else might write one (`corpus.analysis.wobble_played`).
"""

from collections.abc import Mapping, Sequence

import msgspec

from corpus.analysis.wobble_played import as_played
from corpus.analysis.wobble_written import as_written
from corpus.tracks import NoteWobble, RawTrack
from song.export.wobble_cc import DEPTH_CONTROLLER, FILTER_CONTROLLER
from song.notes import Note, Wobble
from song.time import TICKS_PER_BAR

EXPRESSION_CONTROLLER = 11
CONTROLLERS = (FILTER_CONTROLLER, DEPTH_CONTROLLER, EXPRESSION_CONTROLLER)
"""The controllers that a wobble may lie on, the likeliest first."""

_LONGEST_TICKS = 16 * TICKS_PER_BAR
"""Of a longer note only the beginning is looked at."""
_GRID_TICKS = 4


def heard_wobbles(track: RawTrack) -> dict[int, tuple[NoteWobble, ...]]:
    """The wobbles of a bass, by the onset of the note that they lie in; notes without any are left out."""
    if track.wobble is not None:
        low_pass = track.wobble
        return {
            note.onset_tick: (NoteWobble(0, note.duration_ticks, low_pass.rate, low_pass.depth, low_pass.shape),)
            for note in track.notes
        }
    stretches = _stretches(track.notes)
    if FILTER_CONTROLLER in track.curves and DEPTH_CONTROLLER in track.curves:
        found = as_written(track.curves[FILTER_CONTROLLER], track.curves[DEPTH_CONTROLLER], stretches)
        if found:
            return found
    for controller in CONTROLLERS:
        if controller in track.curves:
            found = as_played(track.curves[controller], stretches)
            if found:
                return found
    return {}


def whole_lane(track: RawTrack) -> tuple[Wobble, ...]:
    """The wobbles of a bass in one lane, each to the tick; those of an export of ours as they were."""
    stretches = _stretches(track.notes)
    sounding = [Note(start, 0, end - start, 1) for start, end in stretches if end > start]
    if DEPTH_CONTROLLER in track.curves:
        # A filter that never moves is no curve to the reader; half a cycle of a square leaves it open.
        curve = track.curves.get(FILTER_CONTROLLER, ())
        written = as_written(curve, track.curves[DEPTH_CONTROLLER], stretches, exactly=True)
        if written:
            return _exact_lane(sounding, written)
    return _exact_lane(sounding, heard_wobbles(track))


def _exact_lane(sounding: Sequence[Note], heard: Mapping[int, tuple[NoteWobble, ...]]) -> tuple[Wobble, ...]:
    return wobble_lane(sounding, [heard.get(note.onset_tick, ()) for note in sounding], grid_ticks=1)[0]


def wobble_lane(
    notes: Sequence[Note], heard: Sequence[tuple[NoteWobble, ...]], grid_ticks: int = _GRID_TICKS
) -> tuple[tuple[Wobble, ...], tuple[float, ...]]:
    """The wobbles of a bass in one lane, and the phase that each begins with.

    What goes on from note to note in the same way is one wobble: its oscillator starts again at each note anyhow.

    Args:
        notes: one at a time, sorted.
        heard: the wobbles of each note, in order.
        grid_ticks: what onsets within a note are moved to multiples of.
    """
    lane: list[tuple[Wobble, float]] = []
    is_held = False
    for note, within in zip(notes, heard, strict=True):
        for one in within:
            start = note.onset_tick + (one.offset_ticks + grid_ticks // 2) // grid_ticks * grid_ticks
            end = min(start + one.duration_ticks, note.end_tick)
            # A note's own length was rounded: a wobble that reached its end still does.
            if note.end_tick - end < grid_ticks and one is within[-1]:
                end = note.end_tick
            if end <= start:
                continue
            # Its onset was moved to the grid, and may lie before the end of the one before.
            if lane and lane[-1][0].end_tick > start:
                before, before_phase = lane.pop()
                if before.onset_tick < start:
                    cut = msgspec.structs.replace(before, duration_ticks=start - before.onset_tick)
                    lane.append((cut, before_phase))
            new = Wobble(start, end - start, one.rate, one.depth, one.shape)
            if is_held and start == note.onset_tick and _goes_on(lane[-1], new, one.phase):
                last, phase = lane[-1]
                lane[-1] = (msgspec.structs.replace(last, duration_ticks=end - last.onset_tick), phase)
            else:
                lane.append((new, one.phase))
            is_held = end == note.end_tick
        is_held = is_held and bool(within)
    return tuple(wobble for wobble, _ in lane), tuple(phase for _, phase in lane)


def _goes_on(last: tuple[Wobble, float], new: Wobble, phase: float) -> bool:
    wobble, last_phase = last
    alike = (wobble.rate, wobble.depth, wobble.shape, last_phase) == (new.rate, new.depth, new.shape, phase)
    return alike and 0 <= new.onset_tick - wobble.end_tick < TICKS_PER_BAR


def _stretches(notes: Sequence[Note]) -> list[tuple[int, int]]:
    """From each onset to the next, or to where nothing sounds any more: (start, end) ticks, in order."""
    ends: dict[int, int] = {}
    for note in notes:
        ends[note.onset_tick] = max(note.end_tick, ends.get(note.onset_tick, 0))
    onsets = sorted(ends)
    found, reach = [], 0
    for index, onset in enumerate(onsets):
        reach = max(reach, ends[onset])
        end = min(reach, onsets[index + 1]) if index + 1 < len(onsets) else reach
        found.append((onset, min(end, onset + _LONGEST_TICKS)))
    return found
