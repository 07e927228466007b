"""Frames of a take as the critic sees them: the sixteenths of its own bars.

They hold no velocities and no timing finer than a sixteenth, which would give a source away, and neither section kind
nor style, which the critic is to find out. Imports NumPy but no JAX.
"""

import numpy as np

from model.language.frames import (
    FRAMES_A_BAR,
    GRID,
    INSIDE,
    KIND,
    KNOWN,
    MARGIN_BARS,
    WRITTEN,
    content_columns,
    hide_part,
    part_content,
)
from song.notes import Phrase
from song.parts import PARTS, Part
from song.scales import Key, tonic_shift

MOST_BARS = 16
"""Bars that the critic hears at once; a longer cell is judged in stretches of so many."""
COLUMNS = KIND + INSIDE - GRID
"""Numbers of a sixteenth: what all parts play, which are known, which is judged, and the place in the bar."""
PLAYED = slice(0, KNOWN)
WRITTEN_HERE = slice(WRITTEN, WRITTEN + len(PARTS))
"""Those of them that say what is played, and those that say whose take it is."""
CLASSES = 12
CLASS_COLUMNS = slice(1, 1 + CLASSES)
HEIGHT_COLUMNS = slice(1 + CLASSES, 3 + CLASSES)
"""Where in a pitched part's content its pitch classes and heights lie, behind the onsets."""


def take_frames(around: np.ndarray, part: Part, phrase: Phrase, key: Key) -> np.ndarray:
    """The frames of a cell's own bars with a take in them.

    Args:
        around: float16 (F, FRAME_COLUMNS), the cell's frames and its margins' as `cell_frames.cell_frames` gives them;
            left as they are.
        part: whose cell it is.
        phrase: the take.
        key: the section's.

    Returns:
        float16 array, shape (bars * FRAMES_A_BAR, FRAME_COLUMNS).
    """
    frames = around[MARGIN_BARS * FRAMES_A_BAR : len(around) - MARGIN_BARS * FRAMES_A_BAR].copy()
    content = part_content(part, phrase, key.tonic_class, -tonic_shift(part, key.tonic_class))[: len(frames)]
    frames[:, content_columns(part)] = 0
    frames[: len(content), content_columns(part)] = content
    frames[:, KNOWN + PARTS.index(part)] = 1
    return frames


def hide_later_parts(frames: np.ndarray, part: Part) -> np.ndarray:
    """A copy of frames in which only a part and those that are written before it are known.

    Args:
        frames: float16 (F, FRAME_COLUMNS), left as they are.
        part: the last part that stays known.

    Returns:
        float16 (F, FRAME_COLUMNS).
    """
    copy = frames.copy()
    for other in PARTS[PARTS.index(part) + 1 :]:
        hide_part(copy, other)
    return copy


def critic_bars(frames: np.ndarray, part: Part) -> np.ndarray:
    """Frames as the critic hears them.

    Args:
        frames: float16 (bars * FRAMES_A_BAR, FRAME_COLUMNS), the take in them.
        part: the part that is judged.

    Returns:
        float16 array, shape (bars, FRAMES_A_BAR, COLUMNS).
    """
    heard = np.concatenate([frames[:, :KIND], frames[:, GRID:INSIDE]], axis=1)
    heard[:, WRITTEN_HERE] = np.arange(len(PARTS)) == PARTS.index(part)
    return heard.reshape(-1, FRAMES_A_BAR, COLUMNS)
