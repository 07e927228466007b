"""MIDI files made here, event by event: bands, meters, markers, controllers, and bytes that mido would not write."""

import io
from collections.abc import Iterable, Sequence

import mido

BAR = 384
"""Ticks of a bar at 96 a quarter."""

Events = list[tuple[int, mido.Message | mido.MetaMessage]]
"""Messages and the ticks that they come at."""


def played(
    notes: Iterable[tuple[int, int, int]],
    channel: int = 0,
    program: int | None = None,
    name: str = "",
    velocity: int = 90,
) -> Events:
    """A track: (onset, ticks, pitch) of each note."""
    events: Events = [(0, mido.MetaMessage("track_name", name=name))] if name else []
    if program is not None:
        events.append((0, mido.Message("program_change", channel=channel, program=program)))
    for onset, ticks, pitch in notes:
        events.append((onset, mido.Message("note_on", channel=channel, note=pitch, velocity=velocity)))
        events.append((onset + ticks, mido.Message("note_off", channel=channel, note=pitch)))
    return events


def meter(tick: int, beats: int, unit: int = 4) -> tuple[int, mido.MetaMessage]:
    return tick, mido.MetaMessage("time_signature", numerator=beats, denominator=unit)


def marker(tick: int, text: str, kind: str = "marker") -> tuple[int, mido.MetaMessage]:
    return tick, mido.MetaMessage(kind, text=text)


def tempo(tick: int, bpm: float) -> tuple[int, mido.MetaMessage]:
    return tick, mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm))


def midi(*tracks: Events, kind: int = 1, division: int = 96, end: int | None = None) -> bytes:
    """The bytes of a file; every track ends at `end` where that is given, else with its last event."""
    file = mido.MidiFile(type=kind, ticks_per_beat=division)
    for events in tracks:
        track, at = mido.MidiTrack(), 0
        # A note ends before the next of its pitch begins.
        for tick, message in sorted(events, key=lambda event: (event[0], event[1].type == "note_on")):
            track.append(message.copy(time=tick - at))
            at = tick
        if end is not None:
            track.append(mido.MetaMessage("end_of_track", time=max(end - at, 0)))
        file.tracks.append(track)
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def raw_midi(*tracks: bytes, division: int = 96, header: bytes = b"") -> bytes:
    """A type 1 file of tracks as they stand in it; a longer header has more bytes at its end."""
    head = (1).to_bytes(2) + len(tracks).to_bytes(2) + division.to_bytes(2) + header
    chunks = b"".join(b"MTrk" + len(one).to_bytes(4) + one for one in tracks)
    return b"MThd" + len(head).to_bytes(4) + head + chunks


def drums(bars: int, start: int = 0, channel: int = 9, name: str = "Drums") -> Events:
    """Kick, snare and hats: 12 hits a bar."""
    hits = [
        (start + bar * BAR + step * 48, 24, pitch)
        for bar in range(bars)
        for step in range(8)
        for pitch in ((36, 42) if step in (0, 5) else (38, 42) if step in (2, 6) else (42,))
    ]
    return played(hits, channel, None, name)


def bass(bars: int, start: int = 0, channel: int = 0, name: str = "Bass") -> Events:
    """A line of eight notes a bar, in A minor."""
    line = (33, 33, 36, 33, 40, 33, 38, 36)
    return played(
        [(start + bar * BAR + step * 48, 40, line[step]) for bar in range(bars) for step in range(8)], channel, 38, name
    )


def lead(
    bars: int, start: int = 0, channel: int = 2, name: str = "Lead", pitches: Sequence[int] = (69, 72, 76, 74)
) -> Events:
    """A tune of four notes a bar."""
    return played(
        [(start + bar * BAR + beat * 96, 80, pitches[beat % len(pitches)]) for bar in range(bars) for beat in range(4)],
        channel,
        81,
        name,
    )


def chords(bars: int, start: int = 0, channel: int = 1, name: str = "Chords") -> Events:
    """A chord of three notes a bar."""
    return played(
        [(start + bar * BAR, BAR - 8, pitch) for bar in range(bars) for pitch in (57, 60, 64)], channel, 90, name
    )
