"""Controllers that others wrote: what goes round in time is recognised, the rest is none."""

import random
import time

import pytest

from corpus.analysis.arranging import arrange
from corpus.analysis.wobble_reading import heard_wobbles
from corpus.readers.midi_files import read_midi
from corpus.tracks import RawTrack
from song.notes import RATE_TICKS, Note
from song.parts import Part
from tests.corpus_tests.wobble_files import foreign_file, opening


def oscillating(rate, shape, phase, low, high, noise=0.0):
    chance = random.Random(1)

    def value_at(quarter):
        at = (quarter * 96 / RATE_TICKS[rate] + phase) % 1
        return round(min(max(low + (high - low) * opening(shape, at) + chance.gauss(0, noise), 0), 127))

    return value_at


@pytest.mark.parametrize("rate", ["1/2", "1/4.", "1/4", "1/4T", "1/8.", "1/8", "1/8T", "1/16", "1/16T"])
@pytest.mark.parametrize(
    ("controller", "shape", "phase", "low", "high", "noise"),
    [(74, "sine", 0.0, 0, 127, 0), (1, "triangle", 0.25, 20, 90, 0), (11, "saw", 0.0, 40, 127, 1),
     (74, "square", 0.6, 64, 100, 0), (74, "ramp", 0.4, 10, 120, 1.5)],
)  # fmt: skip
def test_an_oscillator_of_another_program_is_recognised(rate, controller, shape, phase, low, high, noise):
    data = foreign_file(oscillating(rate, shape, phase, low, high, noise), controller)
    piece = arrange(read_midi(data).tracks)[0]
    wobbles = piece.parts[Part.BASS].wobbles
    assert {wobble.rate for wobble in wobbles} == {rate}
    assert sum(wobble.duration_ticks for wobble in wobbles) >= 0.9 * 16 * 96
    alike = {"sine", "triangle"} if shape in ("sine", "triangle") else {shape}
    assert {wobble.shape for wobble in wobbles} <= alike
    assert all(abs(wobble.depth - (high - low) / 127) < 0.08 for wobble in wobbles)
    first = piece.wobble_phases[0] if piece.wobble_phases else 0.0
    assert min(abs(first - phase), 1 - abs(first - phase)) <= max(0.05, 2 / RATE_TICKS[rate])


def test_what_does_not_go_round_is_no_wobble():
    chance = random.Random(3)
    wild = [chance.randrange(128) for _ in range(16 * 480)]
    curves = {
        "steady": lambda quarter: 90,
        "one rise": lambda quarter: round(quarter * 7),
        "one swell": lambda quarter: round(127 * opening("sine", quarter / 16)),
        "at random": lambda quarter: wild[int(quarter * 480)],
        "out of time": oscillating("1/8", "sine", 0, 0, 4),
    }
    for name, value_at in curves.items():
        for controller in (1, 74, 11):
            tracks = read_midi(foreign_file(value_at, controller)).tracks
            assert heard_wobbles(tracks[0]) == {}, (name, controller)


def test_thousands_of_random_controller_changes_take_no_time():
    chance = random.Random(5)
    notes = tuple(Note(index * 96, 36 + index % 7, 96, 90) for index in range(4000))
    curves = {which: tuple((tick, chance.randrange(128)) for tick in range(0, 4000 * 96, 12)) for which in (1, 11, 74)}
    started = time.monotonic()
    assert heard_wobbles(RawTrack("bass", 38, False, notes, curves=curves)) == {}
    assert time.monotonic() - started < 10
