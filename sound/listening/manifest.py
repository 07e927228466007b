"""A song as the page is told of it, as JSON: its sections and where they lie, and the notes and peaks of each."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from song.export.tracks import placed_notes, placed_wobbles
from song.export.wobble_cc import cycles
from song.notes import RATE_TICKS, cut_overlaps
from song.parts import PARTS, Part
from song.sections import Song
from song.terminal_text import inert
from song.time import bars_to_ticks
from sound.clock import Clock
from sound.listening.chunks import CHUNK_FRAMES
from sound.rates import SAMPLE_RATE
from sound.staging.section_sound import SectionSound
from sound.staging.stage import Standing
from sound.voices.wobble import opening

PEAK_FRAMES = 2400
"""Frames of each peak of the waveform, a twentieth of a second."""
_LANE_FRAMES = 480
"""Frames from one value of the wobble lane to the next, a hundredth of a second."""


def manifest(standing: Standing, ready: Mapping[str, bool]) -> dict[str, Any]:
    """A song and its sections.

    Args:
        standing: the song as it is.
        ready: for each key, whether its section is rendered.
    """
    song, keys = standing.song, standing.keys
    return {
        "type": "song",
        "title": inert(song.title),
        "key": song.key,
        "rate": SAMPLE_RATE,
        "chunk": CHUNK_FRAMES,
        "peak": PEAK_FRAMES,
        "lane": _LANE_FRAMES,
        "frames": standing.timeline.frames,
        "parts": [part.value for part in PARTS],
        "heard": [part.value for part in song.heard_parts()],
        "sections": [
            {
                "id": place.id,
                "name": inert(place.name),
                "kind": place.kind.value,
                "bars": place.bars,
                "start": place.start_frame,
                "frames": place.frames,
                "barStarts": list(place.bar_starts),
                "key": keys[index] if keys else "",
                "ready": bool(keys) and ready.get(keys[index], False),
            }
            for index, place in enumerate(standing.timeline.places)
        ],
    }


def section_facts(song: Song, index: int, sound: SectionSound) -> dict[str, Any]:
    """A rendered section as it is drawn: peaks, notes as [frame, frames, pitch, velocity], and the wobble lane.

    Args:
        song: its chosen takes count.
        index: of the section.
        sound: of that section.
    """
    clock, section = Clock(song), song.sections[index]
    start_tick = bars_to_ticks(song.start_bars()[index])
    origin = clock.frame(start_tick)

    def frame(tick: int) -> int:
        return clock.frame(start_tick + tick) - origin

    notes = {}
    for part in PARTS:
        phrase = section.cell(part).phrase
        played = cut_overlaps(phrase.notes, section.length_ticks) if phrase is not None else ()
        notes[part.value] = [
            (first := frame(note.onset_tick), frame(note.end_tick) - first, note.pitch, note.velocity)
            for note in played
        ]
    return {
        "frames": sound.frames,
        "peaks": {part.value: _peaks(stem) for part, stem in sound.stems.items()},
        "notes": notes,
        "wobble": _lane(song, clock, start_tick, start_tick + section.length_ticks),
    }


def _peaks(stem_Nx2: NDArray[np.int16]) -> list[int]:
    """The highest of each twentieth of a second, 0-255."""
    starts = np.arange(0, len(stem_Nx2), PEAK_FRAMES)
    highest = np.maximum.reduceat(stem_Nx2, starts).max(axis=1).astype(np.int32)
    lowest = np.minimum.reduceat(stem_Nx2, starts).min(axis=1).astype(np.int32)
    return [int(one) for one in np.minimum(np.maximum(highest, -lowest) // 128, 255)]


def _lane(song: Song, clock: Clock, start_tick: int, end_tick: int) -> list[int]:
    """The opening of the bass's filter, 0-100, every hundredth of a second; empty where nothing wobbles."""
    wobbles = [one for one in placed_wobbles(song) if start_tick <= one.onset_tick < end_tick]
    if not wobbles:
        return []
    bass = [note for note in placed_notes(song, Part.BASS) if start_tick <= note.onset_tick < end_tick]
    first, end = clock.frame(start_tick), clock.frame(end_tick)
    ticks = clock.ticks_at(np.arange(first, end, _LANE_FRAMES, dtype=np.float64))
    lane = np.zeros(len(ticks))
    for start, stop, wobble in cycles(wobbles, bass):
        since, until = np.searchsorted(ticks, (start, stop))
        lane[since:until] = opening(wobble, (ticks[since:until] - start) / RATE_TICKS[wobble.rate] % 1)
    return [round(100 * float(one)) for one in lane]
