"""A song as a REAPER project, which is plain text: a track a part, a MIDI item a section, markers, tempo and colours.

Places are in seconds, reckoned from the tempo changes of the MIDI file. Source: the MIDI items, markers and tempo
envelopes of projects that REAPER saves, as the rpp package's documentation and REAPER's forum describe them. Not tried
in REAPER itself.
"""

from collections.abc import Iterator

from song.export.arrangement import Arrangement, Clip
from song.export.looks import KIND_COLOURS, TRACK_COLOURS, swapped
from song.time import TICKS_PER_QUARTER

_CUSTOM_COLOUR = 0x1000000
_ALL_NOTES_OFF = 0x7B
_SQUARE = 1


def reaper_bytes(arrangement: Arrangement) -> bytes:
    """A song as the bytes of a REAPER project; the same song gives the same bytes."""
    return ("\n".join(_project(arrangement)) + "\n").encode()


def _project(arrangement: Arrangement) -> Iterator[str]:
    at = _Seconds(arrangement.tempi)
    yield '<REAPER_PROJECT 0.1 "6.0" 0'
    yield f"  TITLE {_quoted(arrangement.song.title)}"
    yield "  RIPPLE 0"
    yield f"  TEMPO {arrangement.tempo_at(0):.10g} 4 4"
    if len(arrangement.tempi) > 1:
        yield "  <TEMPOENVEX"
        yield "    ACT 1 -1"
        for tick, bpm in arrangement.tempi:
            yield f"    PT {at(tick):.9f} {bpm:.10g} {_SQUARE}"
        yield "  >"
    for stretch in arrangement.stretches:
        colour = _colour(KIND_COLOURS[stretch.section.kind])
        yield f"  MARKER {stretch.number} {at(stretch.start_tick):.9f} {_quoted(stretch.name)} 0 {colour}"
    for clips, track in zip(arrangement.clips, arrangement.tracks, strict=True):
        yield "  <TRACK"
        yield f"    NAME {_quoted(track.name)}"
        yield f"    PEAKCOL {_colour(TRACK_COLOURS[track.name])}"
        for clip in clips:
            if clip.notes:
                yield from _item(clip, at)
        yield "  >"
    yield ">"


def _item(clip: Clip, at: "_Seconds") -> Iterator[str]:
    start = at(clip.stretch.start_tick)
    yield "    <ITEM"
    yield f"      POSITION {start:.9f}"
    yield f"      LENGTH {at(clip.stretch.end_tick) - start:.9f}"
    yield "      LOOP 0"
    yield f"      NAME {_quoted(clip.name)}"
    yield "      <SOURCE MIDI"
    yield f"        HASDATA 1 {TICKS_PER_QUARTER} QN"
    channel, before = clip.track.channel, 0
    for tick, _, status, first, second in sorted(_events(clip)):
        yield f"        E {tick - before} {status | channel:02x} {first:02x} {second:02x}"
        before = tick
    # Its end, which REAPER tells from all notes being let go.
    yield f"        E {clip.stretch.section.length_ticks - before} {0xB0 | channel:02x} {_ALL_NOTES_OFF:02x} 00"
    yield "      >"
    yield "    >"


def _events(clip: Clip) -> Iterator[tuple[int, int, int, int, int]]:
    """Events as (tick, rank at that tick, status, data, data)."""
    yield 0, 0, 0xC0, clip.track.program, 0
    for tick, controller, value in clip.controllers:
        yield tick, 1, 0xB0, controller, value
    for note in clip.notes:
        yield note.onset_tick, 3, 0x90, note.pitch, note.velocity
        yield note.end_tick, 2, 0x80, note.pitch, 0


class _Seconds:
    """Seconds from the start to ticks, under tempo changes; asked for in any order."""

    def __init__(self, tempi: list[tuple[int, float]]) -> None:
        self._starts: list[tuple[int, float, float]] = []
        second, tick_before, bpm_before = 0.0, 0, 120.0
        for tick, bpm in tempi:
            second += (tick - tick_before) * 60 / (bpm_before * TICKS_PER_QUARTER)
            self._starts.append((tick, second, bpm))
            tick_before, bpm_before = tick, bpm

    def __call__(self, tick: int) -> float:
        found = next((one for one in reversed(self._starts) if one[0] <= tick), (0, 0.0, 120.0))
        return found[1] + (tick - found[0]) * 60 / (found[2] * TICKS_PER_QUARTER)


def _colour(colour: int) -> int:
    return _CUSTOM_COLOUR | swapped(colour)


def _quoted(words: str) -> str:
    """A text in the quotes that it does not hold itself; on one line."""
    line = "".join(letter if letter.isprintable() else " " for letter in words)
    mark = next((mark for mark in "\"'`" if mark not in line), None)
    return f'"{line}"' if mark == '"' else f"{mark}{line}{mark}" if mark else f"`{line.replace('`', chr(39))}`"
