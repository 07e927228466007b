"""The sound of each moment: a stretch of the timeline, played section by section, looped, muted, replaced.

Pure but for its lock: the card asks for frames from a thread of its own. Where a section is not ready, time stands
still.
"""

import threading
from collections.abc import Callable, Collection

import msgspec
import numpy as np
from numpy.typing import NDArray

from song.parts import PARTS, Part
from sound.rates import SAMPLE_RATE
from sound.staging.section_sound import SectionSound
from sound.staging.stage import Standing
from sound.staging.timeline import At, Played

_CROSSFADE_FRAMES = SAMPLE_RATE // 100
_FULL = 32767


class Transport:
    """Plays what a stage has ready."""

    def __init__(self, sound: Callable[[str], SectionSound | None]) -> None:
        """Start with nothing on.

        Args:
            sound: gives the sound of a section by its key, None where it is not ready.
        """
        self._sound = sound
        self._lock = threading.Lock()
        self._standing = Standing()
        self._played: Played | None = None
        self._section = 0
        self._offset = 0
        self._begun_at = 0
        self._now: SectionSound | None = None
        self._tails: list[tuple[SectionSound, int]] = []
        self._cut: tuple[SectionSound, int] | None = None
        self._gains = dict.fromkeys(PARTS, 1.0)
        self._heard: Collection[Part] = PARTS
        self._waiting = False
        self._pieces: list[tuple[int, int]] = []
        self.on_pieces: Callable[[list[tuple[int, int]]], object] | None = None
        """Told what was given of the song, as first frames from its start and frames, where anything was."""

    @property
    def playing(self) -> bool:
        """True from play until the end or a stop, the last tail included."""
        return self._played is not None or bool(self._tails) or self._cut is not None

    def play(self, standing: Standing, played: Played) -> None:
        """Play something from now on; what was played before fades out under it."""
        with self._lock:
            self._let_go()
            self._standing, self._played = standing, played
            self._section = standing.timeline.at(played.start_frame)
            self._offset = played.start_frame - standing.timeline.places[self._section].start_frame
            self._begun_at = self._offset
            self._set_heard()

    def stop(self) -> None:
        """Play nothing any more."""
        with self._lock:
            self._let_go()

    def loop(self, on: bool) -> None:
        """Begin again at the end of what is played, or do not."""
        with self._lock:
            if self._played is not None:
                self._played = msgspec.structs.replace(self._played, loop=on)

    def follow(self, standing: Standing) -> None:
        """Go on with the song as it is now, in the section that plays, which may have moved; stop where it is gone."""
        with self._lock:
            before, self._standing = self._standing, standing
            if self._played is None:
                return
            places = before.timeline.places
            first, last, here = (
                standing.timeline.index_of(places[index].id)
                for index in (self._played.first, self._played.last, self._section)
            )
            if here is None or first is None or last is None or not first <= here <= last:
                self._let_go()
                return
            old, new = places[self._section], standing.timeline.places[here]
            self._section = here
            if old.frames != new.frames:
                self._offset = min(self._offset * new.frames // max(1, old.frames), new.frames - 1)
                self._begun_at = 0
            self._played = msgspec.structs.replace(self._played, first=first, last=last)
            self._set_heard()

    @property
    def heard(self) -> Collection[Part]:
        """The parts that are heard of what plays."""
        return self._heard

    def wanted(self) -> tuple[int, ...]:
        """The sections that are played now and next, by their indices."""
        with self._lock:
            if self._played is None:
                return ()
            following = self._section + 1 if self._section < self._played.last else self._played.first
            looped = following > self._section or self._played.loop
            return tuple(dict.fromkeys((self._section, following))) if looped else (self._section,)

    def at(self, late_frames: int = 0) -> At | None:
        """Where playing is, None where nothing is played.

        Args:
            late_frames: that the card has taken and not played as yet.
        """
        with self._lock:
            if self._played is None:
                return None
            place = self._standing.timeline.places[self._section]
            return At(place.id, place.tick(max(self._begun_at, self._offset - late_frames)), self._waiting)

    def fill(self, frames: int) -> NDArray[np.int16]:
        """The next frames, (frames, 2) int16."""
        mixed_Nx2 = np.zeros((frames, 2), np.float32)
        with self._lock:
            ramps = self._ramps(frames)
            done = 0
            pieces: list[tuple[int, int]] = []
            self._pieces = pieces
            while done < frames and self._played is not None:
                count = self._some(mixed_Nx2, done, frames - done, ramps)
                if not count:
                    break
                done += count
            still = self._played is not None and done < frames
            self._waiting = still
            self._ring(mixed_Nx2, ramps)
            if self._cut is not None:
                some = min(frames, _CROSSFADE_FRAMES)
                _add(mixed_Nx2, 0, *self._cut, some, ramps, np.linspace(1, 0, some, dtype=np.float32))
                self._cut = None
        if pieces and self.on_pieces is not None:
            self.on_pieces(pieces)
        return np.rint(np.clip(mixed_Nx2, -_FULL, _FULL)).astype(np.int16)

    def _let_go(self) -> None:
        """Play nothing; what sounds fades out in a hundredth of a second."""
        if self._played is not None and self._now is not None:
            self._cut = (self._now, self._offset)
        self._played, self._now, self._tails, self._waiting = None, None, [], False

    def _set_heard(self) -> None:
        assert self._played is not None
        self._heard = [part for part in self._standing.song.heard_parts() if part in self._played.parts]

    def _ramps(self, frames: int) -> dict[Part, NDArray[np.float32]]:
        """The gain of each part at each frame; one that is muted or freed goes there without a click."""
        ramps = {}
        for part in PARTS:
            target = float(part in self._heard)
            ramp_N = np.full(frames, target, np.float32)
            if self._gains[part] != target:
                some = min(frames, _CROSSFADE_FRAMES)
                ramp_N[:some] = np.linspace(self._gains[part], target, some, dtype=np.float32)
            ramps[part] = ramp_N
            self._gains[part] = target
        return ramps

    def _some(self, mixed_Nx2: NDArray[np.float32], at: int, room: int, ramps: dict[Part, NDArray[np.float32]]) -> int:
        """Frames of the section that is played, up to its end; 0 where it is not ready."""
        assert self._played is not None
        place = self._standing.timeline.places[self._section]
        key = self._standing.keys[self._section] if self._standing.keys else ""
        found = self._sound(key)
        fits = found is not None and found.bar_frames == place.frames
        before = self._now
        if not fits:
            # While an edit is rendered, what was there goes on.
            found = before if before is not None and before.bar_frames == place.frames else None
        if found is None:
            return 0
        count = min(room, place.frames - self._offset)
        if before is not None and before is not found:
            fading = min(count, _CROSSFADE_FRAMES)
            up_N = np.linspace(0, 1, fading, dtype=np.float32)
            _add(mixed_Nx2, at, before, self._offset, fading, ramps, 1 - up_N)
            _add(mixed_Nx2, at, found, self._offset, fading, ramps, up_N)
            _add(mixed_Nx2, at + fading, found, self._offset + fading, count - fading, ramps)
        else:
            _add(mixed_Nx2, at, found, self._offset, count, ramps)
        self._now = found
        self._pieces.append((place.start_frame + self._offset, count))
        self._offset += count
        if self._offset >= place.frames:
            self._tails.append((found, self._offset - count - at))
            self._go_on()
        return count

    def _go_on(self) -> None:
        """Go to the next section, back to the first, or to the end."""
        assert self._played is not None
        self._offset, self._begun_at, self._now = 0, 0, None
        if self._section < self._played.last:
            self._section += 1
        elif self._played.loop:
            self._section = self._played.first
        else:
            self._played = None

    def _ring(self, mixed_Nx2: NDArray[np.float32], ramps: dict[Part, NDArray[np.float32]]) -> None:
        """The tails of sections that are over."""
        frames, left = len(mixed_Nx2), []
        for sound, offset in self._tails:
            begin = max(0, sound.bar_frames - offset)
            _add(mixed_Nx2, begin, sound, offset + begin, frames - begin, ramps)
            if offset + frames < sound.frames:
                left.append((sound, offset + frames))
        self._tails = left


def _add(
    mixed_Nx2: NDArray[np.float32],
    at: int,
    sound: SectionSound,
    offset: int,
    count: int,
    ramps: dict[Part, NDArray[np.float32]],
    fade_N: NDArray[np.float32] | None = None,
) -> None:
    """Add some frames of a section, as far as it has that many."""
    count = min(count, sound.frames - offset)
    if count <= 0:
        return
    for part, stem in sound.stems.items():
        gain_N = ramps[part][at : at + count]
        if fade_N is not None:
            gain_N = gain_N * fade_N[:count]
        if gain_N.any():
            mixed_Nx2[at : at + count] += stem[offset : offset + count] * gain_N[:, None]
