"""Strips: events on their frames in blocks of any length, and the shares that go elsewhere."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from sound.voices.events import Event, Sends, Strip, decibels, ms_to_frames, velocity_gain


def pieces(*lengths: int) -> Iterator[NDArray[np.float32]]:
    yield from (np.full(length, number + 1, np.float32) for number, length in enumerate(lengths))


def heard(block: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    strip = Strip(
        [
            Event(45, lambda: pieces(30), 2.0),
            Event(10, lambda: pieces(20, 50), 1.0, room=0.5),
            Event(45, lambda: iter([np.stack((np.ones(10), np.zeros(10))).astype(np.float32)]), 1.0),
        ]
    )
    blocks, rooms = [], []
    for start in range(0, 120, block):
        sends = Sends(block)
        sound = strip.fill(start, block, 2, sends)
        blocks.append(np.zeros((2, block), np.float32) if sound is None else sound)
        rooms.append(sends.heard.get("room", np.zeros(block, np.float32)))
    return np.concatenate(blocks, axis=1)[:, :120], np.concatenate(rooms)[:120]


@pytest.mark.parametrize("block", [8, 40, 120])
def test_events_sound_on_their_frames_whatever_the_blocks(block: int) -> None:
    sound, room = heard(block)
    expected = np.zeros((2, 120))
    expected[:, 10:30] += 1
    expected[:, 30:80] += 2
    expected[:, 45:75] += 2
    expected[0, 45:55] += 1
    assert sound == pytest.approx(expected)
    alone = np.zeros(120)
    alone[10:30], alone[30:80] = 0.5, 1
    assert room == pytest.approx(alone)


def test_nothing_is_made_where_nothing_sounds() -> None:
    strip = Strip([Event(50, lambda: pieces(5))])
    assert strip.fill(0, 40, 2, Sends(40)) is None
    assert strip.fill(40, 40, 2, Sends(40)) is not None
    assert strip.fill(120, 40, 2, Sends(40)) is None


def test_levels_and_times() -> None:
    assert decibels(0) == 1
    assert decibels(-6) == pytest.approx(0.501, abs=0.001)
    assert decibels(-60) == 0
    assert velocity_gain(127) == 1
    assert 0 < velocity_gain(1) < velocity_gain(64) < velocity_gain(100)
    assert ms_to_frames(10) == 480
    assert ms_to_frames(0.001) == 1
