"""Chunks of four seconds: they join to the very samples that were cut."""

import io

import numpy as np
import pytest
import soundfile

from song.parts import Part
from sound.listening import chunks as chunks_module
from sound.listening.chunks import CHUNK_FRAMES, Chunks, chunk_count
from sound.rates import SAMPLE_RATE
from sound.staging.section_sound import SectionSound

FRAMES = 2 * CHUNK_FRAMES + 1234


def noise() -> SectionSound:
    dice = np.random.default_rng(1)
    stem = dice.integers(-32768, 32767, (FRAMES, 2), np.int16)
    return SectionSound("key", FRAMES - 1000, FRAMES, {Part.BASS: stem})


def test_chunks_join_without_a_seam() -> None:
    sound, chunks = noise(), Chunks()
    assert chunk_count(sound) == 3
    read = []
    for number in range(3):
        encoded = chunks.chunk(sound, Part.BASS, number)
        assert encoded is not None
        frames, rate = soundfile.read(io.BytesIO(encoded), dtype="int16")
        assert rate == SAMPLE_RATE
        read.append(frames)
    assert [len(one) for one in read] == [CHUNK_FRAMES, CHUNK_FRAMES, 1234]
    assert (np.concatenate(read) == sound.stems[Part.BASS]).all()


def test_there_is_no_other_chunk() -> None:
    for part, number in ((Part.BASS, 3), (Part.BASS, -1), (Part.DRUMS, 0)):
        assert Chunks().chunk(noise(), part, number) is None


def test_what_was_asked_for_last_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    sound, chunks = noise(), Chunks()
    first = chunks.chunk(sound, Part.BASS, 0)
    assert first is not None
    assert chunks.chunk(sound, Part.BASS, 0) is first
    monkeypatch.setattr(chunks_module, "MOST_KEPT_BYTES", len(first))
    chunks.chunk(sound, Part.BASS, 2)
    again = chunks.chunk(sound, Part.BASS, 0)
    assert again == first
    assert again is not first
