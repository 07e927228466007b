"""Leads and chords: detuned oscillators as loops that hold each pitch, and an envelope over slices of them.

A loop is made of sines on the bins of one long FFT, so that nothing folds back, it closes without a seam, and a note
costs no more than reading it. The filter is in the sines' levels: one loop dark, one bright with the same phases, and
what moves between the two is a filter that moves.
"""

import functools
import zlib
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from song.notes import Note
from sound.clock import Clock
from sound.dsp.compiled import irfft
from sound.dsp.wavetables import harmonics
from sound.rates import SAMPLE_RATE
from sound.sounds import ToneSound
from sound.voices.envelopes import gate
from sound.voices.events import Event, decibels, ms_to_frames, velocity_gain

_LOOP_FRAMES = 1 << 16
_PIECE_FRAMES = 1 << 15
_KEPT_LOOPS = 64
_HIGHEST_HZ = 18_000.0
_LOUDNESS = 0.16


class Chord(Struct, frozen=True):
    """Notes that begin and end together.

    Attributes:
        pitches: MIDI note numbers 0-127.
        gains: the loudness of each.
        start_frame, frames: from the song's start, and until they end.
        open_from, open_to: places in the section, 0-1, where they begin and end.
    """

    pitches: tuple[int, ...]
    gains: tuple[float, ...]
    start_frame: int
    frames: int
    open_from: float
    open_to: float


def tone_events(
    notes: Sequence[Note],
    clock: Clock,
    origin: int,
    sound_at: Callable[[int], ToneSound],
    place_at: Callable[[int], float],
) -> list[Event]:
    """The notes' events.

    Args:
        notes: ticks from the song's start.
        clock: the song's.
        origin: the frame of the song that is the first of what is rendered.
        sound_at: the sound that holds at a tick.
        place_at: how much of its section is over at a tick, 0-1.
    """
    together: dict[tuple[int, int], list[Note]] = {}
    for note in notes:
        together.setdefault((note.onset_tick, note.duration_ticks), []).append(note)
    events = []
    for (onset, duration), chord_notes in together.items():
        sound = sound_at(onset)
        start = clock.frame(onset)
        begun = place_at(onset)
        chord = Chord(
            tuple(note.pitch + 12 * sound.octave for note in chord_notes),
            tuple(velocity_gain(note.velocity) ** 0.5 for note in chord_notes),
            start,
            clock.frame(onset + duration) - start,
            begun,
            # A note's last tick is within its section; the first behind it may not be.
            max(begun, place_at(onset + duration - 1)),
        )
        events.append(
            Event(
                start - origin,
                functools.partial(_pieces, chord, sound),
                decibels(sound.level_db) * _LOUDNESS,
                sound.room,
                sound.echo,
            )
        )
    return events


def _pieces(chord: Chord, sound: ToneSound) -> Iterator[NDArray[np.float32]]:
    """The samples of a chord, in pieces (2, n), the release behind its end among them."""
    release = ms_to_frames(sound.release_ms)
    attack = min(ms_to_frames(sound.attack_ms), max(1, chord.frames))
    frames = chord.frames + release
    for start in range(0, frames, _PIECE_FRAMES):
        count = min(_PIECE_FRAMES, frames - start)
        bright = _summed(chord, sound, sound.bright_hz, start, count)
        if sound.motion == "steady":
            piece = bright
        else:
            piece = _summed(chord, sound, sound.dark_hz, start, count)
            bright -= piece
            bright *= _motion(chord, sound, start, count)
            piece += bright
        if sound.sustain < 1:
            piece *= _decay(sound, start, count)
        gate(piece, start, attack, chord.frames, release)
        yield piece


