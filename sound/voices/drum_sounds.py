"""Drums made of sines, noise and their envelopes: one function a kind, and a table from the drums of `song.drums`."""

import functools
from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from song.drums import DRUMS, canonical_drum
from sound.dsp.compiled import frequencies, irfft, rfft
from sound.rates import SAMPLE_RATE

_Sound = NDArray[np.float64]
_Make = Callable[[float, float], _Sound]

_FADE_FRAMES = 256
_BALANCE_SECONDS = 0.05
_LOOP_FRAMES = 1 << 16
_RISER_LEVEL = 0.75
"""Peaks of a riser come near to 1 by it, as those of a drum."""


def _seconds(length: float) -> _Sound:
    return np.arange(round(length * SAMPLE_RATE)) / SAMPLE_RATE


def _noise(seed: int, length: float, low_hz: float, high_hz: float, channels: int = 1) -> _Sound:
    """Noise between two frequencies, (channels, N) or (N,), its RMS 1; edges of an octave."""
    frames = round(length * SAMPLE_RATE)
    spectrum = rfft(np.random.default_rng(seed).standard_normal((channels, frames)))
    frequency = np.maximum(frequencies(frames, SAMPLE_RATE), 1.0)
    spectrum *= 1 / np.sqrt(1 + (low_hz / frequency) ** 6) / np.sqrt(1 + (frequency / high_hz) ** 6)
    noise = irfft(spectrum, frames)
    noise /= np.sqrt((noise**2).mean())
    return np.asarray(noise[0] if channels == 1 else noise)


def _swept(at: _Sound, end_hz: float, start_hz: float, fall_seconds: float) -> _Sound:
    """A sine that falls from one pitch to another, exponentially."""
    cycles = end_hz * at + (start_hz - end_hz) * fall_seconds * (1 - np.exp(-at / fall_seconds))
    return np.asarray(np.sin(2 * np.pi * cycles))


def _kick(tune: float, decay: float) -> _Sound:
    at = _seconds(0.42 * decay)
    body = _swept(at, 50 * tune, 240 * tune, 0.028) * np.exp(-at / (0.13 * decay))
    body = np.tanh(2.4 * body) / np.tanh(2.4)
    click = _noise(11, 0.42 * decay, 1500, 9000) * np.exp(-at / 0.004) * 0.25
    thump = _swept(at, 120 * tune, 900 * tune, 0.008) * np.exp(-at / 0.014) * 0.5
    return np.asarray(body + click + thump)


def _snare(tune: float, decay: float) -> _Sound:
    at = _seconds(0.38 * decay)
    body = _swept(at, 185 * tune, 330 * tune, 0.018) * np.exp(-at / (0.075 * decay))
    ring = np.sin(2 * np.pi * 332 * tune * at) * np.exp(-at / (0.045 * decay)) * 0.4
    wires = _noise(21, 0.38 * decay, 900 * tune, 13000) * np.exp(-at / (0.1 * decay)) * 0.42
    crack = _noise(22, 0.38 * decay, 2500, 16000) * np.exp(-at / 0.008) * 0.5
    return np.asarray(np.tanh(1.6 * (body + ring + wires + crack)))


def _snare_2(tune: float, decay: float) -> _Sound:
    at = _seconds(0.3 * decay)
    body = _swept(at, 220 * tune, 420 * tune, 0.012) * np.exp(-at / (0.05 * decay)) * 0.8
    wires = _noise(23, 0.3 * decay, 1800 * tune, 15000) * np.exp(-at / (0.07 * decay)) * 0.5
    return np.asarray(np.tanh(1.5 * (body + wires)))


def _clap(tune: float, decay: float) -> _Sound:
    at = _seconds(0.34 * decay)
    level = sum((at >= start) * np.exp(-np.maximum(at - start, 0) / 0.006) for start in (0.0, 0.011, 0.021))
    tail = (at >= 0.03) * np.exp(-np.maximum(at - 0.03, 0) / (0.07 * decay))
    return _noise(31, 0.34 * decay, 800 * tune, 7000 * tune, 2) * (0.32 * level + 0.42 * tail)


def _rim(tune: float, decay: float) -> _Sound:
    at = _seconds(0.09 * decay)
    tones = np.sin(2 * np.pi * 1730 * tune * at) + 0.7 * np.sin(2 * np.pi * 455 * tune * at)
    return np.asarray(np.tanh(1.5 * tones * np.exp(-at / (0.012 * decay))))


