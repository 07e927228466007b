"""Spectrograms as small PNG files: time to the right, pitch upwards, loudness as brightness."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from sound.dsp.compiled import rfft
from sound.rates import SAMPLE_RATE

LOWEST_HZ, HIGHEST_HZ = 25.0, 16_000.0
_WINDOW = 8192
_RANGE_DB = 75.0
_STEPS = ((0, 0, 4), (40, 11, 84), (101, 21, 110), (159, 42, 99), (212, 72, 66), (245, 125, 21), (252, 255, 164))
"""Colours from silence to full loudness."""
_COLOURS = 32


def spectrogram(samples_N: NDArray[np.float32], width: int, height: int) -> NDArray[np.float64]:
    """Levels in dB below the loudest, (height, width), the lowest pitch in the last row.

    Args:
        samples_N: mono sound.
        width, height: columns and rows.
    """
    padded = np.concatenate((np.zeros(_WINDOW // 2), samples_N, np.zeros(_WINDOW))).astype(np.float32)
    starts = np.linspace(0, len(samples_N), width, endpoint=False).astype(int)
    pitch = LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ) ** (np.arange(height + 1) / height)
    edges = pitch / SAMPLE_RATE * _WINDOW
    window = np.hanning(_WINDOW).astype(np.float32)
    columns = []
    for start in starts:
        power = np.abs(rfft(padded[start : start + _WINDOW] * window)) ** 2
        # The power up to each edge, so that a row holds all between its edges.
        below = np.interp(edges, np.arange(len(power)) + 0.5, np.cumsum(power))
        columns.append(np.diff(below))
    levels = 10 * np.log10(np.array(columns).T[::-1] + 1e-12)
    return np.asarray(levels - levels.max())


def png(levels_HxW: NDArray[np.float64]) -> bytes:
    """A picture of levels in dB, (H, W), as the bytes of a PNG file of 32 colours."""
    height, width = levels_HxW.shape
    index = np.clip((1 + levels_HxW / _RANGE_DB) * (_COLOURS - 1), 0, _COLOURS - 1).round().astype(np.uint8)
    rows = b"".join(b"\x00" + row.tobytes() for row in index)
    at = np.linspace(0, len(_STEPS) - 1, _COLOURS)
    palette = np.stack([np.interp(at, range(len(_STEPS)), [step[i] for step in _STEPS]) for i in range(3)], axis=1)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", palette.round().astype(np.uint8).tobytes()),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    parts = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
