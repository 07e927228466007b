"""Frames of a song around one cell, for its writer: the other parts, the bars before and after, and bars that stay.

Imports NumPy but no JAX.
"""

from collections.abc import Collection

import numpy as np

from model.language.conditions import KINDS
from model.language.frames import (
    FRAMES_A_BAR,
    INSIDE,
    KIND,
    KNOWN,
    MARGIN_BARS,
    WRITTEN,
    blank_frames,
    content_columns,
    hide_part,
    part_content,
)
from song.notes import Phrase
from song.parts import PARTS, Part
from song.scales import Key, tonic_shift
from song.sections import Song


def cell_frames(
    song: Song,
    section: int,
    part: Part,
    key: Key,
    own: Phrase | None = None,
    kept: Collection[int] = (),
    kinds_known: bool = True,
) -> np.ndarray:
    """The frames for one cell, MARGIN_BARS around it included.

    Args:
        song: what stands in its cells is seen; an empty cell is unknown, not silent.
        section: index of the section.
        part: whose cell is written.
        key: the section's; pitch classes are counted from its tonic.
        own: what the cell has in the bars that stay.
        kept: the bars that stay, from 0.
        kinds_known: whether the sections' kinds are shown.

    Returns:
        float16 (F, FRAME_COLUMNS), F = (bars + 2 * MARGIN_BARS) * FRAMES_A_BAR.
    """
    bars, start_bars = song.sections[section].bars, song.start_bars()
    frames = blank_frames(bars + 2 * MARGIN_BARS)
    first_bar = start_bars[section] - MARGIN_BARS
    for index, (there, start) in enumerate(zip(song.sections, start_bars, strict=True)):
        low, high = max(start, first_bar), min(start + there.bars, first_bar + bars + 2 * MARGIN_BARS)
        if low >= high:
            continue
        rows = slice((low - first_bar) * FRAMES_A_BAR, (high - first_bar) * FRAMES_A_BAR)
        frames[rows, INSIDE] = 1
        frames[rows, KIND + KINDS.index(there.kind)] = kinds_known
        for other in PARTS:
            phrase = own if (index, other) == (section, part) else there.cell(other).phrase
            if phrase is None:
                continue
            content = part_content(other, phrase, key.tonic_class, -tonic_shift(other, key.tonic_class))
            within = content[(low - start) * FRAMES_A_BAR : (high - start) * FRAMES_A_BAR]
            frames[rows.start : rows.start + len(within), content_columns(other)] = within
            frames[rows, KNOWN + PARTS.index(other)] = 1
    frames[:, WRITTEN + PARTS.index(part)] = 1
    for bar in range(bars):
        if bar not in kept:
            at = (MARGIN_BARS + bar) * FRAMES_A_BAR
            hide_part(frames, part, slice(at, at + FRAMES_A_BAR))
    return frames