def _metal(seed: int, length: float, tune: float) -> _Sound:
    """Six sharp tones that belong to no pitch, and noise, (2, N), as of beaten metal."""
    at = _seconds(length)
    tones = np.zeros_like(at)
    for index, hertz in enumerate((4105.0, 5430.0, 6360.0, 7640.0, 9170.0, 11230.0)):
        tones += np.sin(2 * np.pi * (hertz * tune * at + 0.37 * index) + 2 * np.sin(2 * np.pi * hertz * 0.713 * at))
    return _noise(seed, length, 6500 * tune, 15000, 2) * 0.7 + 0.25 * tones


def _hat(seconds: float, seed: int) -> _Make:
    def make(tune: float, decay: float) -> _Sound:
        at = _seconds(5 * seconds * decay)
        level = 0.7 * np.exp(-at / (seconds * decay)) + 0.3 * np.exp(-at / 0.006)
        return _metal(seed, 5 * seconds * decay, tune) * level * 0.5

    return make


def _cymbal(seconds: float, seed: int, low_hz: float, ping: float) -> _Make:
    def make(tune: float, decay: float) -> _Sound:
        length = 3.5 * seconds * decay
        at = _seconds(length)
        wash = _noise(seed, length, low_hz * tune, 14000, 2) * 0.5
        wash = wash * (np.exp(-at / (seconds * decay)) + 0.6 * np.exp(-at / 0.03))
        bell = np.sin(2 * np.pi * 3115 * tune * at) + 0.6 * np.sin(2 * np.pi * 4890 * tune * at)
        return np.asarray(wash + ping * bell * np.exp(-at / (0.25 * decay)))

    return make


def _tom(hertz: float) -> _Make:
    def make(tune: float, decay: float) -> _Sound:
        at = _seconds(0.5 * decay)
        body = _swept(at, hertz * tune, 1.9 * hertz * tune, 0.03) * np.exp(-at / (0.14 * decay))
        skin = _noise(51, 0.5 * decay, 400, 5000) * np.exp(-at / 0.012) * 0.25
        return np.asarray(np.tanh(1.4 * (body + skin)))

    return make


def _conga(tune: float, decay: float) -> _Sound:
    at = _seconds(0.3 * decay)
    slap = _noise(61, 0.3 * decay, 700, 6000) * np.exp(-at / 0.006) * 0.3
    return _swept(at, 290 * tune, 350 * tune, 0.01) * np.exp(-at / (0.07 * decay)) * 0.9 + slap


def _cowbell(tune: float, decay: float) -> _Sound:
    at = _seconds(0.4 * decay)
    tones = sum(
        np.sin(2 * np.pi * hertz * tune * number * at) / number for hertz in (562.0, 845.0) for number in (1, 3, 5)
    )
    return np.asarray(tones * (np.exp(-at / (0.08 * decay)) + 0.4 * np.exp(-at / 0.01)) * 0.4)


def _shaken(seconds: float, seed: int, low_hz: float, rise: float) -> _Make:
    def make(tune: float, decay: float) -> _Sound:
        at = _seconds(6 * seconds * decay)
        level = np.minimum(1, at / rise) * np.exp(-at / (seconds * decay))
        return np.asarray(_noise(seed, 6 * seconds * decay, low_hz * tune, 14000) * level * 0.6)

    return make


def _clave(tune: float, decay: float) -> _Sound:
    at = _seconds(0.15 * decay)
    return np.asarray(np.sin(2 * np.pi * 2480 * tune * at) * np.exp(-at / (0.02 * decay)) * 0.9)


_MAKERS: Mapping[str, tuple[_Make, float, float]] = {
    "kick": (_kick, 0.0, 0.0),
    "snare": (_snare, -1.0, 1.0),
    "snare2": (_snare_2, -2.0, 1.0),
    "clap": (_clap, -2.0, 1.0),
    "rim": (_rim, -8.0, 0.7),
    "hat": (_hat(0.028, 41), -10.5, 0.0),
    "pedal": (_hat(0.02, 42), -12.5, 0.0),
    "open": (_hat(0.16, 43), -11.0, 0.2),
    "ride": (_cymbal(0.5, 44, 5000, 0.22), -13.0, 0.3),
    "bell": (_cymbal(0.4, 45, 6000, 0.6), -15.0, 0.3),
    "crash": (_cymbal(0.7, 46, 3000, 0.05), -9.0, 0.6),
    "splash": (_cymbal(0.3, 47, 4500, 0.05), -10.0, 0.6),
    "china": (_cymbal(0.5, 48, 1800, 0.08), -10.0, 0.6),
    "high-tom": (_tom(205.0), -4.0, 0.7),
    "mid-tom": (_tom(150.0), -4.0, 0.7),
    "low-tom": (_tom(110.0), -4.0, 0.7),
    "floor-tom": (_tom(82.0), -4.0, 0.5),
    "tamb": (_shaken(0.05, 62, 6000, 0.002), -14.0, 0.5),
    "cowbell": (_cowbell, -12.0, 0.5),
    "shaker": (_shaken(0.025, 63, 5000, 0.012), -14.0, 0.3),
    "conga": (_conga, -7.0, 0.6),
    "clave": (_clave, -12.0, 0.8),
}
"""By a drum's name: what makes it of a tuning and a length, its loudness in dB, and its share of the room."""
_OTHERS = "clave"
_NAMES = {drum.pitch: drum.name for drum in DRUMS}


