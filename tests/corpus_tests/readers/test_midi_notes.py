"""Notes out of note-ons and note-offs, beside a reading of them one by one."""

import random
from collections import defaultdict, deque

import numpy as np
import pytest

from corpus.readers.midi_events import TrackEvents
from corpus.readers.midi_notes import played_notes


def events_of(rows, end):
    columns = (np.array([row[index] for row in rows], np.int64) for index in range(4))
    return TrackEvents(*columns, (), end)


def one_by_one(rows, end):
    """The first note of a pitch to begin is the first to end; what never ends, ends with the track."""
    waiting, found = defaultdict(deque), []
    for tick, status, pitch, velocity in rows:
        key = status & 15, pitch
        if status >> 4 == 9 and velocity:
            found.append([tick, end, *key, velocity, True])
            waiting[key].append(found[-1])
        elif waiting[key]:
            waiting[key].popleft()[1::4] = [tick, False]
    return [tuple(row) for row in found]


@pytest.mark.parametrize("seed", range(300))
def test_any_order_of_ons_and_offs(seed):
    chance = random.Random(seed)
    rows, tick = [], 0
    for _ in range(chance.randrange(30)):
        tick += chance.randrange(3)
        rows.append((tick, chance.choice((0x90, 0x80, 0x91, 0x81)), chance.randrange(60, 63), chance.choice((0, 64))))
    notes = played_notes(events_of(rows, tick))
    columns = (notes.onsets, notes.ends, notes.channels, notes.pitches, notes.velocities, notes.endless)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == one_by_one(rows, tick)
