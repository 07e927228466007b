"""The sound card, through miniaudio, which is imported nowhere else and in no process that has a screen."""

import os
import sys
import time
from collections.abc import Callable, Generator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from song.errors import UserError, in_one_line
from sound.playing.protocol import Output
from sound.rates import SAMPLE_RATE

BUFFER_MS = 60
"""Milliseconds of each of the card's pieces; a mute or another take is heard within two of them."""
LATE_FRAMES = 2 * BUFFER_MS * SAMPLE_RATE // 1000
"""Frames that the card has taken and not played as yet, about."""
SILENT_SECONDS = 2.0
"""A card that asks for nothing for so long while it plays has gone."""


def plays_on_card(output: Output, environment: Mapping[str, str] = os.environ) -> bool:
    """True where a card is to be tried: not over SSH, where it would play in another room."""
    return output in (Output.CARD, Output.NULL) or (output is Output.AUTO and "SSH_CONNECTION" not in environment)


class Card:
    """A card that plays; one at a time."""

    def __init__(self, fill: Callable[[int], NDArray[np.int16]], *, null: bool = False) -> None:
        """Open it.

        Args:
            fill: gives so many frames, (N, 2) int16; called from a thread of the card's.
            null: whether the frames go nowhere, at the pace of a card.

        Raises:
            UserError: where there is no card, or no library for it.
        """
        try:
            import miniaudio
        except ImportError as error:
            raise UserError("no sound card can be used here: miniaudio is not installed") from error
        backends = [miniaudio.Backend.NULL] if null else _real_backends(miniaudio)
        try:
            self._device: Any = miniaudio.PlaybackDevice(
                miniaudio.SampleFormat.SIGNED16, 2, SAMPLE_RATE, BUFFER_MS, backends=backends, app_name="Dropsmith"
            )
        except miniaudio.MiniaudioError as error:
            raise UserError("there is no sound card that can be used") from error
        self._error = miniaudio.MiniaudioError
        self._fill = fill
        self._asked_at = 0.0
        self._running = False
        self.name = f"the sound card ({self._device.backend})"

    @property
    def running(self) -> bool:
        """True between start and stop."""
        return self._running

    @property
    def gone(self) -> bool:
        """True where it should play and asks for nothing any more."""
        return self._running and time.monotonic() - self._asked_at > SILENT_SECONDS

    def start(self) -> None:
        """Play.

        Raises:
            UserError: where it cannot.
        """
        if self._running:
            return
        frames = self._frames()
        next(frames)
        self._asked_at = time.monotonic()
        try:
            self._device.start(frames)
        except self._error as error:
            raise UserError(f"the sound card does not play: {in_one_line(error)}") from error
        self._running = True

    def stop(self) -> None:
        """Play nothing; it may be started again."""
        if self._running:
            self._running = False
            self._device.stop()

    def close(self) -> None:
        """Let the card go."""
        self._running = False
        self._device.close()

    def _frames(self) -> Generator[Any, int, None]:
        wanted = yield b""
        while True:
            self._asked_at = time.monotonic()
            wanted = yield self._fill(wanted)


def _real_backends(miniaudio: Any) -> list[Any]:
    """All but the null one, which is among those that miniaudio tries by itself, and plays to nobody."""
    names = {
        "darwin": ("COREAUDIO",),
        "win32": ("WASAPI", "DSOUND", "WINMM"),
    }.get(sys.platform, ("PULSEAUDIO", "ALSA", "JACK", "SNDIO", "AUDIO4", "OSS"))
    return [getattr(miniaudio.Backend, name) for name in names]
