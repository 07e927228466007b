"""Tempo changes as a table, for programs that take no tempo from a MIDI file, and for people."""

from collections.abc import Iterator

from song.export.arrangement import Arrangement
from song.export.bundle_files import BundleFile
from song.time import TICKS_PER_BAR, TICKS_PER_QUARTER, seconds

_HEAD = "bar,beat,tick,seconds,bpm"


def tempo_file(arrangement: Arrangement) -> Iterator[BundleFile]:
    """Tempo.csv: a line a change, with bar and beat from 1, the tick and the second from 0."""
    lines = [_HEAD]
    at, tick_before, bpm_before = 0.0, 0, 120.0
    for tick, bpm in arrangement.tempi:
        at += seconds([(0, bpm_before)], tick - tick_before)
        bar, within = divmod(tick, TICKS_PER_BAR)
        lines.append(f"{bar + 1},{within // TICKS_PER_QUARTER + 1},{tick},{at:.3f},{bpm:.6g}")
        tick_before, bpm_before = tick, bpm
    yield BundleFile("Tempo.csv", ("\r\n".join(lines) + "\r\n").encode())
