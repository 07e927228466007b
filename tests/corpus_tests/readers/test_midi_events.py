"""The events of a track as another reader has them, and damaged tracks refused."""

import random

import pytest

from corpus.readers.midi_events import SYSTEM_EXCLUSIVE, read_events
from song.errors import UserError


def variable(value):
    found = [value & 0x7F]
    while value := value >> 7:
        found.append(value & 0x7F | 0x80)
    return bytes(reversed(found))


def written(events, chance):
    """The bytes of events as (delta, status, data); a status that runs on is left out now and then."""
    data, running = b"", 0
    for delta, status, values in events:
        runs_on = status == running and chance.random() < 0.7
        data += variable(delta) + (b"" if runs_on else bytes([status])) + bytes(values)
        running = status
    return data


@pytest.mark.parametrize("seed", range(20))
def test_any_events_come_back_with_their_ticks(seed):
    chance = random.Random(seed)
    events, ticks, at = [], [], 0
    for _ in range(300):
        status = chance.choice((0x90, 0x80, 0xB3, 0xC1, 0xD2, 0xE0, 0xA5))
        count = 1 if status & 0xF0 in (0xC0, 0xD0) else 2
        delta = chance.choice((0, 1, 127, 128, 20_000, 3_000_000))
        at += delta
        ticks.append(at)
        events.append((delta, status, [chance.randrange(128) for _ in range(count)]))
    found = read_events(written(events, chance) + b"\x05\xff\x2f\0")
    assert found.ticks.tolist() == ticks
    assert found.statuses.tolist() == [status for _, status, _ in events]
    assert found.first.tolist() == [values[0] for _, _, values in events]
    assert found.second.tolist() == [values[1] if len(values) > 1 else 0 for _, _, values in events]
    assert found.end_tick == at + 5


def test_what_stands_between_messages_is_kept_with_its_tick():
    data = b"\x10\xff\x06\x04Drop" + b"\0\xf0\x03\x43\x10\xf7" + b"\x10\x90\x3c\x40" + b"\0\xff\x2f\0"
    found = read_events(data)
    assert found.metas == ((16, 6, b"Drop"), (16, SYSTEM_EXCLUSIVE, b"\x43\x10\xf7"), (32, 0x2F, b""))
    assert found.ticks.tolist() == [32]


def test_a_track_may_end_without_saying_so_and_hold_nothing():
    assert read_events(b"").end_tick == 0
    assert read_events(b"\x10\x90\x3c\x40").end_tick == 16


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\0\x3c\x40", "before any status"),
        (b"\0\x90\x3c\xc8", "above 127"),
        (b"\0\xc0\x80", "above 127"),
        (b"\0\xff\x06\x7fabc", "longer than its track"),
        (b"\0\xff", "cut short"),
        (b"\xff\xff\xff\xff\xff\x00", "cut short"),
        (b"\0", "cut short"),
        (b"\0\x90\x3c", "cut short"),
    ],
)
def test_damage_is_named(data, said):
    with pytest.raises(UserError, match=said):
        read_events(data)
