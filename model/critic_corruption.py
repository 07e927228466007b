"""Real music made wrong, as frames: bars shuffled, a part of another song, the bass transposed. NumPy alone."""

import numpy as np

from model.frames import FRAMES_A_BAR, HEIGHT_UNIT, KNOWN, content_columns
from song.parts import PARTS, Part

CORRUPTIONS = ("bars shuffled", "part of another song", "bass transposed")
_CLASSES = slice(1, 13)
_HEIGHTS = slice(13, 15)


def shuffle_bars(frames: np.ndarray, part: Part, rng: np.random.Generator) -> np.ndarray | None:
    """The frames with a part's bars in another order, or None where no other order differs.

    Args:
        frames: float16 (bars * FRAMES_A_BAR, FRAME_COLUMNS).
        part: whose bars move; the others stay.
        rng: draws the order.
    """
    bars = len(frames) // FRAMES_A_BAR
    copy = frames.copy()
    content = frames[:, content_columns(part)].reshape(bars, FRAMES_A_BAR, -1)
    shuffled = content[rng.permutation(bars)]
    copy[:, content_columns(part)] = shuffled.reshape(len(frames), -1)
    return None if np.array_equal(content, shuffled) else copy


def swap_part(frames: np.ndarray, part: Part, other: np.ndarray) -> np.ndarray | None:
    """The frames with a part as another song has it, or None where no other part is known, or it sounds the same.

    Args:
        frames: float16 (bars * FRAMES_A_BAR, FRAME_COLUMNS).
        part: the part.
        other: frames of the other song; repeated where they are shorter.
    """
    beside = [KNOWN + PARTS.index(one) for one in PARTS if one is not part]
    if not frames[:, beside].any():
        return None
    copy = frames.copy()
    copy[:, content_columns(part)] = np.resize(other[:, content_columns(part)], copy[:, content_columns(part)].shape)
    return None if np.array_equal(copy, frames) else copy


def transpose_bass(frames: np.ndarray, semitones: int) -> np.ndarray | None:
    """The frames with the bass transposed within its octave, or None where it has no note.

    Args:
        frames: float16 (bars * FRAMES_A_BAR, FRAME_COLUMNS).
        semitones: -6 to 6 and not 0.
    """
    copy = frames.copy()
    content = copy[:, content_columns(Part.BASS)]
    sounds = content[:, _CLASSES].any(axis=1)
    content[:, _CLASSES] = np.roll(content[:, _CLASSES], semitones, axis=1)
    content[sounds, _HEIGHTS] += semitones / HEIGHT_UNIT
    return copy if sounds.any() else None
