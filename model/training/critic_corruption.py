"""Real music made wrong, as frames: bars shuffled, a part of another song, the bass transposed. NumPy alone.

What would sound as it did is not wrong: loops whose bars trade places, or a part that does what the other song's did.
"""

import numpy as np

from model.critic.frames import CLASS_COLUMNS, CLASSES, HEIGHT_COLUMNS
from model.language.frames import FRAMES_A_BAR, HEIGHT_UNIT, KNOWN, content_columns
from song.parts import PARTS, Part

SHUFFLED, SWAPPED, SWAPPED_KEY, TRANSPOSED = CORRUPTIONS = (
    "bars shuffled",
    "part of another song",
    "part of another song, in another key",
    "bass transposed",
)
_TRANSPOSITIONS = (-6, -4, -3, -2, -1, 1, 2, 3, 4, 6)
"""Not by a fourth or a fifth, which may well be right."""
_MOVED, _STRANGE = 0.125, 0.4
"""The least share of the sounding sixteenths that shuffling and another song's part have to change."""
_ORDERS = 4


def corrupt(
    frames: np.ndarray, part: Part, corruption: str, other: np.ndarray, rng: np.random.Generator
) -> np.ndarray | None:
    """Frames made wrong, or None where they cannot be so in this way.

    Args:
        frames: float16 (bars * FRAMES_A_BAR, FRAME_COLUMNS), of a real cell.
        part: the part that is judged; what is transposed is the bass, which it is or has beside it.
        corruption: one of `CORRUPTIONS`.
        other: float16 (its bars * FRAMES_A_BAR, FRAME_COLUMNS), a cell of the same part of another song.
        rng: draws orders and transpositions.

    Returns:
        A copy, float16 (bars * FRAMES_A_BAR, FRAME_COLUMNS), or None.
    """
    if corruption == SHUFFLED:
        return shuffle_bars(frames, part, rng)
    if corruption == SWAPPED:
        return swap_part(frames, part, other)
    if corruption == SWAPPED_KEY:
        return None if part is Part.DRUMS else swap_part(frames, part, other, int(rng.choice(_TRANSPOSITIONS)))
    return None if part is Part.DRUMS else transpose_bass(frames, int(rng.choice(_TRANSPOSITIONS)))


def shuffle_bars(frames: np.ndarray, part: Part, rng: np.random.Generator) -> np.ndarray | None:
    """The frames with a part's bars in another order, or None where no order was found that sounds different.

    Another order is one in which bars repeat each other differently: ABAB becomes AABB, not BABA. Where no bar is like
    another every order will do that moves enough.

    Args:
        frames: float16 (bars * FRAMES_A_BAR, FRAME_COLUMNS).
        part: whose bars move; the others stay.
        rng: draws the order.

    Returns:
        A copy, float16 (bars * FRAMES_A_BAR, FRAME_COLUMNS), or None.
    """
    bars = len(frames) // FRAMES_A_BAR
    content = frames[:, content_columns(part)].reshape(bars, FRAMES_A_BAR, -1)
    names = [bar.tobytes() for bar in content]
    form = _form(names)
    for _ in range(_ORDERS):
        order = rng.permutation(bars)
        shuffled = content[order].reshape(len(frames), -1)
        if len(set(names)) < bars and _form([names[bar] for bar in order]) == form:
            continue
        if _changed(frames[:, content_columns(part)], shuffled) >= _MOVED:
            copy = frames.copy()
            copy[:, content_columns(part)] = shuffled
            return copy
    return None


def swap_part(frames: np.ndarray, part: Part, other: np.ndarray, semitones: int = 0) -> np.ndarray | None:
    """The frames with a part as another song has it, or None where no other part is known, or it sounds much the same.

    Args:
        frames: float16 (bars * FRAMES_A_BAR, FRAME_COLUMNS).
        part: the part.
        other: float16 (its bars * FRAMES_A_BAR, FRAME_COLUMNS), frames of the other song, whose tonic becomes this
            one's; repeated where they are shorter, cut where longer.
        semitones: how much further it is moved, so that it is in another key.

    Returns:
        A copy, float16 (bars * FRAMES_A_BAR, FRAME_COLUMNS), or None.
    """
    beside = [KNOWN + PARTS.index(one) for one in PARTS if one is not part]
    if not frames[:, beside].any():
        return None
    copy = frames.copy()
    content = copy[:, content_columns(part)]
    content[:] = np.resize(other[:, content_columns(part)], content.shape)
    if semitones:
        _transpose(content, semitones)
    return copy if _changed(frames[:, content_columns(part)], content) >= _STRANGE else None


def transpose_bass(frames: np.ndarray, semitones: int) -> np.ndarray | None:
    """The frames with the bass transposed within its octave, or None where it has no note.

    Args:
        frames: float16 (bars * FRAMES_A_BAR, FRAME_COLUMNS).
        semitones: -6 to 6 and not 0.

    Returns:
        A copy, float16 (bars * FRAMES_A_BAR, FRAME_COLUMNS), or None.
    """
    copy = frames.copy()
    content = copy[:, content_columns(Part.BASS)]
    if not content[:, CLASS_COLUMNS].any():
        return None
    _transpose(content, semitones)
    return copy


def _transpose(content: np.ndarray, semitones: int) -> None:
    """Move what a pitched part plays, in place."""
    sounds = content[:, CLASS_COLUMNS].any(axis=1)
    content[:, CLASS_COLUMNS] = np.roll(content[:, CLASS_COLUMNS], semitones % CLASSES, axis=1)
    content[sounds, HEIGHT_COLUMNS] += semitones / HEIGHT_UNIT


def _form(names: list[bytes]) -> list[int]:
    """Each bar's letter, in the order in which they come: the form of ABAB and of BABA is 0101."""
    letters: dict[bytes, int] = {}
    return [letters.setdefault(name, len(letters)) for name in names]


def _changed(before: np.ndarray, after: np.ndarray) -> float:
    """The share of the sixteenths that sound in either that are not alike."""
    sounds = before.any(axis=1) | after.any(axis=1)
    return float((before != after).any(axis=1)[sounds].mean()) if sounds.any() else 0.0
