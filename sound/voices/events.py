"""Sounding events, and a strip that puts those of one instrument into blocks."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from sound.rates import SAMPLE_RATE

Pieces = Iterator[NDArray[np.float32]]
"""Stretches of sound that follow on one another, (n,) for both channels or (2, n)."""


SENDS = ("room", "echo", "width")
"""Where a share of an event may go, beside the strip."""


class Event(Struct, frozen=True):
    """Something that starts to sound on a frame.

    Attributes:
        start_frame: from the start of what is rendered; 0 or more.
        pieces: makes the sound, piece by piece, when it is due.
        gain: what it is multiplied by.
        room, echo, width: shares that go there, 0-1.
    """

    start_frame: int
    pieces: Callable[[], Pieces]
    gain: float = 1.0
    room: float = 0.0
    echo: float = 0.0
    width: float = 0.0


class Sends:
    """Sound that goes to the room, to the echo and to the widening in one block: (N,) each, None where nothing does."""

    def __init__(self, frames: int) -> None:
        """Start a block of so many frames with nothing."""
        self._frames = frames
        self.heard: dict[str, NDArray[np.float32]] = {}

    def add(self, name: str, at: int, mono_N: NDArray[np.float32], share: float) -> None:
        """Add a share of a mono sound, (n,), from a frame of the block on."""
        if name not in self.heard:
            self.heard[name] = np.zeros(self._frames, np.float32)
        self.heard[name][at : at + len(mono_N)] += mono_N if share == 1 else mono_N * np.float32(share)


class Strip:
    """Events of one instrument, put into blocks that are asked for one after another."""

    def __init__(self, events: Sequence[Event]) -> None:
        """Keep the events in time order."""
        self._waiting = sorted(events, key=lambda event: event.start_frame, reverse=True)
        self._sounding: list[_Sounding] = []

    def fill(self, start_frame: int, frames: int, channels: int, sends: Sends) -> NDArray[np.float32] | None:
        """All that sounds in a block, (channels, frames), or None where nothing does.

        Args:
            start_frame: the block's.
            frames: how many.
            channels: 1 or 2.
            sends: added to.
        """
        end_frame = start_frame + frames
        while self._waiting and self._waiting[-1].start_frame < end_frame:
            self._sounding.append(_Sounding(self._waiting.pop()))
        if not self._sounding:
            return None
        sounding, self._sounding = self._sounding, []
        block_CxN = np.zeros((channels, frames), np.float32)
        # Fresh memory for every hit would cost as much as adding it.
        scratch_CxN = np.empty((channels, frames), np.float32)
        for one in sounding:
            if one.add(start_frame, block_CxN, scratch_CxN, sends):
                self._sounding.append(one)
        return block_CxN


class _Sounding:
    """An event that has begun: its pieces, and how far they have been heard."""

    def __init__(self, event: Event) -> None:
        self._event = event
        self._pieces = event.pieces()
        self._piece: NDArray[np.float32] | None = None
        self._at_frame = event.start_frame
        self._shares = [(name, getattr(event, name)) for name in SENDS if getattr(event, name)]

    def add(
        self, start_frame: int, block_CxN: NDArray[np.float32], scratch_CxN: NDArray[np.float32], sends: Sends
    ) -> bool:
        """Add what sounds up to a block's end; false where nothing is left."""
        gain = np.float32(self._event.gain)
        end_frame = start_frame + block_CxN.shape[1]
        while self._at_frame < end_frame:
            if self._piece is None:
                self._piece = next(self._pieces, None)
                if self._piece is None:
                    return False
            count = min(end_frame - self._at_frame, self._piece.shape[-1])
            heard = scratch_CxN[0, :count] if self._piece.ndim == 1 else scratch_CxN[:, :count]
            np.multiply(self._piece[..., :count], gain, out=heard)
            at = self._at_frame - start_frame
            into = block_CxN[:, at : at + count]
            into += heard
            if self._shares:
                mono = heard if heard.ndim == 1 else (heard[0] + heard[1]) * np.float32(0.5)
                for name, share in self._shares:
                    sends.add(name, at, mono, share)
            self._at_frame += count
            rest = self._piece[..., count:]
            self._piece = rest if rest.shape[-1] else None
        return True


def ms_to_frames(ms: float) -> int:
    """Frames in a time in ms, 1 or more."""
    return max(1, round(ms * SAMPLE_RATE / 1000))


def decibels(level_db: float) -> float:
    """The factor that a level in dB stands for; -60 and below is silence."""
    return 0.0 if level_db <= -60 else 10 ** (level_db / 20)


def velocity_gain(velocity: int) -> float:
    """Loudness of a velocity of 1-127: 1 at 127, -12 dB at half of it."""
    return (velocity / 127) ** 2
