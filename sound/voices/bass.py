"""The bass: a wavetable through a low-pass that follows the wobble lane, then drive; and its sub.

One note at a time: the next one's onset ends the one before. Every note starts its waveform, its filter and its wobble
anew, so that it sounds the same wherever it stands, and what comes again need not be computed again.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import zip_longest

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from song.export.wobble_cc import Cycles
from song.notes import Note
from sound.clock import Clock
from sound.dsp.drive import LOOK_AHEAD, Drive
from sound.dsp.filters import HIGHEST_CUTOFF_HZ, BlockDirectCurrent, LowPass, upsample_control
from sound.dsp.wavetables import oscillate
from sound.rates import CONTROL_FRAMES, SAMPLE_RATE
from sound.sounds import BassSound
from sound.voices.envelopes import gate
from sound.voices.events import Event, decibels, ms_to_frames, velocity_gain
from sound.voices.wobble import lane

_PIECE_FRAMES = 1 << 15
_KEPT_BYTES = 16_000_000
_LOUDNESS = 0.30
_SUB_LOUDNESS = 0.36
_INTO_DRIVE = 0.5


class BassNote(Struct, frozen=True):
    """A note of the bass and the wobble under it.

    Attributes:
        pitch: MIDI note number 0-127.
        frames: until it ends.
        start_tick, end_tick: from the song's start.
        tick_frames: frames of a tick, None where the tempo changes.
        cycles: the wobbles under it, as `song.export.wobble_cc.cycles` gives them.
    """

    pitch: int
    frames: int
    start_tick: int
    end_tick: int
    tick_frames: float | None
    cycles: tuple[Cycles, ...]


def mono_notes(notes: Sequence[Note]) -> Iterator[Note]:
    """The notes of an instrument that plays one at a time: of those on one tick the lowest, each until the next."""
    lowest: dict[int, Note] = {}
    for note in sorted(notes):
        lowest.setdefault(note.onset_tick, note)
    onsets = sorted(lowest)
    for onset, following in zip_longest(onsets, onsets[1:]):
        note = lowest[onset]
        end = note.end_tick if following is None else min(note.end_tick, following)
        yield Note(onset, note.pitch, end - onset, note.velocity)


class BassVoice:
    """Notes of a bass as events; keeps those it has computed."""

    def __init__(self, clock: Clock) -> None:
        """Start with none.

        Args:
            clock: the song's.
        """
        self._clock = clock
        self._kept: OrderedDict[object, NDArray[np.float32]] = OrderedDict()
        self._kept_bytes = 0

    def events(
        self, notes: Sequence[Note], cycles: Sequence[Cycles], origin: int, sound_at: Callable[[int], BassSound]
    ) -> list[Event]:
        """The notes' events.

        Args:
            notes: ticks from the song's start.
            cycles: the oscillators' stretches, in time order.
            origin: the frame of the song that is the first of what is rendered.
            sound_at: the sound that holds at a tick.
        """
        events, first = [], 0
        for note in mono_notes(notes):
            sound = sound_at(note.onset_tick)
            while first < len(cycles) and cycles[first][1] <= note.onset_tick:
                first += 1
            under, index = [], first
            while index < len(cycles) and cycles[index][0] < note.end_tick:
                under.append(cycles[index])
                index += 1
            start_frame = self._clock.frame(note.onset_tick)
            steady = self._clock.steady_tick_frames(note.onset_tick, note.end_tick)
            frames = self._clock.frame(note.end_tick) - start_frame
            if steady is not None:
                frames = round(note.duration_ticks * steady)
            played = BassNote(note.pitch, frames, note.onset_tick, note.end_tick, steady, tuple(under))
            events.append(
                Event(
                    start_frame - origin,
                    partial(self._pieces, played, sound),
                    decibels(sound.level_db) * _LOUDNESS * velocity_gain(note.velocity) ** 0.5,
                    sound.room,
                    sound.echo,
                    sound.width,
                )
            )
        return events

    def _pieces(self, note: BassNote, sound: BassSound) -> Iterator[NDArray[np.float32]]:
        key = self._key(note, sound)
        if key is None:
            yield from played(note, sound, self._clock)
            return
        kept = self._kept.get(key)
        if kept is None:
            kept = np.concatenate(list(played(note, sound, self._clock)))
            self._kept[key] = kept
            self._kept_bytes += kept.nbytes
            while self._kept_bytes > _KEPT_BYTES:
                self._kept_bytes -= self._kept.popitem(last=False)[1].nbytes
        else:
            self._kept.move_to_end(key)
        yield kept

    def _key(self, note: BassNote, sound: BassSound) -> object | None:
        """A key that notes of one sound share; None for those too long to be kept, or under a changing tempo."""
        if note.tick_frames is None or note.frames > 4 * _PIECE_FRAMES:
            return None
        cycles = tuple((start - note.start_tick, end - note.start_tick, wobble) for start, end, wobble in note.cycles)
        shape = tuple((start, end, one.rate, one.depth, one.shape) for start, end, one in cycles)
        return note.pitch, note.frames, note.end_tick - note.start_tick, note.tick_frames, shape, id(sound)


def played(note: BassNote, sound: BassSound, clock: Clock) -> Iterator[NDArray[np.float32]]:
    """The samples of a note, in pieces (n,), the release behind its end among them."""
    release = ms_to_frames(sound.release_ms)
    attack = min(ms_to_frames(sound.attack_ms), max(1, note.frames))
    frames = note.frames + release
    lane_C = _lane(note, sound, frames, clock)
    cutoff_C = sound.closed_hz * (sound.open_hz / sound.closed_hz) ** lane_C
    np.minimum(cutoff_C, HIGHEST_CUTOFF_HZ, out=cutoff_C)
    low_pass, drive = LowPass(sound.resonance), Drive(decibels(sound.drive_db) * _INTO_DRIVE)
    blocked = BlockDirectCurrent()
    softer = np.float32(1 / np.tanh(decibels(sound.drive_db) * _INTO_DRIVE))
    hertz = 440 * 2 ** ((note.pitch - 69) / 12)
    bends = (0.0,) if sound.detune_cents == 0 else (-sound.detune_cents / 2, sound.detune_cents / 2)
    phases = [0.0 if len(bends) == 1 else 0.25 * index for index in range(len(bends))]
    at = 0
    for start in range(0, frames, _PIECE_FRAMES):
        count = min(_PIECE_FRAMES, frames - start)
        if frames - start - count <= LOOK_AHEAD:
            count = frames - start
        samples: NDArray[np.float32] | None = None
        for index, cents in enumerate(bends):
            one, phases[index] = oscillate(sound.wave, hertz * 2 ** (cents / 1200), count, phases[index])
            samples = one if samples is None else samples + one
        assert samples is not None
        samples *= np.float32(1 / len(bends))
        first = start // CONTROL_FRAMES
        cutoff_N = upsample_control(cutoff_C[first:], count, CONTROL_FRAMES)
        last = start + count == frames
        piece = blocked.run(drive.run(low_pass.run(samples, cutoff_N), last=last))
        piece *= softer
        gate(piece, at, attack, note.frames, release)
        at += len(piece)
        yield piece
        if last:
            return


def _lane(note: BassNote, sound: BassSound, frames: int, clock: Clock) -> NDArray[np.float32]:
    count = frames // CONTROL_FRAMES + 3
    at_C = np.arange(count) * float(CONTROL_FRAMES)
    if note.tick_frames is not None:
        ticks_C = note.start_tick + at_C / note.tick_frames
    else:
        ticks_C = clock.ticks_at(np.asarray(clock.frame(note.start_tick) + at_C, np.float64))
    # The release holds on to where the lane ends.
    return lane(np.minimum(ticks_C, note.end_tick - 1e-6), note.cycles, sound.rest)


def sub_events(notes: Sequence[Note], clock: Clock, origin: int, sound_at: Callable[[int], BassSound]) -> list[Event]:
    """The events of the sub bass: sines, one note at a time.

    Args:
        notes: ticks from the song's start.
        clock: the song's.
        origin: the frame of the song that is the first of what is rendered.
        sound_at: the sound that holds at a tick.
    """
    events = []
    for note in mono_notes(notes):
        sound = sound_at(note.onset_tick)
        start, end = clock.frame(note.onset_tick), clock.frame(note.end_tick)
        gain = decibels(sound.level_db) * decibels(sound.sub_db) * _SUB_LOUDNESS * velocity_gain(note.velocity) ** 0.5
        events.append(
            Event(
                start - origin,
                partial(_sine, note.pitch, end - start, sound),
                gain,
            )
        )
    return events


def _sine(pitch: int, frames: int, sound: BassSound) -> Iterator[NDArray[np.float32]]:
    release = ms_to_frames(max(sound.release_ms, 8.0))
    attack = min(ms_to_frames(max(sound.attack_ms, 4.0)), max(1, frames))
    cycles_a_frame = 440 * 2 ** ((pitch - 69) / 12) / SAMPLE_RATE
    for start in range(0, frames + release, _PIECE_FRAMES):
        count = min(_PIECE_FRAMES, frames + release - start)
        cycles_N = np.arange(count) * cycles_a_frame + start * cycles_a_frame % 1
        cycles_N -= np.rint(cycles_N)
        piece = cycles_N.astype(np.float32)
        piece *= np.float32(2 * np.pi)
        np.sin(piece, out=piece)
        gate(piece, start, attack, frames, release)
        yield piece
