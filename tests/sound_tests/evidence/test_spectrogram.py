"""Pictures: a tone where it belongs, and a PNG that others open."""

import struct
import zlib

import numpy as np

from sound.evidence.spectrogram import HIGHEST_HZ, LOWEST_HZ, png, spectrogram
from sound.rates import SAMPLE_RATE


def test_a_tone_is_drawn_at_its_pitch_and_time() -> None:
    at = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    tone = np.sin(2 * np.pi * 1000 * at).astype(np.float32)
    tone[SAMPLE_RATE:] = 0
    levels = spectrogram(tone, 100, 200)
    assert levels.shape == (200, 100)
    row = 200 * (1 - np.log(1000 / LOWEST_HZ) / np.log(HIGHEST_HZ / LOWEST_HZ))
    assert abs(levels[:, 20].argmax() - row) < 3
    assert levels[:, 20].max() > -3
    assert levels[:, 90].max() < -80


def test_a_png_has_its_size_and_a_row_of_indices_for_each_line() -> None:
    data = png(np.linspace(-100, 0, 60).reshape(6, 10))
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (10, 6)
    start = data.index(b"IDAT")
    (length,) = struct.unpack(">I", data[start - 4 : start])
    rows = zlib.decompress(data[start + 4 : start + 4 + length])
    assert len(rows) == 6 * 11
    assert rows[-1] == 31
    assert rows[1] == 0
    assert struct.unpack(">I", data[start + 4 + length : start + 8 + length])[0] == zlib.crc32(
        data[start : start + 4 + length]
    )
