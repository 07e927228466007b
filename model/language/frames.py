"""Frames of the music around the bars being written: one a sixteenth, every part side by side.

A frame holds what each part does in it, whether that part is known there at all, and where in bar and form it stands.
Which parts are known is the caller's business: the part being written is hidden in the bars to be written. Imports
NumPy but no JAX.
"""

from collections.abc import Mapping

import numpy as np

from model.language.conditions import KINDS
from model.language.events import POSITIONS
from song.drums import GROUP_OF, GROUPS
from song.notes import RATE_TICKS, Phrase
from song.parts import PARTS, Part
from song.time import TICKS_PER_BAR

FRAMES_A_BAR = 16
POSITIONS_A_FRAME = POSITIONS // FRAMES_A_BAR
TICKS_A_FRAME = TICKS_PER_BAR // FRAMES_A_BAR
MARGIN_BARS = 2
"""Bars before and after the ones being written that are seen too."""

_CLASSES = 12
_PITCHED = 1 + _CLASSES + 2
"""Columns of a pitched part: an onset, the pitch classes that sound, the lowest and the highest note's height."""
HEIGHT_UNIT = 24.0
"""Semitones above or below middle C that a height of 1 stands for."""

WIDTHS = {Part.DRUMS: len(GROUPS), Part.BASS: _PITCHED + 1, Part.CHORDS: _PITCHED, Part.LEAD: _PITCHED}
"""Columns of each part's content; the bass has one more for its wobble."""
_STARTS = dict(zip(PARTS, np.cumsum([0, *(WIDTHS[part] for part in PARTS[:-1])]).tolist(), strict=True))
CONTENT = sum(WIDTHS.values())
KNOWN = CONTENT
"""First of four columns that say which parts are known in a frame; then four that say which is written."""
WRITTEN = KNOWN + len(PARTS)
KIND = WRITTEN + len(PARTS)
"""First of the columns of the section kind, none set where it is unknown."""
GRID = KIND + len(KINDS)
"""First of the columns of the place in the bar: a sixteenth of the beat, then a beat of the bar."""
INSIDE = GRID + 8
"""The column that says whether the frame lies within the piece."""
FRAME_COLUMNS = INSIDE + 1


def content_columns(part: Part) -> slice:
    """Where a part's content lies in a frame."""
    return slice(_STARTS[part], _STARTS[part] + WIDTHS[part])


def part_content(part: Part, phrase: Phrase, tonic_class: int, shift: int) -> np.ndarray:
    """The content of one part in each sixteenth of a phrase.

    Args:
        part: whose phrase it is.
        phrase: the music.
        tonic_class: pitch class 0-11 of the tonic that pitch classes are counted from.
        shift: semitones added to a pitch for its height, as the network's octaves have it.

    Returns:
        float16 array, shape (bars * FRAMES_A_BAR, WIDTHS[part]).
    """
    frames = np.zeros((phrase.bars * FRAMES_A_BAR, WIDTHS[part]), np.float16)
    lowest = np.full(len(frames), 127)
    highest = np.full(len(frames), -1)
    for note in phrase.notes:
        # A drummer's note a little early belongs to the sixteenth that it means.
        first = min(round(note.onset_tick / TICKS_A_FRAME), len(frames) - 1)
        if part is Part.DRUMS:
            group = GROUP_OF.get(note.pitch)
            if group is not None:
                frames[first, group] = 1
            continue
        end = max(first + 1, round(note.end_tick / TICKS_A_FRAME))
        frames[first, 0] = 1
        frames[first:end, 1 + (note.pitch - tonic_class) % _CLASSES] = 1
        lowest[first:end] = np.minimum(lowest[first:end], note.pitch)
        highest[first:end] = np.maximum(highest[first:end], note.pitch)
    if part is Part.DRUMS:
        return frames
    sounds = highest >= 0
    frames[sounds, 1 + _CLASSES] = (lowest[sounds] + shift - 60) / HEIGHT_UNIT
    frames[sounds, 2 + _CLASSES] = (highest[sounds] + shift - 60) / HEIGHT_UNIT
    if part is Part.BASS:
        for wobble in phrase.wobbles:
            speed = 1 + np.log2(TICKS_PER_BAR / RATE_TICKS[wobble.rate])
            frames[wobble.onset_tick // TICKS_A_FRAME : -(-wobble.end_tick // TICKS_A_FRAME), _PITCHED] = speed / 4
    return frames


def blank_frames(bars: int) -> np.ndarray:
    """Frames of bars in which nothing is known but the place in the bar: float16 (bars * FRAMES_A_BAR, columns)."""
    frames = np.zeros((bars * FRAMES_A_BAR, FRAME_COLUMNS), np.float16)
    places = np.arange(len(frames)) % FRAMES_A_BAR
    frames[np.arange(len(frames)), GRID + places % 4] = 1
    frames[np.arange(len(frames)), GRID + 4 + places // 4] = 1
    return frames


def piece_content(
    phrases: Mapping[Part, Phrase], tonic_class: int, shifts: Mapping[Part, int], bars: int
) -> np.ndarray:
    """The parts of a piece as frames, all known where there is a phrase: float16 (bars * FRAMES_A_BAR, columns)."""
    frames = blank_frames(bars)
    frames[:, INSIDE] = 1
    for part, phrase in phrases.items():
        content = part_content(part, phrase, tonic_class, shifts.get(part, 0))[: len(frames)]
        frames[: len(content), content_columns(part)] = content
        frames[:, KNOWN + PARTS.index(part)] = 1
    return frames


def hide_part(frames: np.ndarray, part: Part, rows: np.ndarray | slice = slice(None)) -> None:
    """Make a part unknown in some frames, in place.

    Args:
        frames: float16 (F, FRAME_COLUMNS).
        part: the part to hide.
        rows: where to hide it: bool (F,), or a slice; everywhere by default.
    """
    frames[rows, content_columns(part)] = 0
    frames[rows, KNOWN + PARTS.index(part)] = 0
