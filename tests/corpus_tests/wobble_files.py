"""MIDI files as another program writes them, with a controller on a bass."""

import io
import math

import mido


def opening(shape, phase):
    match shape:
        case "sine":
            return (1 - math.cos(2 * math.pi * phase)) / 2
        case "triangle":
            return 1 - abs(1 - 2 * phase)
        case "square":
            return float(phase < 0.5)
        case "saw":
            return 1 - phase
        case _:
            return phase


def foreign_file(value_at, controller, ticks_per_quarter=480, every=10):
    """A bass of three long notes, and a controller whose value at a quarter `value_at` tells."""
    events = [
        (tick, mido.Message("control_change", control=controller, value=value_at(tick / ticks_per_quarter)))
        for tick in range(0, 16 * ticks_per_quarter, every)
    ]
    for start, stop, pitch in ((0, 8, 36), (8, 12, 39), (12, 16, 34)):
        events.append((start * ticks_per_quarter, mido.Message("note_on", note=pitch, velocity=90)))
        events.append((stop * ticks_per_quarter - 5, mido.Message("note_off", note=pitch)))
    track = mido.MidiTrack([mido.Message("program_change", program=38)])
    at = 0
    for tick, message in sorted(events, key=lambda event: event[0]):
        track.append(message.copy(time=tick - at))
        at = tick
    file = mido.MidiFile(ticks_per_beat=ticks_per_quarter)
    file.tracks.append(track)
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()