def _balanced(sound: _Sound) -> _Sound:
    """The sound faded out, as much of it above zero as below: a sine that falls in pitch is not so by itself."""
    sound[..., -_FADE_FRAMES:] *= np.linspace(1, 0, _FADE_FRAMES)
    at = np.arange(sound.shape[-1]) / SAMPLE_RATE
    hump = at * (at[-1] - at) * np.exp(-at / _BALANCE_SECONDS)
    return np.asarray(sound - sound.sum(axis=-1, keepdims=True) / hump.sum() * hump)


def drum_name(pitch: int) -> str:
    """The name of the drum that a note sounds as: a clave for a note that is no drum, since every note is heard.

    Args:
        pitch: a MIDI note number 0-127.
    """
    drum = canonical_drum(pitch)
    return _OTHERS if drum is None else _NAMES[drum]


def drum_level_db(name: str) -> float:
    """The loudness of a drum among the others, in dB."""
    return _MAKERS[name][1]


def drum_room(name: str) -> float:
    """The share of a drum that belongs into the room, 0-1."""
    return _MAKERS[name][2]


def drum_names() -> tuple[str, ...]:
    """The names of all drums that there are sounds of."""
    return tuple(_MAKERS)


@functools.lru_cache(maxsize=64)
def drum_sound(name: str, tune_semitones: float, decay: float) -> NDArray[np.float32]:
    """A hit of a drum at full loudness, (N,) or (2, N), its highest sample 1.

    Args:
        name: of the table of `song.drums`.
        tune_semitones: up or down.
        decay: its length, 1 as it is.
    """
    sound = _balanced(_MAKERS[name][0](2 ** (tune_semitones / 12), decay))
    return np.asarray(sound / np.abs(sound).max(), np.float32)


@functools.cache
def _riser_noise() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Noise below and above 1.8 kHz, (2, 65536) each, that closes without a seam."""
    spectrum = rfft(np.random.default_rng(71).standard_normal((2, _LOOP_FRAMES)))
    low = spectrum * (frequencies(_LOOP_FRAMES, SAMPLE_RATE) < 1800)
    return tuple(irfft(part, _LOOP_FRAMES).astype(np.float32) for part in (low, spectrum - low))  # type: ignore[return-value]


def riser_pieces(frames: int) -> Iterator[NDArray[np.float32]]:
    """A rise of noise and of a tone over some frames, in pieces (2, n), that ends at its loudest."""
    low, high = _riser_noise()
    for start in range(0, frames, _LOOP_FRAMES):
        at = np.arange(start, min(start + _LOOP_FRAMES, frames))
        place = at / frames
        # From 220 Hz up three octaves; the cycles are the integral of that.
        cycles = 220 * frames / SAMPLE_RATE * (8**place - 1) / np.log(8)
        tone = 0.22 * np.sin(2 * np.pi * (cycles % 1))
        level = (0.12 + 0.88 * place**2) * np.minimum(1, at / 2048) * np.minimum(1, (frames - 1 - at) / 240)
        noise = low[:, : len(at)] * (0.25 * (1 - place)) + high[:, : len(at)] * (0.3 * place)
        yield np.asarray((noise + tone) * level * _RISER_LEVEL, np.float32)


@functools.cache
def impact_sound() -> NDArray[np.float32]:
    """A boom with a burst of noise, (2, N), as on the first beat of a drop."""
    at = _seconds(1.6)
    boom = _swept(at, 38, 110, 0.09) * np.exp(-at / 0.45)
    burst = _noise(72, 1.6, 600, 9000, 2) * np.exp(-at / 0.25) * 0.16
    sound = _balanced(boom * 0.8 + burst)
    return np.asarray(sound / np.abs(sound).max(), np.float32)
