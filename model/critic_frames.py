"""What the critic sees of a take: the frames of its own bars, and how far each bar repeats earlier ones.

It sees no velocities, no timing finer than a sixteenth, no section kind and no style: what would give a source away, or
what it is to find out. Imports NumPy but no JAX.
"""

import numpy as np

from corpus.keys import tonic_shift
from model.features import LAGS
from model.frames import (
    FRAME_COLUMNS,
    FRAMES_A_BAR,
    GRID,
    KIND,
    KNOWN,
    MARGIN_BARS,
    content_columns,
    hide_part,
    part_content,
)
from song.notes import Phrase
from song.parts import PARTS, Part
from song.scales import Key

MOST_BARS = 16
"""Bars that the critic hears at once; a longer cell is judged in stretches of so many."""
FRAMES_A_STEP = 2
STEPS_A_BAR = FRAMES_A_BAR // FRAMES_A_STEP
"""The critic steps once an eighth."""
STEP_COLUMNS = FRAMES_A_STEP * (KIND + FRAME_COLUMNS - GRID + len(LAGS))
"""Numbers of one step: two frames, the section kind left out, and how they compare to the same place bars before."""


def take_frames(around: np.ndarray, part: Part, phrase: Phrase, key: Key) -> np.ndarray:
    """The frames of a cell's own bars with a take in them.

    Args:
        around: the frames of the cell as `surroundings.cell_frames` gives them; left as they are.
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
    """A copy of frames in which only a part and those that are written before it are known."""
    copy = frames.copy()
    for other in PARTS[PARTS.index(part) + 1 :]:
        hide_part(copy, other)
    return copy


def critic_steps(frames: np.ndarray, part: Part) -> np.ndarray:
    """Frames as the critic's steps.

    Args:
        frames: float16 (bars * FRAMES_A_BAR, FRAME_COLUMNS), the take in them.
        part: the part that is judged.

    Returns:
        float16 array, shape (bars * STEPS_A_BAR, STEP_COLUMNS).
    """
    columns = np.concatenate([frames[:, :KIND], frames[:, GRID:], _repeats(frames[:, content_columns(part)])], axis=1)
    return columns.reshape(len(frames) // FRAMES_A_STEP, STEP_COLUMNS)


def _repeats(content: np.ndarray) -> np.ndarray:
    """For each lag 1 where a frame of the part is as it was so many bars ago, -1 where not, 0 where both are silent."""
    same = np.zeros((len(content), len(LAGS)), np.float16)
    for column, lag in enumerate(LAGS):
        back = lag * FRAMES_A_BAR
        if back >= len(content):
            continue
        now, before = content[back:], content[:-back]
        differs = np.abs(now - before).max(axis=1) > 0
        sounds = np.abs(now).max(axis=1) + np.abs(before).max(axis=1) > 0
        same[back:, column] = np.where(differs, -1.0, np.where(sounds, 1.0, 0.0))
    return same
