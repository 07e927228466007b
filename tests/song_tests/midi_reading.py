"""The contents of a MIDI file, as mido reads it: nothing here is the project's own code."""

import io

import mido


def read(data: bytes) -> mido.MidiFile:
    """The file, its texts taken for UTF-8, and refused by mido where a byte is out of range."""
    return mido.MidiFile(file=io.BytesIO(data), charset="utf-8")


def timed(track: mido.MidiTrack) -> list[tuple[int, mido.Message]]:
    """The track's messages with their ticks from the song's start."""
    at, messages = 0, []
    for message in track:
        at += message.time
        messages.append((at, message))
    return messages


def of_type(track: mido.MidiTrack, kind: str) -> list[tuple[int, mido.Message]]:
    """The messages of one type, with their ticks."""
    return [(tick, message) for tick, message in timed(track) if message.type == kind]


def controls(track: mido.MidiTrack, controller: int) -> list[tuple[int, int]]:
    """(tick, value) of one controller."""
    return [(tick, m.value) for tick, m in of_type(track, "control_change") if m.control == controller]


def notes(track: mido.MidiTrack) -> list[tuple[int, int, int, int]]:
    """(onset, pitch, duration, velocity) of every note, sorted.

    Raises:
        AssertionError: where a note starts on a pitch that sounds, ends on one that does not, or never ends.
    """
    sounding: dict[int, tuple[int, int]] = {}
    found = []
    for tick, message in timed(track):
        if message.type == "note_on" and message.velocity > 0:
            assert message.note not in sounding, f"pitch {message.note} starts twice at tick {tick}"
            sounding[message.note] = (tick, message.velocity)
        elif message.type in ("note_on", "note_off"):
            onset, velocity = sounding.pop(message.note)
            found.append((onset, message.note, tick - onset, velocity))
    assert not sounding, f"pitches {sorted(sounding)} never end"
    return sorted(found)
