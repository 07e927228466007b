"""MIDI to a port while a song is heard: notes, the wobble's controllers and a clock, in time with the card.

The card asks for pieces of some hundredths of a second; what is in a piece is sent when it sounds. rtmidi2 is imported
here alone; it is an extra that need not be there.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Collection, Sequence
from typing import Any, Protocol

from song.errors import UserError, in_one_line
from song.parts import PARTS, Part
from song.sections import Song
from sound.playing.card import LATE_FRAMES
from sound.playing.midi_score import CONTINUE, START, STOP, Score, is_note_on, score_of, silence
from sound.rates import SAMPLE_RATE

_LATE_SECONDS = LATE_FRAMES / SAMPLE_RATE
_UNEVEN_SECONDS = 0.1
"""Pieces that are asked for earlier or later than this against the one before begin a time of their own."""

Piece = tuple[int, int]
"""First frame from the song's start, and frames, that go on without a jump."""


class Port(Protocol):
    """Something that takes messages."""

    name: str

    def send(self, message: bytes) -> None:
        """Send one."""

    def close(self) -> None:
        """Let it go."""


class MidiPort:
    """A port of this machine."""

    def __init__(self, wanted: str) -> None:
        """Open the first port whose name has these words in it.

        Args:
            wanted: whatever their case.

        Raises:
            UserError: where there is none, or no library for it.
        """
        try:
            import rtmidi2
        except ImportError as error:
            raise UserError("MIDI out needs rtmidi2: pip install 'dropsmith[midi]'") from error
        try:
            self._out: Any = rtmidi2.MidiOut("Dropsmith")
            names = list(self._out.ports)
        except RuntimeError as error:
            raise UserError(f"there is no MIDI on this machine: {in_one_line(error)}") from error
        found = next((index for index, name in enumerate(names) if wanted.lower() in name.lower()), None)
        if found is None:
            there = f"use one of {', '.join(names)}" if names else "there is none at all"
            raise UserError(f'there is no MIDI port "{wanted}": {there}')
        self.name = names[found]
        self._out.open_port(found)

    def send(self, message: bytes) -> None:
        """Send a message."""
        self._out.send_raw(*message)

    def close(self) -> None:
        """Let the port go."""
        self._out.close_port()


class MidiOut:
    """Sends a score as it is heard, from a thread of its own."""

    def __init__(self, port: Port, late_seconds: float = _LATE_SECONDS) -> None:
        """Start the thread; nothing is sent.

        Args:
            port: takes the messages.
            late_seconds: from when the card asks for a piece until it is heard.
        """
        self.name = port.name
        self._port, self._late = port, late_seconds
        self._song: Song | None = None
        self._score = Score()
        self._heard: Collection[Part] = PARTS
        self._waiting: list[tuple[float, int, bytes]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._next_frame: int | None = None
        self._next_time = 0.0
        self._closed = False
        threading.Thread(target=self._run, name="midi", daemon=True).start()

    def follow(self, song: Song, heard: Collection[Part]) -> None:
        """Go on with a song as it is now.

        Args:
            song: where it is another than before, notes of that are ended.
            heard: parts whose notes are sent.

        Raises:
            ValueError: where a note or a wobble that would sound is out of range.
        """
        if song is not self._song:
            self._song = song
            self.set_score(score_of(song))
        self.set_heard(heard)

    def set_score(self, score: Score) -> None:
        """Go on with another score; notes of the one before are ended."""
        with self._changed:
            self._score = score
            if self._next_frame is not None:
                self._send_now(silence(score.channels))

    def set_heard(self, parts: Collection[Part]) -> None:
        """Send these parts alone; notes of the others that sound are ended."""
        with self._changed:
            gone = set(self._heard) - set(parts)
            self._heard = parts
            if gone and self._next_frame is not None:
                self._send_now(silence(self._score.channels))

    def played(self, pieces: Sequence[Piece], now: float | None = None) -> None:
        """Take note of what the card was given.

        Args:
            pieces: in the order they sound, one behind the other.
            now: when it asked, as `time.monotonic` tells it.
        """
        asked = time.monotonic() if now is None else now
        with self._changed:
            if abs(asked - self._next_time) < _UNEVEN_SECONDS and self._next_frame is not None:
                # Cards ask in bursts: what sounds is even.
                asked = self._next_time
            at = asked
            for first, frames in pieces:
                if first != self._next_frame:
                    self._jump(first, at)
                for event in self._score.between(first, first + frames):
                    if event.part is not None and event.part not in self._heard and is_note_on(event.message):
                        continue
                    self._put(at + (event.frame - first) / SAMPLE_RATE, event.message)
                at += frames / SAMPLE_RATE
                self._next_frame = first + frames
            self._next_time = at
            self._changed.notify_all()

    def stop(self) -> None:
        """Send nothing more, and let nothing sound any more."""
        with self._changed:
            if self._next_frame is None:
                return
            self._next_frame = None
            self._waiting.clear()
            self._send_now([STOP, *silence(self._score.channels)])

    def close(self) -> None:
        """Stop, and let the port go."""
        self.stop()
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._port.close()

    def _jump(self, first: int, at: float) -> None:
        """Go to another place of the song."""
        if self._next_frame is not None:
            for message in (STOP, *silence(self._score.channels)):
                self._put(at, message)
        for message in (*self._score.programs, self._score.position(first), CONTINUE if first else START):
            self._put(at, message)

    def _put(self, at: float, message: bytes) -> None:
        heapq.heappush(self._waiting, (at + self._late, next(self._numbers), message))

    def _send_now(self, messages: Sequence[bytes]) -> None:
        for message in messages:
            self._port.send(message)

    def _run(self) -> None:
        with self._changed:
            while not self._closed:
                wait = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if wait is None or wait > 0:
                    self._changed.wait(wait)
                    continue
                _, _, message = heapq.heappop(self._waiting)
                self._port.send(message)
