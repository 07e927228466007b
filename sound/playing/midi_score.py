"""A song as MIDI messages in frames: its tracks as `song.export.tracks` lays them out for files, and a clock.

Muted parts are in it: who plays it leaves them out as they are muted.
"""

import bisect

import msgspec

from song.export.tracks import Track, lay_out
from song.parts import PARTS, Part
from song.sections import Song
from song.time import TICKS_PER_QUARTER, TICKS_PER_STEP
from sound.clock import Clock
from sound.staging.section_sound import all_heard

CLOCK, START, CONTINUE, STOP = b"\xf8", b"\xfa", b"\xfb", b"\xfc"
"""Source: MIDI 1.0, system real time messages."""
_CLOCKS_A_QUARTER = 24
_NOTE_OFF, _NOTE_ON, _CONTROLLER, _PROGRAM = 0x80, 0x90, 0xB0, 0xC0
_ALL_SOUND_OFF, _ALL_NOTES_OFF = 120, 123


class Event(msgspec.Struct, frozen=True):
    """A message at a frame.

    Attributes:
        frame: from the song's start.
        order: of messages at one frame: what ends before what changes before what begins.
        message: its bytes.
        part: whose it is; None for the clock.
    """

    frame: int
    order: int
    message: bytes
    part: Part | None = None


class Score(msgspec.Struct, frozen=True):
    """All messages of a song, in order."""

    events: tuple[Event, ...] = ()
    frames: tuple[int, ...] = ()
    programs: tuple[bytes, ...] = ()
    channels: tuple[int, ...] = ()
    sixteenths: tuple[int, ...] = ()

    def between(self, first: int, end: int) -> tuple[Event, ...]:
        """The events from a frame on and before another."""
        return self.events[bisect.bisect_left(self.frames, first) : bisect.bisect_left(self.frames, end)]

    def position(self, frame: int) -> bytes:
        """A song position pointer to the sixteenth nearest to a frame. Source: MIDI 1.0, system common messages."""
        at = bisect.bisect_left(self.sixteenths, frame - 1)
        at = min(at, 0x3FFF)
        return bytes((0xF2, at & 0x7F, at >> 7))


def score_of(song: Song) -> Score:
    """The messages of a song.

    Raises:
        ValueError: where a note or a wobble that would sound is out of range.
    """
    clock, events = Clock(song), []
    tracks = lay_out(all_heard(song))
    for index, track in enumerate(tracks):
        part = PARTS[index] if index < len(PARTS) else Part.BASS
        events += _track_events(track, part, clock)
    beat = TICKS_PER_QUARTER // _CLOCKS_A_QUARTER
    events += [Event(clock.frame(tick), 0, CLOCK) for tick in range(0, song.length_ticks, beat)]
    events.sort(key=lambda event: (event.frame, event.order))
    return Score(
        tuple(events),
        tuple(event.frame for event in events),
        tuple(bytes((_PROGRAM | track.channel, track.program)) for track in tracks),
        tuple(track.channel for track in tracks),
        tuple(clock.frame(tick) for tick in range(0, song.length_ticks, TICKS_PER_STEP)),
    )


def _track_events(track: Track, part: Part, clock: Clock) -> list[Event]:
    events = []
    for note in track.notes:
        on = bytes((_NOTE_ON | track.channel, note.pitch, note.velocity))
        off = bytes((_NOTE_OFF | track.channel, note.pitch, 0))
        events.append(Event(clock.frame(note.onset_tick), 3, on, part))
        events.append(Event(clock.frame(note.end_tick), 1, off, part))
    for tick, controller, value in track.controllers:
        message = bytes((_CONTROLLER | track.channel, controller, value))
        events.append(Event(clock.frame(tick), 2, message, part))
    return events


def silence(channels: tuple[int, ...]) -> list[bytes]:
    """Messages after which nothing sounds on some channels. Source: MIDI 1.0, channel mode messages."""
    return [
        bytes((_CONTROLLER | channel, controller, 0))
        for channel in channels
        for controller in (_ALL_NOTES_OFF, _ALL_SOUND_OFF)
    ]


def is_note_on(message: bytes) -> bool:
    """True where a message begins a note."""
    return message[0] & 0xF0 == _NOTE_ON