def _motion(chord: Chord, sound: ToneSound, start: int, count: int) -> NDArray[np.float32]:
    """The brightness of each frame, (count,), 0-1."""
    if sound.motion == "fall":
        rate = 1000 / (sound.fall_ms * SAMPLE_RATE)
        return np.asarray(np.exp(np.arange(start, start + count, dtype=np.float32) * np.float32(-rate)))
    slope = (chord.open_to - chord.open_from) / max(1, chord.frames)
    place = chord.open_from + slope * np.arange(start, start + count, dtype=np.float32)
    return np.asarray(np.minimum(place, 1) ** 2, np.float32)


def _decay(sound: ToneSound, start: int, count: int) -> NDArray[np.float32]:
    rate = np.float32(1000 / (sound.decay_ms * SAMPLE_RATE))
    falling = np.arange(start, start + count, dtype=np.float32)
    falling *= -rate
    np.exp(falling, out=falling)
    falling *= np.float32(1 - sound.sustain)
    falling += np.float32(sound.sustain)
    return falling


def _summed(chord: Chord, sound: ToneSound, cutoff_hz: float, start: int, count: int) -> NDArray[np.float32]:
    """The loops of all pitches, (2, count)."""
    total = np.zeros((2, count), np.float32)
    for pitch, gain in zip(chord.pitches, chord.gains, strict=True):
        loop = tone_loop(sound.wave, sound.voices, sound.detune_cents, sound.spread, cutoff_hz, pitch)
        length = loop.shape[1]
        # Notes of one pitch do not all begin alike, and the same note begins so every time.
        at = (zlib.crc32(b"%d %d" % (pitch, chord.start_frame)) + start) % length
        done = 0
        while done < count:
            some = min(count - done, length - at)
            total[:, done : done + some] += loop[:, at : at + some] * np.float32(gain)
            done, at = done + some, 0
    return total


@functools.lru_cache(maxsize=_KEPT_LOOPS)
def tone_loop(
    wave: str, voices: int, detune_cents: float, spread: float, cutoff_hz: float, pitch: int
) -> NDArray[np.float32]:
    """A pitch held by detuned oscillators, (2, L), L about 65,536, that begins again where it ends.

    Args:
        wave: one of `sound.dsp.wavetables.SHAPES`.
        voices: oscillators, 1 or more.
        detune_cents: from the lowest to the highest.
        spread: 0-1: how far they stand from left to right.
        cutoff_hz: of a low-pass of 12 dB an octave.
        pitch: MIDI note number, 0-151.
    """
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    periods = max(1, round(_LOOP_FRAMES * hertz / SAMPLE_RATE))
    frames = _LOOP_FRAMES if voices > 1 else round(periods * SAMPLE_RATE / hertz)
    periods_exact = frames * hertz / SAMPLE_RATE if voices > 1 else periods
    chance = np.random.default_rng(pitch)
    spectrum = np.zeros((2, frames // 2 + 1), np.complex64)
    places = np.linspace(-1, 1, voices) if voices > 1 else np.zeros(1)
    amplitudes = harmonics(wave, max(1, int(_HIGHEST_HZ / hertz)))
    number = np.arange(1, len(amplitudes) + 1)
    for index, place in enumerate(places):
        ratio = 2 ** (place * detune_cents / 2400)
        bins = np.rint(number * periods_exact * ratio).astype(int)
        inside = bins < frames // 2
        filtered = amplitudes / np.sqrt(1 + (number * hertz / cutoff_hz) ** 4)
        turned = filtered * np.exp(2j * np.pi * chance.random() * number)
        # Neighbours in pitch stand on different sides, so that neither side is sharp.
        side = place * spread * (1 if index % 2 else -1)
        left, right = np.cos((side + 1) * np.pi / 4), np.sin((side + 1) * np.pi / 4)
        np.add.at(spectrum[0], bins[inside], turned[inside] * left)
        np.add.at(spectrum[1], bins[inside], turned[inside] * right)
    loop = irfft(spectrum, frames) * (frames / 2 / np.sqrt(voices) * np.sqrt(2))
    return np.asarray(loop, np.float32)
